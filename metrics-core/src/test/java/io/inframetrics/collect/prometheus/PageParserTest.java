package io.inframetrics.collect.prometheus;

import static io.inframetrics.collect.prometheus.PageParser.NO_TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.collect.prometheus.PageParser.Format;
import io.inframetrics.collect.prometheus.PageParser.MalformedPageException;
import io.inframetrics.collect.prometheus.ScrapedPage.Sample;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageParserTest {

  @Test
  void readsANodeExportersPage() throws MalformedPageException {
    List<Sample> samples =
        Pages.read(
            Pages.text("node-exporter.txt"),
            "node_cpu_seconds_total",
            "node_memory_MemAvailable_bytes",
            "node_filesystem_size_bytes",
            NodeExporter.SPEED);

    assertThat(samples).hasSize(16 + 1 + 2 + 1);
    assertThat(samples)
        .contains(
            sample("node_cpu_seconds_total", 1711.62, Map.of("cpu", "0", "mode", "idle")),
            sample("node_memory_MemAvailable_bytes", 24117739520.0, Map.of()),
            sample(
                "node_filesystem_size_bytes",
                270553174016.0,
                Map.of("device", "/dev/vda", "fstype", "ext4", "mountpoint", "/")),
            sample(NodeExporter.SPEED, -125000, Map.of("device", "eth0")));
  }

  @Test
  void readsTheSameFromBothFormatsOfOneApplication() throws MalformedPageException {
    String[] names = {
      "app_info",
      "cpu_usage_ratio",
      "disk_read_bytes_total",
      "http_requests_total",
      "job_duration_seconds",
      "job_duration_seconds_count",
      "request_duration_seconds_bucket",
      "request_duration_seconds_sum",
      "feature"
    };
    List<Sample> text = Pages.read(Pages.text("java-client-text.txt"), names);
    List<Sample> openMetrics =
        Pages.readOpenMetrics(
            Pages.text("java-client-openmetrics.txt").stripTrailing() + "\n", names);

    assertThat(openMetrics).isEqualTo(text);
    assertThat(text)
        .contains(
            // Java writes exponents with a capital E.
            sample("disk_read_bytes_total", 12345678901.0, Map.of()),
            sample("cpu_usage_ratio", 1e-6, Map.of()),
            sample(
                "http_requests_total",
                3,
                Map.of("method", "POST", "path", "/quote\"back\\slash\nline")),
            sample("request_duration_seconds_bucket", 2, Map.of("le", "+Inf")));
  }

  @Test
  void readsNotANumberAndInfinity() throws MalformedPageException {
    assertThat(Pages.read("a NaN\na nan\na +Inf\na inf\na -Inf\na +infinity\n", "a"))
        .extracting(Sample::value)
        .containsExactly(
            Double.NaN,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY);
  }

  @Test
  void readsTimestampsInTheUnitOfTheFormat() throws MalformedPageException {
    assertThat(Pages.read("a 1 1795806340414\na 2 -5\na 3\n", "a"))
        .extracting(Sample::timestamp)
        .containsExactly(1795806340414L, -5L, NO_TIMESTAMP);
    assertThat(Pages.readOpenMetrics("a 1 1795806340.414\na 2\n# EOF\n", "a"))
        .extracting(Sample::timestamp)
        .containsExactly(1795806340414L, NO_TIMESTAMP);
  }

  @Test
  void readsASampleBesideItsExemplar() throws MalformedPageException {
    assertThat(
            Pages.readOpenMetrics(
                """
                # TYPE a histogram
                a_bucket{le="0.1"} 8 # {trace_id="KOO5S4vxi0o"} 0.067
                a_bucket{le="+Inf"} 9 1795806340.5 # {trace_id="x",span="# }"} 9.8 1520879607.789
                # EOF
                """,
                "a_bucket"))
        .containsExactly(
            sample("a_bucket", 8, Map.of("le", "0.1")),
            new Sample(new RawSeries.Key("a_bucket", Map.of("le", "+Inf")), 9, 1795806340500L));
  }

  @Test
  void readsWhatOtherProducersWriteDifferently() throws MalformedPageException {
    String page =
        """
        # just a comment
        #
        \t a { x = "1" , } 5
        # HELP b with } and " and {
        # TYPE\tb\tgauge
        b\t6\t1000

        b{empty="",odd="\\q\\n"} 7""";

    assertThat(Pages.read(page, "a", "b"))
        .containsExactly(
            sample("a", 5, Map.of("x", "1")),
            new Sample(new RawSeries.Key("b", Map.of()), 6, 1000),
            sample("b", 7, Map.of("odd", "\\q\n")));
  }

  @Test
  void leavesOutCreatedSeriesBecauseNobodyWantsThem() throws MalformedPageException {
    assertThat(
            Pages.read(
                "a_total{x=\"1\"} 5\na_created{x=\"1\"} 1.7E9\na_total{x=\"2\"} 6\n", "a_total"))
        .extracting(Sample::value)
        .containsExactly(5.0, 6.0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a 1\\n<html>\\n | line 2 '<html>' does not start with the name of a metric",
        "9a 1 | does not start with the name of a metric",
        "a | line 1 'a' has a value that is not a number: write one such as 1.5e+09, NaN or +Inf",
        "a 1,5 | has a value that is not a number",
        "a 0x1p3 | has a value that is not a number",
        "a 1_000 | has a value that is not a number",
        "a 1.2.3 | has a value that is not a number",
        "a +NaN | has a value that is not a number",
        "a . | has a value that is not a number",
        "a 1e | has an exponent without digits",
        "a 1\\r\\n | ends with a carriage return: end lines with a line feed only",
        "a{b=\"c\" 5 | has neither , nor } after a label",
        "a{b=\"c 5\\n | has a label value without a closing quote",
        "a{b=\"c\\\\\\n\"} 5\\n | has a label value without a closing quote",
        "a{b=c} 5 | has a label value without quotes",
        "a{b} 5 | has no = after a label's name",
        "a{b:c=\"d\"} 5 | has no = after a label's name",
        "a{1b=\"d\"} 5 | has a wrong label name",
        "a{b=\"c\",b=\"d\"} 5 | has the label 'b' twice: write it once",
        "a 1 1.5 | has a wrong timestamp: write whole milliseconds since 1970",
        "a 1 2 3 | has more than a value and a timestamp",
        "a 1 # {} 1 | has more than a value and a timestamp",
        "other b 1 | has a value that is not a number",
        "# TYPE a count | has an unknown type: write one of counter, gauge, histogram, summary, untyped",
        "# TYPE 9 gauge | does not name a metric",
        "# HELP | NONE",
      })
  void rejectsAWrongLineWithOneSentence(String page, String sentence) throws Exception {
    String text = page.replace("\\n", "\n").replace("\\r", "\r").replace("\\\\", "\\");
    if (sentence.equals("NONE")) {
      assertThat(Pages.read(text, "a")).isEmpty();
      return;
    }
    assertThatThrownBy(() -> Pages.read(text, "a"))
        .isInstanceOf(MalformedPageException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void rejectsBytesThatAreNotUtf8EvenWhereNobodyWantsThem() {
    byte[] page = {'x', '{', 'y', '=', '"', '\\', (byte) 0xff, '"', '}', ' ', '1', '\n'};

    assertThatThrownBy(() -> Pages.read(page, Format.TEXT, 1, List.of("a")))
        .isInstanceOf(MalformedPageException.class)
        .hasMessageContaining("has a label value that is not UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a 1\\n | the page ends after line 1 without the line '# EOF': it was cut off",
        "a 1\\n# EOF\\na 2\\n | line 3 'a 2' follows '# EOF', which must be the last line",
        "a 1 # x\\n# EOF\\n | has no { in its exemplar",
        "a 1 NaN\\n# EOF\\n | has a timestamp that is not finite",
        "# TYPE a untyped\\n# EOF\\n | has an unknown type",
      })
  void rejectsAWrongOpenMetricsPage(String page, String sentence) {
    assertThatThrownBy(() -> Pages.readOpenMetrics(page.replace("\\n", "\n"), "a"))
        .isInstanceOf(MalformedPageException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void rejectsALastLineThatMayHaveBeenCutOff() throws MalformedPageException {
    PageParser parser =
        new PageParser(
            Format.TEXT, new WantedNames(List.of("a")), (name, labels, value, time) -> {});
    parser.feed(ByteBuffer.wrap("a 1\na 12".getBytes(StandardCharsets.UTF_8)));

    assertThatThrownBy(() -> parser.finish(false))
        .isInstanceOf(MalformedPageException.class)
        .hasMessageContaining("line 2 'a 12' has no line feed at its end");
  }

  @Test
  void acceptsTheLongestLineAndNoLonger() throws MalformedPageException {
    String longest = "a{b=\"" + "c".repeat(PageParser.MAX_LINE - 9) + "\"} 1";

    assertThat(longest).hasSize(PageParser.MAX_LINE);
    assertThat(Pages.read(longest + "\na 2\n", "a")).hasSize(2);
    assertThatThrownBy(() -> Pages.read("a 2\n" + longest + "1\n", "a"))
        .isInstanceOf(MalformedPageException.class)
        .hasMessageContaining("is longer than 65536 bytes")
        .hasMessageStartingWith("line 2 'a{b=\"ccc")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 7, 1_000, 31_000})
  void readsTheSameHoweverThePageArrives(int parts) throws MalformedPageException {
    byte[] page = Pages.recorded("node-exporter.txt");
    List<String> names = List.of("node_cpu_seconds_total", "node_filesystem_avail_bytes");

    assertThat(Pages.read(page, Format.TEXT, parts, names))
        .isEqualTo(Pages.read(page, Format.TEXT, 1, names));
  }

  @Test
  void readsNumbersExactly() throws MalformedPageException {
    long seed = 20261128;
    Random random = new Random(seed);
    StringBuilder page = new StringBuilder();
    List<Double> expected = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      String number = number(random);
      page.append("a ").append(number).append('\n');
      expected.add(Double.parseDouble(number));
    }
    List<String> special =
        List.of(
            "0",
            "-0",
            "1e22",
            "1e23",
            "9007199254740993",
            "4.9E-324",
            "1e-400",
            "1e400",
            "123456789012345678901234567890",
            "0.000000000000000000000000000001",
            "1.",
            ".5",
            "00000000000000000000000000012",
            "2.2250738585072011e-308");
    for (String number : special) {
      page.append("a ").append(number).append('\n');
      expected.add(Double.parseDouble(number));
    }

    assertThat(Pages.read(page.toString(), "a")).extracting(Sample::value).isEqualTo(expected);
  }

  private static String number(Random random) {
    double value = Double.longBitsToDouble(random.nextLong());
    return switch (random.nextInt(5)) {
      case 0 -> Double.isFinite(value) ? Double.toString(value) : "1";
      case 1 -> Long.toString(random.nextLong());
      case 2 -> String.format(Locale.ROOT, "%.3f", random.nextDouble() * 1e6);
      // As Go writes it.
      case 3 -> String.format(Locale.ROOT, "%.9e", random.nextDouble() * 1e12);
      default ->
          random.nextInt(100_000)
              + "."
              + random.nextInt(1_000_000)
              + "E"
              + (random.nextInt(60) - 30);
    };
  }

  @Test
  void answersAnyPageWithSamplesOrOneSentence() throws Exception {
    mutate(20261128, 800);
  }

  @Tag("soak")
  @Test
  void answersAnyPageWithSamplesOrOneSentenceForAMinute() throws Exception {
    long seed = System.nanoTime();
    System.out.println("PageParserTest: seed " + seed);
    long end = System.nanoTime() + 45_000_000_000L;
    for (int round = 0; System.nanoTime() < end; round++) {
      mutate(seed + round, 3_000);
    }
  }

  /**
   * Changes recorded pages at random; what is accepted must be what a slow and simple reader, a
   * regular expression for a line, makes of it.
   */
  private static void mutate(long seed, int pages) throws Exception {
    Random random = new Random(seed);
    String[] lines = Pages.text("node-exporter.txt").split("\n", -1);
    String[] others = Pages.text("java-client-text.txt").split("\n", -1);
    byte[] alphabet = "\n\n \t{}\"\"\\,=#eE+-.0159aN_:\u00e4\r".getBytes(StandardCharsets.UTF_8);
    int accepted = 0;
    for (int i = 0; i < pages; i++) {
      StringBuilder text = new StringBuilder();
      for (int line = random.nextInt(6); line >= 0; line--) {
        String[] from = random.nextBoolean() ? lines : others;
        text.append(from[random.nextInt(from.length)]).append('\n');
      }
      byte[] page = text.toString().getBytes(StandardCharsets.UTF_8);
      for (int change = random.nextInt(3); change > 0 && page.length > 0; change--) {
        page[random.nextInt(page.length)] = alphabet[random.nextInt(alphabet.length)];
      }
      String because =
          "seed " + seed + " page " + i + ": " + new String(page, StandardCharsets.UTF_8);
      List<String> names = List.of("node_cpu_seconds_total", "http_requests_total");
      List<Sample> samples;
      try {
        samples = Pages.read(page, Format.TEXT, 1 + random.nextInt(4), names);
        accepted++;
      } catch (MalformedPageException e) {
        assertThat(e.getMessage()).as(because).startsWith("line ").doesNotContain("\n");
        assertThat(e.getMessage().length()).as(because).isLessThan(250);
        continue;
      }
      assertThat(samples)
          .as(because)
          .isEqualTo(slowly(new String(page, StandardCharsets.UTF_8), names));
    }
    assertThat(accepted).isBetween(pages / 10, pages);
  }

  private static final Pattern LINE =
      Pattern.compile(
          "[ \\t]*([a-zA-Z_:][\\w:]*)[ \\t]*(?:\\{(.*)\\})?[ \\t]*(\\S+)(?:[ \\t]+([-+]?\\d+))?[ \\t]*",
          Pattern.DOTALL);
  private static final Pattern ONE_LABEL =
      Pattern.compile(
          "[ \\t]*(\\w+)[ \\t]*=[ \\t]*\"((?:\\\\.|[^\\\\\"])*)\"[ \\t]*,?", Pattern.DOTALL);

  private static List<Sample> slowly(String page, List<String> names) {
    List<Sample> samples = new ArrayList<>();
    for (String line : page.split("\n", -1)) {
      if (line.isBlank() || line.strip().startsWith("#")) {
        continue;
      }
      Matcher matcher = LINE.matcher(line);
      assertThat(matcher.matches()).as(line).isTrue();
      if (names.contains(matcher.group(1))) {
        Map<String, String> labels = new HashMap<>();
        Matcher label = ONE_LABEL.matcher(matcher.group(2) == null ? "" : matcher.group(2));
        while (label.find()) {
          String value =
              label
                  .group(2)
                  .replace("\\\\", "\0")
                  .replace("\\n", "\n")
                  .replace("\\\"", "\"")
                  .replace("\0", "\\");
          if (!value.isEmpty()) {
            labels.put(label.group(1), value);
          }
        }
        samples.add(
            new Sample(
                new RawSeries.Key(matcher.group(1), labels),
                Double.parseDouble(matcher.group(3)),
                matcher.group(4) == null ? NO_TIMESTAMP : Long.parseLong(matcher.group(4))));
      }
    }
    return samples;
  }

  private static Sample sample(String metric, double value, Map<String, String> labels) {
    return new Sample(new RawSeries.Key(metric, labels), value, NO_TIMESTAMP);
  }
}
