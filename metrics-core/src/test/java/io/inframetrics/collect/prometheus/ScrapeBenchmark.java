package io.inframetrics.collect.prometheus;

import com.sun.net.httpserver.HttpServer;
import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Processor time per scraped sample, ours beside that of the Prometheus server's own scrapes. Both
 * read the same pages at the same time, each page once a second, from a server in a third process.
 * The Prometheus server also stores what it reads. Times come from {@code /proc}, so all threads of
 * a process count: compilers and garbage collectors too. Needs Linux and {@code prometheus} on the
 * path.
 *
 * <p>Arguments: seconds to measure (default 60), targets (default 20).
 */
public final class ScrapeBenchmark {

  private static final Duration WARM_UP = Duration.ofSeconds(15);

  /** Scrapes before the measurement, so that the compilers are done. */
  private static final int EARLIER_SCRAPES = 10_000;

  /** Of USER_HZ, the unit of times in {@code /proc}, on every Linux that Java runs on. */
  private static final double TICKS_A_SECOND = 100;

  private ScrapeBenchmark() {}

  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals("serve")) {
      serve();
      return;
    }
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 60;
    int targets = args.length > 1 ? Integer.parseInt(args[1]) : 20;
    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Headers and page leave at once, not 40 ms apart.
                "-Dsun.net.httpserver.nodelay=true",
                "-cp",
                System.getProperty("java.class.path"),
                ScrapeBenchmark.class.getName(),
                "serve")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Path folder = Files.createTempDirectory("scrape-benchmark");
    Process prometheus = null;
    try {
      int port = Integer.parseInt(server.inputReader().readLine());
      List<String> hosts =
          // Each its own address of the loopback network, so that both see as many machines.
          IntStream.rangeClosed(1, targets).mapToObj(i -> "127.0.0." + i + ":" + port).toList();
      prometheus = prometheus(folder, hosts);
      measure(prometheus, hosts, seconds);
    } finally {
      if (prometheus != null) {
        prometheus.destroy();
        prometheus.waitFor(20, TimeUnit.SECONDS);
      }
      server.destroy();
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void measure(Process prometheus, List<String> hosts, int seconds)
      throws Exception {
    List<MetricCollector> collectors =
        new ScrapeCollectorFactory()
            .create(
                new CollectorSettings(
                    "scrape",
                    // Any two pages make a rate, so that a scrape is one page.
                    Map.of("targets", String.join(",", hosts), "between", "PT0.000001S"),
                    Clock.systemUTC()));
    long samplesOfAPage =
        Pages.text("node-exporter.txt").lines().filter(line -> !line.startsWith("#")).count();
    AtomicLong pushed = new AtomicLong();
    for (int scrape = 0; scrape < EARLIER_SCRAPES; scrape += hosts.size() * collectors.size()) {
      for (MetricCollector collector : collectors) {
        collect(collector, pushed);
      }
    }
    Thread.sleep(WARM_UP.toMillis());
    double[] ours = new double[collectors.size()];
    long scrapes = 0;
    double theirs = processorSeconds(prometheus.pid());
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long started = System.nanoTime();
    double ourTotal = processorSeconds(ProcessHandle.current().pid());
    long round = 0;
    while (System.nanoTime() < end) {
      collect(collectors.get((int) (round % collectors.size())), pushed);
      round++;
      scrapes += hosts.size();
      long next = started + round * TimeUnit.SECONDS.toNanos(1);
      TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
    }
    theirs = processorSeconds(prometheus.pid()) - theirs;
    ourTotal = processorSeconds(ProcessHandle.current().pid()) - ourTotal;
    double samples = (double) scrapes * samplesOfAPage;
    System.out.printf(
        "%d scrapes of %d samples each; %d observations pushed%n",
        scrapes, samplesOfAPage, pushed.get());
    System.out.printf(
        "Prometheus server %.3f us of processor time a sample%n", 1e6 * theirs / samples);
    System.out.printf(
        "scrape source     %.3f us of processor time a sample%n", 1e6 * ourTotal / samples);
    System.out.printf("ratio             %.2f%n", ourTotal / theirs);
  }

  private static void collect(MetricCollector collector, AtomicLong pushed) throws Exception {
    Instant now = Instant.now();
    collector.collect(
        new CollectionRequest(
            new CollectionRun("benchmark", now),
            now.minusSeconds(60),
            Deadline.after(Duration.ofSeconds(30), Clock.systemUTC())),
        observation -> pushed.incrementAndGet());
  }

  private static Process prometheus(Path folder, List<String> hosts) throws IOException {
    Path config = folder.resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global:
          scrape_interval: 1s
          scrape_timeout: 1s
        scrape_configs:
          - job_name: node
            static_configs:
              - targets: [%s]
        """
            .formatted(
                hosts.stream().map(host -> "'" + host + "'").collect(Collectors.joining(","))));
    return new ProcessBuilder(
            "prometheus",
            "--config.file=" + config,
            "--storage.tsdb.path=" + folder.resolve("data"),
            "--web.listen-address=127.0.0.1:0",
            "--log.level=error")
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** User and system time of all threads of a process. */
  private static double processorSeconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_A_SECOND;
  }

  /** Serves the page at every address of this machine, and prints the port. */
  private static void serve() throws IOException {
    byte[] page = Pages.recorded("node-exporter.txt");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0), 0);
    server.createContext(
        "/metrics",
        exchange -> {
          exchange
              .getResponseHeaders()
              .set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    server.start();
    System.out.println(server.getAddress().getPort());
  }
}
