package io.inframetrics.collect.sysstat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.Observation;
import io.inframetrics.collect.Requests;
import io.inframetrics.collect.host.HostSampler;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real {@code sadc} and {@code sadf}, and the source {@code host} beside them. {@code
 * -Dinframetrics.soak.minutes=30} lets them run longer than twenty seconds.
 */
@Tag("soak")
class RealSysstatSoakTest {

  private static final List<Path> RECORDERS =
      List.of(
          Path.of("/usr/lib/sysstat/sadc"),
          Path.of("/usr/lib64/sa/sadc"),
          Path.of("/usr/lib/sa/sadc"));

  @TempDir private Path folder;

  @Test
  void agreesWithTheSourceHost() throws Exception {
    Path recorder = recorder();
    long minutes = Long.getLong("inframetrics.soak.minutes", 0);
    long seconds = minutes == 0 ? 20 : minutes * 60;
    Path file = dayFile();
    Instant start = Instant.now();
    Map<Series, List<Double>> ofHost;
    try (HostSampler host = HostSampler.builder(Clock.systemUTC()).build()) {
      Process sadc =
          new ProcessBuilder(
                  recorder.toString(), "-S", "XDISK", "1", String.valueOf(seconds), file.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      host.start(Duration.ofSeconds(1));
      assertThat(sadc.waitFor()).isZero();
      ofHost = values(host.collectors(), start);
    }
    Map<Series, List<Double>> ofSysstat = ofSysstat(start);

    Map<Series, List<Double>> both = new TreeMap<>(ofSysstat);
    both.keySet().retainAll(ofHost.keySet());
    assertThat(both.keySet().stream().map(Series::type).collect(Collectors.toSet()))
        .as("the series have the same names: %s and %s", ofSysstat.keySet(), ofHost.keySet())
        .containsExactlyInAnyOrderElementsOf(MetricType.builtIn());
    both.forEach(
        (series, values) -> {
          double sysstat = mean(values);
          double host = mean(ofHost.getOrDefault(series, List.of()));
          System.out.printf("%s: sysstat %.3f, host %.3f%n", series, sysstat, host);
          assertThat(values).as(series.id()).hasSizeGreaterThan((int) (seconds / 2));
          assertThat(sysstat).as(series.id()).isCloseTo(host, within(bound(series.type(), host)));
        });
  }

  @Test
  void readsPackedFilesAsWell() throws Exception {
    Path recorder = recorder();
    Path file = dayFile();
    Instant start = Instant.now();
    run(recorder.toString(), "-S", "XDISK", "1", "4", file.toString());
    Map<Series, List<Double>> plain = ofSysstat(start);
    assertThat(plain).isNotEmpty();
    for (String packer : List.of("gzip", "bzip2", "xz")) {
      try {
        run(packer, file.toString());
      } catch (IOException e) {
        System.out.println(packer + " is not installed, so its files are not tried: " + e);
        continue;
      }
      assertThat(file).doesNotExist();
      assertThat(ofSysstat(start)).as(packer).isEqualTo(plain);
      run(packer, "-d", packed(file, packer).toString());
    }
  }

  private static Path packed(Path file, String packer) {
    String suffix = packer.equals("xz") ? ".xz" : packer.equals("gzip") ? ".gz" : ".bz2";
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }

  private static Path recorder() {
    Path recorder =
        RECORDERS.stream().filter(Files::isExecutable).findFirst().orElse(Path.of("none"));
    Assumptions.assumeTrue(
        Files.isExecutable(recorder),
        "sysstat is not installed: the real sadc and sadf are not tried");
    return recorder;
  }

  private Path dayFile() {
    return folder.resolve("sa" + DateTimeFormatter.ofPattern("uuuuMMdd").format(LocalDate.now()));
  }

  private Map<Series, List<Double>> ofSysstat(Instant since) throws Exception {
    return values(
        new SysstatCollectorFactory()
            .create(
                new CollectorSettings(
                    "sysstat", Map.of("directory", folder.toString()), Clock.systemUTC())),
        since);
  }

  /** What noise and rounding may make of means over the same time. */
  private static double bound(MetricType type, double host) {
    if (type.equals(MetricType.DISK_USAGE)) {
      return 0.1; // The percentages of sadf have two decimals.
    }
    if (type.equals(MetricType.NETWORK_TRAFFIC)) {
      return 0.05 + host / 5;
    }
    return type.equals(MetricType.MEMORY_USAGE) ? 1 : 5;
  }

  private static Map<Series, List<Double>> values(List<MetricCollector> collectors, Instant since)
      throws Exception {
    Map<Series, List<Double>> values = new TreeMap<>();
    for (MetricCollector collector : collectors) {
      for (Observation each :
          Requests.collect(collector, Requests.window(since.minusSeconds(2), Instant.now()))) {
        values.computeIfAbsent(each.series(), series -> new ArrayList<>()).add(each.value());
      }
    }
    return values;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }
}
