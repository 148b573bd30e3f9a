package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.forecast.ForecastDetector;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.Request;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.Result;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.Ledger;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.Reports;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.collect.CollectionResult.Status;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.time.Deadline;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * How long both analyses of a large fleet take, and one cold forecast. A command, not a test: what
 * it measures is the machine, too.
 *
 * <pre>
 * java -XX:ActiveProcessorCount=1 -XX:+UseSerialGC -Xmx1g -cp ... io.inframetrics.pipeline.analysis.AnalysisBenchmark 10000 240
 * </pre>
 */
final class AnalysisBenchmark {

  private static final Instant NOW = Instant.parse("2026-02-19T12:00:00Z");
  private static final long STEP = 300;

  private AnalysisBenchmark() {}

  /** Arguments: instances, and points of a series. */
  public static void main(String[] args) {
    int instances = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    int points = args.length > 1 ? Integer.parseInt(args[1]) : 240;
    cold();
    Fleet fleet = new Fleet(instances, points);
    System.out.printf("%d instances x 4 types x %d points%n", instances, points);
    for (String analysis : List.of(AnalyzeMetrics.ANOMALIES, AnalyzeMetrics.FORECAST)) {
      Clock clock = Clock.fixed(NOW, java.time.ZoneOffset.UTC);
      Reports reports = new Reports();
      AnalyzeMetrics analyze =
          new AnalyzeMetrics(
              fleet,
              new Ledger(),
              reports,
              AnalysisSettings.DEFAULTS.withHistoryPoints(points),
              clock);
      long begin = System.nanoTime();
      long cpuBegin = cpuTime();
      Result result =
          analyze.analyze(
              new Request(analysis, "benchmark", collections()),
              Deadline.after(Duration.ofMinutes(15), clock));
      double seconds = (System.nanoTime() - begin) / 1e9;
      System.out.printf(
          "%s: %.1f s (%.1f s of CPU), report %d bytes%n  %s%n",
          analysis,
          seconds,
          (cpuTime() - cpuBegin) / 1e9,
          reports.objects.get(result.reportKey()).length(),
          result.summary().lines().findFirst().orElse(""));
    }
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    System.out.printf(
        "heap in use afterwards: %d MB%n", (runtime.totalMemory() - runtime.freeMemory()) >> 20);
  }

  /** Two weeks of five minutes, in a JVM that has done nothing yet. */
  private static void cold() {
    Random random = new Random(1);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 4_032; i++) {
      points.add(
          new Point(
              NOW.getEpochSecond() - (4_031 - i) * STEP, 30 + 0.01 * i + random.nextGaussian()));
    }
    ForecastDetector detector =
        new ForecastDetector(Map.of(MetricType.DISK_USAGE, 100.0), Duration.ofDays(30));
    SeriesHistory history =
        new SeriesHistory(Series.of(MetricType.DISK_USAGE, "i-1"), MetricUnit.PERCENT, points);
    for (int i = 1; i <= 3; i++) {
      long begin = cpuTime();
      String words = detector.forecast(history).orElseThrow().words();
      System.out.printf(
          "forecast %d of 4,032 points: %.1f ms of CPU (%s)%n",
          i, (cpuTime() - begin) / 1e6, words);
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
              "run-1",
              NOW,
              null,
              Status.COLLECTED,
              List.of(new CollectedObject("key-" + type, type, 1)),
              List.of(),
              null));
    }
    return collections;
  }

  /** Four types of many instances, a day's season, noise; every disk grows a little. */
  private static final class Fleet implements MetricHistory {

    private final double[][] values;
    private final int instances;
    private final int count;

    Fleet(int instances, int count) {
      this.instances = instances;
      this.count = count;
      this.values = new double[4 * instances][count];
      Random random = new Random(42);
      for (double[] series : values) {
        double base = 20 + 40 * random.nextDouble();
        double season = 5 * random.nextDouble();
        double growth = random.nextInt(10) == 0 ? 20.0 / count * random.nextDouble() : 0;
        for (int i = 0; i < count; i++) {
          series[i] =
              base
                  + growth * i
                  + season * Math.sin(2 * Math.PI * i * STEP / Duration.ofDays(1).toSeconds())
                  + random.nextGaussian();
        }
      }
    }

    @Override
    public List<KnownSeries> series(MetricType type, Instant since, Deadline deadline) {
      List<KnownSeries> all = new ArrayList<>(instances);
      for (int i = 0; i < instances; i++) {
        all.add(new KnownSeries(Series.of(type, "i-" + i), MetricUnit.PERCENT, "eu-west-1"));
      }
      return all;
    }

    @Override
    public List<Point> points(
        Series series, Instant from, Instant to, int limit, Deadline deadline) {
      int type = MetricType.builtIn().indexOf(series.type());
      double[] all = values[type * instances + Integer.parseInt(series.instanceId().substring(2))];
      return new AbstractList<>() {
        @Override
        public Point get(int index) {
          return new Point(NOW.getEpochSecond() - (count - 1 - index) * STEP, all[index]);
        }

        @Override
        public int size() {
          return count;
        }
      };
    }
  }
}
