package io.inframetrics.page;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.report.ComposeReport;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.memory.InMemoryStores;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What the page of a large fleet costs beside the analyses that it reports: the processor time of
 * both, the bytes of the page, and the heap that the JVM was allowed. A command, not a test: what
 * it measures is the machine, too. It fails if the page is beyond its limits.
 *
 * <pre>
 * java -Xmx128m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp ... io.inframetrics.page.PageBenchmark 1000 240
 * </pre>
 */
final class PageBenchmark {

  private static final Instant NOW = Instant.parse("2026-02-19T12:00:00Z");
  private static final Duration STEP = Duration.ofMinutes(5);
  private static final String RUN = "benchmark";

  /** The most processor time, as a share of that of the analyses. */
  private static final double MOST_CPU = 0.5;

  private PageBenchmark() {}

  /** Arguments: instances, and points of a series. */
  public static void main(String[] args) {
    int instances = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
    int points = args.length > 1 ? Integer.parseInt(args[1]) : 240;
    MadeUpFleet fleet = fleet(instances, points);
    InMemoryStores stores = new InMemoryStores();
    ManualClock clock = ManualClock.at(NOW);

    long start = cpuTime();
    AnalyzeMetrics analyze =
        new AnalyzeMetrics(
            fleet, stores.ledger(), stores.documents(), AnalysisSettings.DEFAULTS, clock);
    List<ComposeReport.Analysis> analyses = new ArrayList<>();
    for (String analysis : List.of(AnalyzeMetrics.ANOMALIES, AnalyzeMetrics.FORECAST)) {
      AnalyzeMetrics.Result result =
          analyze.analyze(
              new AnalyzeMetrics.Request(analysis, RUN, collections()), Deadlines.never());
      analyses.add(new ComposeReport.Analysis(analysis, result.reportKey(), result.summary()));
    }
    long analyzed = cpuTime() - start;
    String reportKey =
        new ComposeReport(stores.documents(), AnalysisSettings.DEFAULTS, clock)
            .compose(
                new ComposeReport.Request(RUN, NOW, "HEALTHY", "healthy", "healthy", analyses),
                Deadlines.never())
            .reportKey();

    start = cpuTime();
    Counted page = new Counted();
    new ReportPage(stores.documents())
        .write(new PageRequest(RUN, NOW, reportKey, null, ZoneOffset.UTC), page, Deadlines.never());
    long composed = cpuTime() - start;

    double share = (double) composed / analyzed;
    System.out.printf(
        "%d instances x 4 types x %d points, at most %d MB of heap%n"
            + "processor time of the analyses: %.2f s%n"
            + "of the page: %.2f s, %.2fx of it (at most %.2fx)%n"
            + "the page: %d bytes (at most %d)%n",
        instances,
        points,
        Runtime.getRuntime().maxMemory() >> 20,
        analyzed / 1e9,
        composed / 1e9,
        share,
        MOST_CPU,
        page.bytes,
        ReportPage.MAX_BYTES);
    stores.documents().keys().stream()
        .filter(key -> key.contains(RUN))
        .forEach(
            key ->
                System.out.printf("  %s: %d bytes%n", key, stores.documents().text(key).length()));
    if (share > MOST_CPU || page.bytes > ReportPage.MAX_BYTES) {
      throw new IllegalStateException("the page is beyond its limits");
    }
  }

  /** Nanoseconds of this thread: others on the machine do not count. */
  private static long cpuTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static List<CollectionResult> collections() {
    List<CollectionResult> collections = new ArrayList<>();
    for (MetricType type : MetricType.builtIn()) {
      collections.add(
          new CollectionResult(
              type.name(),
              RUN,
              NOW,
              null,
              CollectionResult.Status.COLLECTED,
              List.of(new CollectedObject("raw-metrics/" + type, type, 1)),
              List.of(),
              null));
    }
    return collections;
  }

  /** A day's season and noise; one in fifty jumps at the end, and every tenth disk grows. */
  private static MadeUpFleet fleet(int instances, int points) {
    MadeUpFleet fleet = new MadeUpFleet();
    for (int instance = 0; instance < instances; instance++) {
      for (MetricType type : MetricType.builtIn()) {
        Random random = new Random(31L * instance + MetricType.builtIn().indexOf(type));
        double base = 20 + 30 * random.nextDouble();
        double season = 5 * random.nextDouble();
        double jump = random.nextInt(50) == 0 ? 40 : 0;
        boolean grows = type.equals(MetricType.DISK_USAGE) && random.nextInt(10) == 0;
        double[] values = new double[points];
        for (int i = 0; i < points; i++) {
          values[i] =
              base
                  + (grows ? 20.0 * i / points : 0)
                  + (i >= points - 3 ? jump : 0)
                  + season * Math.sin(2 * Math.PI * i / 288)
                  + random.nextGaussian();
        }
        Series series = Series.of(type, "i-%017x".formatted(instance * 7_919L));
        fleet.add(
            new KnownSeries(series, MetricUnit.PERCENT, "eu-west-1"),
            NOW,
            STEP,
            points,
            i -> values[i]);
      }
    }
    return fleet;
  }

  private static final class Counted extends OutputStream {

    private long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] b, int off, int len) {
      bytes += len;
    }
  }
}
