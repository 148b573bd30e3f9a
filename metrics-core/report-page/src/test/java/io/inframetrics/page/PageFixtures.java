package io.inframetrics.page;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.page.RunDetails.Visit;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.health.CheckPipelineHealth;
import io.inframetrics.pipeline.report.ComposeReport;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.sink.RunLedger.ProcessedMark;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.memory.InMemoryStores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs of every kind that a page shows: what the real verbs leave in a store, and what happened on
 * the state machine. Always the same.
 */
final class PageFixtures {

  static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

  /** Names that others gave, as markup: they must come out as text. */
  static final String MARKUP_INSTANCE = "<b>web-7</b> \"blue\" & 'green'";

  static final String MARKUP_DIMENSION = "</script><script>document.title='x'</script>";
  static final String MARKUP_REGION = "eu-<i>west</i>-1";
  static final String MARKUP_CAUSE = "the <u>network</u> collector said \"no\" </script>";

  private static final String REGION = "eu-west-1";
  private static final Duration STEP = Duration.ofMinutes(5);
  private static final Duration PERIOD = Duration.ofHours(3);
  private static final Path DEFINITION =
      Path.of("..", "..", "deploy", "statemachine", "pipeline.asl.json");

  private PageFixtures() {}

  /** A run whose documents are stored. */
  record Run(InMemoryStores stores, PageRequest request) {

    String page() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      new ReportPage(stores.documentStore()).write(request, out, Deadlines.never());
      return out.toString(StandardCharsets.UTF_8);
    }
  }

  /** Nothing to report, of two instances for a week. */
  static Run healthy() {
    MadeUpFleet fleet = new MadeUpFleet();
    for (int i = 1; i <= 2; i++) {
      add(fleet, "web-" + i, REGION, 2_016, new Usual(i));
    }
    return new Verbs(fleet, "healthy-1", Map.of()).run(visits(true, 0));
  }

  /**
   * One branch failed; a disk fills up, a processor is busy, memory rose, an instance stopped
   * reporting, and another has gaps. Names from outside are markup.
   */
  static Run degraded() {
    return degraded(MARKUP_INSTANCE, MARKUP_DIMENSION, MARKUP_REGION, MARKUP_CAUSE);
  }

  /** The same with names as people give them. */
  static Run degradedWithUsualNames() {
    return degraded("db-1", "/var/lib/postgresql", "eu-central-1", "the collector timed out");
  }

  private static Run degraded(String instance, String device, String region, String cause) {
    MadeUpFleet fleet = new MadeUpFleet();
    int count = 2_016;
    for (int i = 1; i <= 5; i++) {
      Usual usual = new Usual(i);
      add(fleet, "web-" + i, i == 5 ? "us-east-1" : REGION, count, incidents(i, count, usual));
    }
    add(fleet, instance, region, count, incidents(3, count, new Usual(9)));
    Series disk =
        Series.of(
            MetricType.DISK_USAGE, instance, Map.of("device", device, "account", "123456789012"));
    Random random = new Random(77);
    fleet.add(
        new KnownSeries(disk, MetricUnit.PERCENT, region),
        NOW,
        STEP,
        count,
        i -> 60 + 36.5 * i / count + 0.4 * random.nextGaussian());
    Verbs verbs = new Verbs(fleet, "degraded-2", Map.of(MetricType.NETWORK_TRAFFIC, cause));
    verbs.earlier("degraded-1", NOW.minus(PERIOD));
    return verbs.run(visits(false, 2));
  }

  /** All branches failed, so that no report was composed. */
  static Run failed() {
    InMemoryStores stores = new InMemoryStores();
    List<Visit> visits = new ArrayList<>();
    visits.add(visit("ParallelDataCollection", "", "Parallel", "SUCCEEDED", 0, 71_400, 0));
    int branch = 0;
    for (String type : List.of("CPU", "Memory", "Disk", "Network")) {
      String place = "ParallelDataCollection[" + branch + "]";
      visits.add(
          visit("Collect" + type + "Metrics", place, "Task", "CAUGHT", branch, 71_200 + branch, 3));
      visits.add(
          visit(type + "CollectionFailed", place, "Pass", "SUCCEEDED", 71_250 + branch, 1, 0));
      branch++;
    }
    visits.add(visit("WaitForProcessing", "", "Wait", "SUCCEEDED", 71_400, 30_000, 0));
    visits.add(visit("CheckPipelineHealth", "", "Task", "SUCCEEDED", 101_400, 180, 0));
    visits.add(visit("IsPipelineHealthy", "", "Choice", "SUCCEEDED", 101_580, 1, 0));
    visits.add(visit("PipelineUnhealthy", "", "Pass", "SUCCEEDED", 101_581, 1, 0));
    visits.add(visit("HandleError", "", "Task", "SUCCEEDED", 101_582, 90, 0));
    visits.add(visit("FailState", "", "Fail", "FAILED", 101_672, 1, 0));
    RunDetails details =
        new RunDetails(
            definition(),
            "FAILED",
            "PipelineFailed",
            "InfraMetrics UNHEALTHY: " + MARKUP_CAUSE,
            NOW,
            NOW.plusMillis(101_673),
            visits,
            List.of(),
            Map.of("DynamoDB GetItem", 4L),
            null);
    return new Run(stores, new PageRequest("failed-1", NOW, null, details, zone()));
  }

  /** Everything went well, and nothing was there to collect. */
  static Run empty() {
    return new Verbs(new MadeUpFleet(), "empty-1", Map.of()).run(visits(true, 0));
  }

  /** The first run of all: one point of each series. */
  static Run first() {
    MadeUpFleet fleet = new MadeUpFleet();
    add(fleet, "laptop", "local", 1, new Usual(1));
    return new Verbs(fleet, "first-1", Map.of()).run(visits(true, 0));
  }

  /** A thousand instances of four types. */
  static Run huge() {
    return fleetOf(1_000, 240);
  }

  /** Four types of many instances, some with findings and some with gaps. */
  static Run fleetOf(int instances, int count) {
    MadeUpFleet fleet = new MadeUpFleet();
    for (int i = 0; i < instances; i++) {
      Usual usual = new Usual(1_000 + i);
      add(
          fleet,
          "i-%05x".formatted(i * 7_919),
          i % 3 == 0 ? "us-east-1" : REGION,
          count,
          i % 47 == 11 ? incidents(i / 47 % 6, count, usual) : i % 31 == 7 ? gaps(usual) : usual);
    }
    return new Verbs(fleet, "huge-1", Map.of()).run(visits(true, 1));
  }

  /** A value of a type: the one with index {@code i}. */
  private interface Shape {
    double at(MetricType type, int i);
  }

  /** Days and noise. */
  private static final class Usual implements Shape {
    private final Random random;
    private final double base;
    private final double season;

    Usual(long seed) {
      random = new Random(seed * 1_000_003);
      base = 15 + 25 * random.nextDouble();
      season = 4 + 10 * random.nextDouble();
    }

    @Override
    public double at(MetricType type, int i) {
      double noise = random.nextGaussian();
      double day = Math.sin(2 * Math.PI * i / 288);
      if (type.equals(MetricType.CPU_UTILIZATION)) {
        return Math.max(0, base + season * day + 2 * noise);
      }
      if (type.equals(MetricType.MEMORY_USAGE)) {
        return base + 20 + 0.3 * season * day + 0.5 * noise;
      }
      if (type.equals(MetricType.DISK_USAGE)) {
        return base + 10 + 0.05 * noise;
      }
      return Math.max(0, 80 + 6 * season * day + 9 * noise);
    }
  }

  private static Shape incidents(int kind, int count, Shape usual) {
    return (type, i) -> {
      double value = usual.at(type, i);
      int left = count - i;
      if (kind == 1 && type.equals(MetricType.CPU_UTILIZATION) && left <= 18) {
        return Math.min(100, 96 + value / 20);
      }
      if (kind == 2 && type.equals(MetricType.MEMORY_USAGE) && left <= 40) {
        return value + 24;
      }
      if (kind == 3 && type.equals(MetricType.DISK_USAGE)) {
        return 70 + 24.0 * i / count + value / 100;
      }
      if (kind == 4 && left <= 60) {
        return Double.NaN;
      }
      if (kind == 5 && i > count / 3 && i < count / 2) {
        return Double.NaN;
      }
      if (kind == 0 && type.equals(MetricType.NETWORK_TRAFFIC) && left > 12 && left < 20) {
        return value * 4;
      }
      return value;
    };
  }

  private static Shape gaps(Shape usual) {
    return (type, i) -> {
      double value = usual.at(type, i);
      return i % 96 > 80 ? Double.NaN : value;
    };
  }

  private static void add(
      MadeUpFleet fleet, String instance, String region, int count, Shape shape) {
    for (MetricType type : MetricType.builtIn()) {
      IntToDoubleFunction values = i -> shape.at(type, i);
      fleet.add(
          new KnownSeries(
              type.equals(MetricType.DISK_USAGE)
                  ? Series.of(type, instance, Map.of("device", "/"))
                  : Series.of(type, instance),
              type.equals(MetricType.NETWORK_TRAFFIC)
                  ? MetricUnit.MEGABITS_PER_SECOND
                  : MetricUnit.PERCENT,
              region),
          NOW,
          STEP,
          count,
          values);
    }
  }

  /** The verbs of a run, one after another, as the state machine calls them. */
  private static final class Verbs {

    private final MadeUpFleet fleet;
    private final String runId;
    private final Map<MetricType, String> failures;
    private final InMemoryStores stores = new InMemoryStores();
    private final ManualClock clock = ManualClock.at(NOW);

    /**
     * @param failures why collecting a type failed
     */
    Verbs(MadeUpFleet fleet, String runId, Map<MetricType, String> failures) {
      this.fleet = fleet;
      this.runId = runId;
      this.failures = failures;
    }

    void earlier(String earlierId, Instant at) {
      compose(earlierId, at);
    }

    Run run(List<Visit> visits) {
      String reportKey = compose(runId, NOW);
      RunDetails details =
          new RunDetails(
              definition(),
              "SUCCEEDED",
              null,
              null,
              NOW,
              NOW.plusMillis(41_900),
              visits,
              stores.documents().keys().stream().filter(key -> key.contains(runId)).toList(),
              Map.of("S3 PutObject", 8L, "DynamoDB Query", 16L, "DynamoDB BatchGetItem", 2L),
              "0.0003 USD");
      return new Run(stores, new PageRequest(runId, NOW, reportKey, details, zone()));
    }

    private String compose(String id, Instant at) {
      clock.set(at);
      List<CollectionResult> collections = new ArrayList<>();
      for (MetricType type : MetricType.builtIn()) {
        collections.add(collection(type, id, at));
      }
      CheckPipelineHealth.Result health =
          new CheckPipelineHealth(stores.ledger())
              .check(new CheckPipelineHealth.Request(id, 0, 3, collections), Deadlines.never());
      AnalyzeMetrics analyze =
          new AnalyzeMetrics(
              fleet, stores.ledger(), stores.documents(), AnalysisSettings.DEFAULTS, clock);
      List<ComposeReport.Analysis> analyses = new ArrayList<>();
      for (String analysis : List.of(AnalyzeMetrics.ANOMALIES, AnalyzeMetrics.FORECAST)) {
        AnalyzeMetrics.Result result =
            analyze.analyze(
                new AnalyzeMetrics.Request(analysis, id, collections), Deadlines.never());
        analyses.add(new ComposeReport.Analysis(analysis, result.reportKey(), result.summary()));
      }
      return new ComposeReport(stores.documents(), AnalysisSettings.DEFAULTS, clock)
          .compose(
              new ComposeReport.Request(
                  id,
                  at,
                  health.status().name(),
                  health.subject(),
                  health.summary(),
                  new ComposeReport.Health(
                      health.expected(),
                      health.processed(),
                      health.missing(),
                      health.failedBranches(),
                      health.checks()),
                  analyses),
              Deadlines.never())
          .reportKey();
    }

    private CollectionResult collection(MetricType type, String id, Instant at) {
      @Nullable String failure = failures.get(type);
      if (failure != null) {
        return CollectionResult.failed(type.name(), failure);
      }
      long series = fleet.series(type, Instant.EPOCH, Deadlines.never()).size();
      List<CollectedObject> objects = new ArrayList<>();
      if (series > 0) {
        String key = new DatedObjectKeys().key(type, new CollectionRun(id, at));
        objects.add(new CollectedObject(key, type, series));
        stores.ledger().markProcessed(new ProcessedMark(key, series, 0, at), Deadlines.never());
      }
      return new CollectionResult(
          type.name(),
          id,
          at,
          at.minus(PERIOD),
          CollectionResult.Status.COLLECTED,
          objects,
          List.of(),
          null);
    }
  }

  /**
   * The states of a run of all four types.
   *
   * @param retries of one of the tasks
   */
  private static List<Visit> visits(boolean allCollected, int retries) {
    List<Visit> visits = new ArrayList<>();
    visits.add(visit("ParallelDataCollection", "", "Parallel", "SUCCEEDED", 0, 9_000, 0));
    int branch = 0;
    for (String type : List.of("CPU", "Memory", "Disk", "Network")) {
      String place = "ParallelDataCollection[" + branch + "]";
      boolean failed = !allCollected && type.equals("Network");
      visits.add(
          visit(
              "Collect" + type + "Metrics",
              place,
              "Task",
              failed ? "CAUGHT" : "SUCCEEDED",
              branch,
              failed ? 8_900 : 800 + 310 * branch,
              failed ? retries : 0));
      if (failed) {
        visits.add(visit(type + "CollectionFailed", place, "Pass", "SUCCEEDED", 8_903, 1, 0));
      }
      branch++;
    }
    visits.add(visit("WaitForProcessing", "", "Wait", "SUCCEEDED", 9_000, 30_000, 0));
    visits.add(visit("CheckPipelineHealth", "", "Task", "SUCCEEDED", 39_000, 120, 0));
    visits.add(visit("IsPipelineHealthy", "", "Choice", "SUCCEEDED", 39_120, 1, 0));
    visits.add(visit("ParallelAnalytics", "", "Parallel", "SUCCEEDED", 39_121, 2_300, 0));
    visits.add(
        visit("DetectAnomalies", "ParallelAnalytics[0]", "Task", "SUCCEEDED", 39_122, 2_290, 0));
    visits.add(
        visit(
            "ForecastCapacity",
            "ParallelAnalytics[1]",
            "Task",
            "SUCCEEDED",
            39_122,
            1_400,
            allCollected ? retries : 0));
    visits.add(visit("ComposeReport", "", "Task", "SUCCEEDED", 41_421, 380, 0));
    visits.add(visit("NotifySuccess", "", "Task", "SUCCEEDED", 41_801, 98, 0));
    return visits;
  }

  private static Visit visit(
      String state,
      String place,
      String type,
      String outcome,
      long entered,
      long millis,
      int retries) {
    return new Visit(
        state, place, type, outcome, NOW.plusMillis(entered), Duration.ofMillis(millis), retries);
  }

  private static ZoneId zone() {
    return ZoneId.of("Europe/Berlin");
  }

  private static String definition() {
    try {
      return Files.readString(DEFINITION);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
