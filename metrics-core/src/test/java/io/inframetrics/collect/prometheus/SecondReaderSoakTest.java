package io.inframetrics.collect.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.collect.prometheus.PageParser.Format;
import io.inframetrics.collect.prometheus.ScrapedPage.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prometheus's own Python client reads the same pages and finds the same samples: recorded ones and
 * random ones, in both formats.
 */
@Tag("soak")
class SecondReaderSoakTest {

  private static final int RANDOM_PAGES = 300;

  /** Prints the samples of each page: name, labels as pairs of hexadecimal texts, value, time. */
  private static final String READER =
      """
      import sys
      from prometheus_client.parser import text_string_to_metric_families as text
      from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
      def hexed(s): return s.encode('utf-8').hex()
      for path in sys.argv[1:]:
          page = open(path, encoding='utf-8', newline='').read()
          print('page ' + path)
          for family in (openmetrics if path.endswith('.om') else text)(page):
              for s in family.samples:
                  labels = ','.join(sorted(hexed(k) + '=' + hexed(v) for k, v in s.labels.items() if v))
                  time = '-' if s.timestamp is None else str(round(float(s.timestamp) * 1000))
                  print(s.name, '{' + labels + '}', float(s.value).hex(), time)
      """;

  @TempDir private Path folder;

  @Test
  void findsTheSameSamples() throws Exception {
    String python = python();
    Assumptions.assumeFalse(
        python.isEmpty(),
        "python3 and its prometheus_client are not installed: no second reader is tried");
    long seed = System.nanoTime();
    System.out.println("SecondReaderSoakTest: seed " + seed);
    Random random = new Random(seed);
    Map<String, String> pages = new TreeMap<>();
    pages.put("node-exporter.txt", Pages.text("node-exporter.txt"));
    pages.put("java.txt", Pages.text("java-client-text.txt"));
    pages.put("java.om", Pages.text("java-client-openmetrics.txt"));
    for (int page = 0; page < RANDOM_PAGES; page++) {
      boolean openMetrics = random.nextBoolean();
      pages.put(page + (openMetrics ? ".om" : ".txt"), page(random, openMetrics));
    }
    Map<String, List<String>> theirs = readByPython(python, pages);

    for (Map.Entry<String, String> page : pages.entrySet()) {
      assertThat(ours(page.getValue(), page.getKey().endsWith(".om")))
          .as("seed %d, page %s:%n%s", seed, page.getKey(), page.getValue())
          .containsExactlyInAnyOrderElementsOf(theirs.get(page.getKey()));
    }
  }

  /** The first Python that has the client; empty if none has. The system's may not be the first. */
  private static String python() throws InterruptedException {
    for (String python : List.of("python3", "/usr/bin/python3")) {
      try {
        Process trial =
            new ProcessBuilder(python, "-c", "import prometheus_client.openmetrics.parser")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (trial.waitFor() == 0) {
          return python;
        }
      } catch (IOException e) {
        System.out.println(python + " is not there: " + e.getMessage());
      }
    }
    return "";
  }

  private Map<String, List<String>> readByPython(String python, Map<String, String> pages)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(python, "-c", READER));
    for (Map.Entry<String, String> page : pages.entrySet()) {
      Files.writeString(folder.resolve(page.getKey()), page.getValue());
      command.add(folder.resolve(page.getKey()).toString());
    }
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    Map<String, List<String>> samples = new TreeMap<>();
    List<String> current = new ArrayList<>();
    for (String line : Files.readAllLines(output)) {
      if (line.startsWith("page ")) {
        current = new ArrayList<>();
        samples.put(Path.of(line.substring(5)).getFileName().toString(), current);
      } else {
        current.add(hex(line));
      }
    }
    return samples;
  }

  /** Python and Java write the bits of a number differently, so it is read again. */
  private static String hex(String line) {
    String[] fields = line.split(" ");
    String number =
        switch (fields[2]) {
          case "nan" -> "NaN";
          case "inf" -> "Infinity";
          case "-inf" -> "-Infinity";
          default -> fields[2];
        };
    return "%s %s %s %s".formatted(fields[0], fields[1], Double.parseDouble(number), fields[3]);
  }

  private static List<String> ours(String page, boolean openMetrics) throws IOException {
    Set<String> names = new TreeSet<>();
    page.lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .forEach(line -> names.add(line.split("[ {\\t]", 2)[0]));
    List<String> samples = new ArrayList<>();
    for (Sample sample :
        Pages.read(
            page.getBytes(StandardCharsets.UTF_8),
            openMetrics ? Format.OPEN_METRICS : Format.TEXT,
            3,
            names)) {
      TreeSet<String> labels = new TreeSet<>();
      sample.key().labels().forEach((name, value) -> labels.add(hexed(name) + "=" + hexed(value)));
      samples.add(
          "%s {%s} %s %s"
              .formatted(
                  sample.key().metric(),
                  String.join(",", labels),
                  sample.value(),
                  sample.timestamp() == PageParser.NO_TIMESTAMP ? "-" : sample.timestamp()));
    }
    return samples;
  }

  private static String hexed(String text) {
    StringBuilder hex = new StringBuilder();
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      hex.append(String.format("%02x", each));
    }
    return hex.toString();
  }

  /** A page of gauges as exporters write them, with all that labels and numbers may have. */
  private static String page(Random random, boolean openMetrics) {
    StringBuilder page = new StringBuilder();
    int families = 1 + random.nextInt(5);
    for (int family = 0; family < families; family++) {
      String name = "metric_" + family + (random.nextBoolean() ? ":x" : "");
      page.append("# HELP ").append(name).append(" A \\\\ help, with \\n in it.\n");
      page.append("# TYPE ").append(name).append(" gauge\n");
      boolean timestamps = random.nextBoolean();
      int samples = 1 + random.nextInt(6);
      for (int sample = 0; sample < samples; sample++) {
        page.append(name).append("{n=\"").append(sample).append('"');
        int labels = random.nextInt(4);
        for (int label = 0; label < labels; label++) {
          page.append(",l").append(label).append("=\"").append(text(random)).append('"');
        }
        page.append("} ").append(number(random));
        if (timestamps) {
          long millis = 1_795_000_000_000L + random.nextInt(1_000_000_000);
          page.append(' ')
              .append(
                  openMetrics
                      ? "%d.%03d".formatted(millis / 1_000, millis % 1_000)
                      : String.valueOf(millis));
        }
        page.append('\n');
      }
    }
    return page.append(openMetrics ? "# EOF\n" : "").toString();
  }

  private static String text(Random random) {
    String[] parts = {
      "a",
      "Z",
      " ",
      "{",
      "}",
      ",",
      "=",
      "#",
      "\\\\",
      "\\\"",
      "\\n",
      "/dev/sda1",
      "ü",
      "日本",
      "𝒳",
      "'",
      "0.5",
      "+Inf"
    };
    StringBuilder text = new StringBuilder();
    for (int part = random.nextInt(6); part > 0; part--) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    return text.toString();
  }

  private static String number(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> String.valueOf(random.nextInt(1_000));
      case 1 -> String.valueOf(random.nextLong());
      case 2 -> String.format(Locale.ROOT, "%.17g", random.nextDouble());
      case 3 -> String.format(Locale.ROOT, "%e", random.nextDouble() * 1e12);
      case 4 -> String.format(Locale.ROOT, "%E", random.nextGaussian() * 1e-9);
      case 5 -> new String[] {"NaN", "+Inf", "-Inf"}[random.nextInt(3)];
      case 6 -> String.format(Locale.ROOT, "-%.3f", random.nextDouble() * 1e6);
      default -> String.valueOf(random.nextDouble() * 1e9);
    };
  }
}
