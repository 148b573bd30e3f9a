package io.inframetrics.collect.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricCollectorFactory;
import io.inframetrics.collect.Observation;
import io.inframetrics.collect.Requests;
import io.inframetrics.collect.host.HostSampler;
import io.inframetrics.collect.sysstat.SysstatCollectorFactory;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.RetryableFailureException;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real node exporter, a real Prometheus server that scrapes it, a real sysstat, and this
 * machine's own collectors look at the same machine at the same time: they agree. {@code
 * -Dinframetrics.soak.minutes=30} lets them run longer than forty seconds.
 */
@Tag("soak")
class RealPrometheusSoakTest {

  /** Whatever is measured is at most this far apart when all of it is the same. */
  private static final Map<MetricType, Double> ROUNDING =
      Map.of(
          MetricType.CPU_UTILIZATION, 1.0,
          MetricType.MEMORY_USAGE, 0.5,
          MetricType.DISK_USAGE, 0.1,
          MetricType.NETWORK_TRAFFIC, 0.05);

  @TempDir private Path folder;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void stop() throws InterruptedException {
    for (Process process : processes) {
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  /** Values of one series by the time that they end, from one source. */
  private static final class Values {

    private final NavigableMap<Instant, Double> byTime = new TreeMap<>();

    /** The mean over a time, in which each value counts as long as the one before it is ago. */
    double mean(Instant from, Instant to) {
      double sum = 0;
      double seconds = 0;
      Instant last = null;
      for (Map.Entry<Instant, Double> value : byTime.entrySet()) {
        Instant start = last == null ? value.getKey().minusSeconds(1) : last;
        last = value.getKey();
        double share = overlap(start, last, from, to);
        sum += share * value.getValue();
        seconds += share;
      }
      return sum / seconds;
    }

    private static double overlap(Instant start, Instant end, Instant from, Instant to) {
      Instant later = start.isAfter(from) ? start : from;
      Instant sooner = end.isBefore(to) ? end : to;
      return Math.max(0, Duration.between(later, sooner).toNanos() / 1e9);
    }

    double range() {
      return byTime.values().stream().mapToDouble(value -> value).max().orElse(0)
          - byTime.values().stream().mapToDouble(value -> value).min().orElse(0);
    }
  }

  @Test
  void allSourcesAgreeAboutThisMachine() throws Exception {
    String sadc =
        Stream.of("/usr/lib/sysstat/sadc", "/usr/lib64/sa/sadc", "/usr/lib/sa/sadc")
            .filter(file -> Files.isExecutable(Path.of(file)))
            .findFirst()
            .orElse("");
    Assumptions.assumeTrue(
        isInstalled("prometheus") && isInstalled("prometheus-node-exporter") && !sadc.isEmpty(),
        "prometheus, prometheus-node-exporter and sysstat are not all installed: the real ones are not tried");
    long minutes = Long.getLong("inframetrics.soak.minutes", 0);
    long seconds = minutes == 0 ? 40 : minutes * 60;
    int exporterPort = freePort();
    int serverPort = freePort();
    start(
        "prometheus-node-exporter",
        "--web.listen-address=127.0.0.1:" + exporterPort,
        "--log.level=error");
    Path config = folder.resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 1s, scrape_timeout: 1s}
        scrape_configs:
          - job_name: node
            static_configs: [{targets: ['127.0.0.1:%d']}]
        """
            .formatted(exporterPort));
    start(
        "prometheus",
        "--config.file=" + config,
        "--storage.tsdb.path=" + folder.resolve("data"),
        "--web.listen-address=127.0.0.1:" + serverPort,
        "--log.level=error");
    awaitPort(exporterPort);
    awaitPort(serverPort);
    Path days = Files.createDirectory(folder.resolve("sa"));
    Path day = days.resolve("sa" + DateTimeFormatter.ofPattern("uuuuMMdd").format(LocalDate.now()));
    start(sadc, "-S", "XDISK", "1", String.valueOf(seconds + 5), day.toString());

    List<MetricCollector> scraping =
        collectors(
            new ScrapeCollectorFactory(),
            Map.of("targets", "127.0.0.1:" + exporterPort, "between", "PT0.2S"));
    Map<String, Map<String, Values>> bySource = new TreeMap<>();
    List<String> late = new ArrayList<>();
    Instant started = Instant.now();
    try (HostSampler host = HostSampler.builder(Clock.systemUTC()).build()) {
      host.start(Duration.ofSeconds(1));
      for (long second = 1; second <= seconds; second++) {
        long wait = Duration.between(Instant.now(), started.plusSeconds(second)).toMillis();
        Thread.sleep(Math.max(0, wait));
        Instant now = Instant.now();
        try {
          add(bySource, "scrape", scraping, now.minusSeconds(30), now);
        } catch (RetryableFailureException e) {
          late.add(String.valueOf(e.getMessage())); // As may happen on a busy machine.
        }
      }
      assertThat(late).as("of %d scrapes", seconds).hasSizeLessThan((int) seconds / 4);
      Instant end = Instant.now();
      Thread.sleep(2_000); // What was measured then has arrived.
      add(bySource, "host", host.collectors(), started.minusSeconds(2), end);
      add(
          bySource,
          "prometheus",
          collectors(
              new PrometheusCollectorFactory(), Map.of("url", "http://127.0.0.1:" + serverPort)),
          started.minusSeconds(2),
          end);
      add(
          bySource,
          "sysstat",
          collectors(new SysstatCollectorFactory(), Map.of("directory", days.toString())),
          started.minusSeconds(2),
          end);
      compare(bySource, started.plusSeconds(5), end.minusSeconds(2));
    }
  }

  private static void compare(Map<String, Map<String, Values>> bySource, Instant from, Instant to) {
    double seconds = Duration.between(from, to).toMillis() / 1e3;
    Map<String, Values> first = bySource.get("host");
    assertThat(bySource.keySet()).containsExactly("host", "prometheus", "scrape", "sysstat");
    for (MetricType type : MetricType.builtIn()) {
      List<String> everywhere =
          first.keySet().stream()
              .filter(series -> series.startsWith(type.name()))
              .filter(series -> bySource.values().stream().allMatch(own -> own.containsKey(series)))
              .toList();
      assertThat(everywhere)
          .as(
              "series of %s that all have: %s",
              type, bySource.values().stream().map(Map::keySet).toList())
          .isNotEmpty();
      for (String series : everywhere) {
        double reference = first.get(series).mean(from, to);
        double range =
            bySource.values().stream()
                .mapToDouble(own -> own.get(series).range())
                .max()
                .orElseThrow();
        // Each source cuts time into seconds of its own, so at both ends one may be another's; and
        // a
        // gauge is read at another moment of the second.
        double bound = ROUNDING.get(type) + 3 * range / seconds + 0.02 * Math.abs(reference);
        bySource.forEach(
            (source, own) -> {
              double mean = own.get(series).mean(from, to);
              System.out.printf(
                  "%s: %s %.3f (%d values), host %.3f, bound %.3f%n",
                  series, source, mean, own.get(series).byTime.size(), reference, bound);
              assertThat(mean).as("%s of %s", series, source).isCloseTo(reference, within(bound));
            });
      }
    }
  }

  private static List<MetricCollector> collectors(
      MetricCollectorFactory factory, Map<String, String> settings) {
    return factory.create(new CollectorSettings(factory.name(), settings, Clock.systemUTC()));
  }

  /** Series by type and dimensions: each source names the instance in its own way. */
  private static void add(
      Map<String, Map<String, Values>> bySource,
      String source,
      Collection<MetricCollector> collectors,
      Instant from,
      Instant to)
      throws Exception {
    Map<String, Values> all = bySource.computeIfAbsent(source, none -> new TreeMap<>());
    for (MetricCollector collector : collectors) {
      for (Observation each : Requests.collect(collector, Requests.window(from, to))) {
        all.computeIfAbsent(
                each.series().type() + " " + each.series().dimensions(), none -> new Values())
            .byTime
            .put(each.timestamp(), each.value());
      }
    }
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private void start(String... command) throws IOException {
    processes.add(
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitPort(int port) throws InterruptedException {
    for (int attempt = 0; attempt < 300; attempt++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(socket.isConnected()).isTrue();
        return;
      } catch (IOException e) {
        Thread.sleep(100); // Not yet.
      }
    }
    throw new AssertionError("nothing listens on port " + port);
  }
}
