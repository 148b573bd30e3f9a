package io.inframetrics.pipeline.analysis;

import static io.inframetrics.metric.MetricType.CPU_UTILIZATION;
import static io.inframetrics.metric.MetricType.DISK_USAGE;
import static io.inframetrics.metric.MetricType.MEMORY_USAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.detect.threshold.ThresholdDetector;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.Request;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.Result;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.State;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.History;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.Ledger;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.Reports;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.TickingClock;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.collect.CollectionResult.Status;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Silence, incidents of many series, the past of small fleets, and time that is short. */
class AnalyzeManySeriesTest {

  private static final Instant NOON = Instant.parse("2026-02-19T12:00:00Z");
  private static final Duration STEP = Duration.ofMinutes(15);

  private final TickingClock clock = new TickingClock(NOON.plusSeconds(90));
  private final History history = new History(clock);
  private final Ledger ledger = new Ledger();
  private final Reports reports = new Reports();

  @Test
  void tellsOfASeriesThatStoppedReportingAndThatItStillDoesNot() {
    fleet(DISK_USAGE, 4, i -> 50);
    store(DISK_USAGE, "i-dead", NOON.minus(Duration.ofHours(2)), 100, i -> 50);

    Result first = analyze("run-1", NOON, DISK_USAGE);
    store(DISK_USAGE, "i-0", NOON.plus(Duration.ofHours(3)), 100, i -> 50);
    Result second = analyze("run-2", NOON.plus(Duration.ofHours(3)), DISK_USAGE);

    assertThat(first.summary())
        .isEqualTo(
            """
            Anomalies at 2026-02-19 12:00 UTC: 1 finding in 5 series (1 warning; 1 new, 0 reported before).
            WARNING new disk_usage i-dead: silent since 2026-02-19 10:00 UTC: usually reports every 15 minutes, 8 points are missing, since 2026-02-19 10:00 UTC
            Report: reports/2026/02/19/anomalies-run-1.json\
            """);
    assertThat(second.findings())
        .filteredOn(tracked -> tracked.finding().series().instanceId().equals("i-dead"))
        .singleElement()
        .satisfies(
            tracked -> {
              assertThat(tracked.state()).isEqualTo(State.STILL);
              assertThat(tracked.finding().detector()).isEqualTo("stale");
            });
  }

  @Test
  void tellsThatASeriesReportsAgain() {
    AnalysisMark open =
        AnalysisMark.open("disk_usage#i-0", "stale", NOON.minus(Duration.ofHours(9)));
    ledger.open.put("anomalies", List.of(open));
    fleet(DISK_USAGE, 2, i -> 50);

    Result result = analyze("run-1", NOON, DISK_USAGE);

    assertThat(result.findings()).isEmpty();
    assertThat(result.summary()).contains("Closed: disk_usage#i-0 (stale)");
    assertThat(ledger.findings("anomalies")).isEmpty();
  }

  @Test
  void tellsOfAnotherSilenceOfTheSameSeriesAsNew() {
    ledger.open.put(
        "anomalies",
        List.of(AnalysisMark.open("disk_usage#i-dead", "stale", NOON.minus(Duration.ofHours(9)))));
    fleet(DISK_USAGE, 4, i -> 50);
    store(DISK_USAGE, "i-dead", NOON.minus(Duration.ofHours(2)), 100, i -> 50);

    Result result = analyze("run-1", NOON, DISK_USAGE);

    assertThat(result.findings()).extracting(TrackedFinding::state).containsExactly(State.NEW);
    assertThat(result.summary()).contains("Closed: disk_usage#i-dead (stale)");
  }

  @Test
  void givesUpASeriesThatWasSilentForADay() {
    ledger.open.put(
        "anomalies",
        List.of(AnalysisMark.open("disk_usage#i-dead", "stale", NOON.minus(Duration.ofHours(25)))));
    fleet(DISK_USAGE, 4, i -> 50);

    Result result = analyze("run-1", NOON, DISK_USAGE);

    assertThat(result.findings()).isEmpty();
    assertThat(result.summary())
        .contains("Gone, no longer expected to report: disk_usage#i-dead")
        .doesNotContain("Closed");
    assertThat(reports.objects.get(result.reportKey()))
        .contains("\"gone\":[\n{\"series_id\":\"disk_usage#i-dead\",\"detector\":\"stale\"");
    assertThat(ledger.findings("anomalies")).isEmpty();
  }

  @Test
  void doesNotJudgeWhatAStoreListsThoughItWasSilentForLong() {
    fleet(DISK_USAGE, 1, i -> 50);
    store(DISK_USAGE, "i-dead", NOON.minus(Duration.ofHours(25)), 100, i -> 97);
    history.slack = Duration.ofDays(7);

    Result result = analyze("run-1", NOON, DISK_USAGE);

    assertThat(result.summary()).contains("nothing unusual in 1 series.");
    assertThat(ledger.findings("anomalies")).isEmpty();
  }

  @Test
  void waitsForALateSourceAsLongAsAllOfItIsLate() {
    // Three hours may pass from run to run; all of them stopped two hours ago.
    for (int i = 0; i < 3; i++) {
      store(DISK_USAGE, "i-" + i, NOON.minus(Duration.ofHours(2)), 100, point -> 50);
    }
    assertThat(analyze("run-1", NOON, DISK_USAGE).findings()).isEmpty();

    Instant later = NOON.plus(Duration.ofHours(3));
    assertThat(analyze("run-2", later, DISK_USAGE).findings())
        .hasSize(3)
        .allMatch(tracked -> tracked.finding().detector().equals("stale"));
  }

  @Test
  void tellsOfManySeriesAtOnceAsOneFinding() {
    fleet(CPU_UTILIZATION, 40, i -> i < 95 ? 40 : 90);
    fleet(MEMORY_USAGE, 60, i -> 40);
    store(MEMORY_USAGE, "i-own", NOON, 100, i -> i < 50 ? 40 : 97);

    Result result = analyze("run-1", NOON, CPU_UTILIZATION, MEMORY_USAGE);

    assertThat(result.summary())
        .isEqualTo(
            """
            Anomalies at 2026-02-19 12:00 UTC: 2 findings in 101 series (1 critical, 1 warning; 2 new, 0 reported before).
            CRITICAL new memory_usage i-own: 97 % is above the threshold of 85 % (50 points), since 2026-02-18 23:45 UTC
            WARNING new cpu_utilization *: 40 of 40 cpu_utilization series (100 %) at the same time: threshold 40; for example i-0, i-1, i-10, since 2026-02-19 11:00 UTC
            Report: reports/2026/02/19/anomalies-run-1.json\
            """);
    assertThat(result.findings())
        .extracting(one -> one.finding().value())
        .containsExactly(97.0, 40.0);
    String report = reports.objects.get(result.reportKey());
    assertThat(report)
        .contains("\"series_id\":\"cpu_utilization#*\",\"detector\":\"correlated\"")
        .contains("\"members\":[{\"series_id\":\"cpu_utilization#i-0\"");
    assertThat(report.split("\"detector\":\"threshold\"", -1)).hasSize(42);
    // Each is remembered by itself, too: one that stays behind is still told with its start.
    assertThat(ledger.findings("anomalies")).hasSize(42);
  }

  @Test
  void tellsAcrossTypesWhatHitsSeveral() {
    fleet(CPU_UTILIZATION, 10, i -> i < 95 ? 40 : 90);
    fleet(MEMORY_USAGE, 10, i -> i < 95 ? 40 : 96);
    fleet(DISK_USAGE, 10, i -> 50);
    store(DISK_USAGE, "i-own", NOON, 100, i -> i < 95 ? 50 : 91);

    Result result = analyze("run-1", NOON, CPU_UTILIZATION, MEMORY_USAGE, DISK_USAGE);

    assertThat(result.findings())
        .extracting(one -> one.finding().reason())
        .containsExactly(
            "20 of 31 series (65 %) of 2 types at the same time: threshold 20; for example i-0, i-1, i-2",
            "91 % is above the threshold of 90 % (5 points)");
  }

  @Test
  void needsFiveSeriesAndAFifthOfThem() {
    fleet(CPU_UTILIZATION, 4, i -> i < 95 ? 40 : 90);
    fleet(DISK_USAGE, 21, i -> 50);
    for (int i = 0; i < 5; i++) {
      store(DISK_USAGE, "hot-" + i, NOON, 100, point -> point < 95 ? 50 : 91);
    }
    // 4 of 4, and 5 of 26.
    assertThat(analyze("run-1", NOON, CPU_UTILIZATION).findings()).hasSize(4);
    assertThat(analyze("run-2", NOON, DISK_USAGE).findings()).hasSize(5);

    history.points.remove(Series.of(DISK_USAGE, "i-20"));
    ledger.open.clear();
    assertThat(analyze("run-3", NOON, DISK_USAGE).findings())
        .singleElement()
        .returns("correlated", one -> one.finding().detector());
  }

  @Test
  void needsTwentySeriesOfALargeFleetIfTheyAreMostOfWhatIsTold() {
    fleet(CPU_UTILIZATION, 300, i -> 40);
    fleet(CPU_UTILIZATION, 20, i -> i < 95 ? 40 : 90);
    assertThat(analyze("run-1", NOON, CPU_UTILIZATION).findings())
        .extracting(one -> one.finding().reason())
        .containsExactly(
            "20 of 300 cpu_utilization series (7 %) at the same time: threshold 20; for example i-0, i-1, i-10");

    // Nineteen are few, and twenty of forty that are told are not what happened.
    ledger.open.clear();
    fleet(CPU_UTILIZATION, 1, i -> 40);
    assertThat(analyze("run-2", NOON, CPU_UTILIZATION).findings()).hasSize(19);
    ledger.open.clear();
    fleet(CPU_UTILIZATION, 20, i -> i < 95 ? 40 : 90);
    for (int i = 20; i < 40; i++) {
      int first = 2 * i;
      store(CPU_UTILIZATION, "i-" + i, NOON, 100, p -> p < first ? 40 : 90);
    }
    assertThat(analyze("run-3", NOON, CPU_UTILIZATION).summary()).contains(": 40 findings in ");
  }

  @Test
  void keepsApartWhatBeginsMoreThanAQuarterOfAnHourApart() {
    for (int i = 0; i < 6; i++) {
      int first = 99 - 2 * i;
      store(CPU_UTILIZATION, "i-" + i, NOON, 100, point -> point < first ? 40 : 90);
    }

    assertThat(analyze("run-1", NOON, CPU_UTILIZATION).findings()).hasSize(6);
  }

  @Test
  void callsTogetherWhatBeginsFromOnePointToTheNext() {
    // Every three hours: half of them alarm at the first point, half at the second.
    Duration step = Duration.ofHours(3);
    for (int i = 0; i < 10; i++) {
      int first = i < 5 ? 98 : 99;
      store(CPU_UTILIZATION, "i-" + i, NOON, step, 100, point -> point < first ? 40 : 90);
    }

    assertThat(analyze("run-1", NOON.minus(step), CPU_UTILIZATION).findings())
        .singleElement()
        .returns(5.0, one -> one.finding().value());
    assertThat(analyze("run-2", NOON, CPU_UTILIZATION).findings())
        .singleElement()
        .returns(State.STILL, TrackedFinding::state)
        .returns(10.0, one -> one.finding().value());
  }

  @Test
  void doesNotCallTogetherWhatBeganBeforeItsOldestPoint() {
    fleet(CPU_UTILIZATION, 6, i -> 90);

    assertThat(analyze("run-1", NOON, CPU_UTILIZATION).findings()).hasSize(6);
    assertThat(analyze("run-2", NOON.plusSeconds(60), CPU_UTILIZATION).findings()).hasSize(6);
  }

  @Test
  void keepsAnIncidentOfManyTogetherWhenItsStartLeavesTheHistory() {
    fleet(CPU_UTILIZATION, 6, i -> i < 50 ? 40 : 90);
    analyze("run-1", NOON, CPU_UTILIZATION);
    fleet(CPU_UTILIZATION, 6, i -> 90);

    assertThat(analyze("run-2", NOON, CPU_UTILIZATION).findings())
        .singleElement()
        .returns(State.STILL, TrackedFinding::state);
  }

  @Test
  void tellsAnIncidentOfManyAsStillAndWholeWhileItHeals() {
    fleet(CPU_UTILIZATION, 40, i -> i < 95 ? 40 : 90);
    analyze("run-1", NOON, CPU_UTILIZATION);
    Instant later = NOON.plus(Duration.ofHours(1));
    for (int i = 0; i < 40; i++) {
      // All but six are well again.
      double now = i < 6 ? 90 : 40;
      store(CPU_UTILIZATION, "i-" + i, later, 104, p -> p < 95 ? 40 : p < 100 ? 90 : now);
    }

    Result still = analyze("run-2", later, CPU_UTILIZATION);

    assertThat(still.findings())
        .singleElement()
        .satisfies(
            tracked -> {
              assertThat(tracked.state()).isEqualTo(State.STILL);
              assertThat(tracked.finding().start()).isEqualTo(NOON.minus(Duration.ofHours(1)));
              assertThat(tracked.finding().reason())
                  .isEqualTo(
                      "6 of 40 cpu_utilization series (15 %) at the same time: threshold 6; for example i-0,"
                          + " i-1, i-2");
            });

    fleetAt(CPU_UTILIZATION, 40, later, i -> 40);
    Result closed = analyze("run-3", later.plusSeconds(60), CPU_UTILIZATION);
    assertThat(closed.findings()).isEmpty();
    assertThat(closed.summary()).contains("Closed: cpu_utilization#* (correlated)\n");
    assertThat(reports.objects.get(closed.reportKey()).split("\"end\":", -1)).hasSize(8);
    assertThat(ledger.findings("anomalies")).isEmpty();
  }

  @Test
  void tellsTheWorstOfAValueThatGoesUpAndDownAroundItsLimit() {
    store(CPU_UTILIZATION, "i-1", NOON, 100, i -> i > 91 && i % 2 == 1 ? i : 40);

    Result result = analyze("run-1", NOON, CPU_UTILIZATION);

    assertThat(result.summary())
        .isEqualTo(
            """
            Anomalies at 2026-02-19 12:00 UTC: 1 finding in 1 series (1 critical; 1 new, 0 reported before).
            CRITICAL new cpu_utilization i-1: 99 % is above the threshold of 80 % (1 point); the worst of 4 episodes, since 2026-02-19 12:00 UTC
            Report: reports/2026/02/19/anomalies-run-1.json\
            """);
    assertThat(reports.objects.get(result.reportKey()))
        .contains("\"members\":[")
        .contains("\"reason\":\"93 % was above the threshold of 80 % (1 point)\"");
    // Each is remembered, so that none is told again.
    store(CPU_UTILIZATION, "i-1", NOON, 100, i -> i > 91 && i < 98 && i % 2 == 1 ? i : 40);
    assertThat(analyze("run-2", NOON.plusSeconds(60), CPU_UTILIZATION).findings()).isEmpty();
  }

  @Test
  void saysThatOneGoesOnThoughAnotherWasWorse() {
    store(CPU_UTILIZATION, "i-1", NOON, 100, i -> i == 95 ? 99 : i == 99 ? 90 : 40);

    assertThat(analyze("run-1", NOON, CPU_UTILIZATION).findings())
        .extracting(one -> one.finding().reason())
        .containsExactly(
            "99 % was above the threshold of 80 % (1 point); the worst of 2 episodes, one of which is"
                + " still ongoing");
  }

  @Test
  void tellsTheSameOfASecondTry() {
    fleet(CPU_UTILIZATION, 40, i -> i < 95 ? 40 : 90);
    store(CPU_UTILIZATION, "i-dead", NOON.minus(Duration.ofHours(2)), 100, i -> 40);

    Result first = analyze("run-1", NOON, CPU_UTILIZATION);
    String written = reports.objects.get(first.reportKey());

    assertThat(analyze("run-1", NOON, CPU_UTILIZATION)).isEqualTo(first);
    assertThat(reports.objects.get(first.reportKey())).isEqualTo(written);
  }

  @Test
  void staysSmallWhenEverythingGoesWrong() {
    for (MetricType type : MetricType.builtIn()) {
      for (int i = 0; i < 500; i++) {
        int first = i % 97;
        store(type, "i-" + "x".repeat(200) + i, NOON, 100, p -> p < first ? 40 : 99);
      }
    }

    Result result = analyze("run-1", NOON, MetricType.builtIn().toArray(MetricType[]::new));

    assertThat(result.summary().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(4_096);
    assertThat(result.findings()).hasSizeLessThanOrEqualTo(20);
    assertThat(
            result.findings().stream().mapToInt(AnalysisReport::bytes).sum()
                + result.summary().getBytes(StandardCharsets.UTF_8).length)
        .isLessThan(8_192);
  }

  @Test
  void findsTheSameWhenReadingAhead() {
    fleet(CPU_UTILIZATION, 40, i -> i < 95 ? 40 : 90);
    store(CPU_UTILIZATION, "i-dead", NOON.minus(Duration.ofHours(2)), 100, i -> 40);
    Result alone = analyze("run-1", NOON, CPU_UTILIZATION);
    String written = reports.objects.get(alone.reportKey());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Result ahead =
          analyzer()
              .readingAhead(threads, 4)
              .analyze(request("run-1", NOON, CPU_UTILIZATION), minute());

      assertThat(ahead).isEqualTo(alone);
      assertThat(reports.objects.get(ahead.reportKey())).isEqualTo(written);
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void refusesToReadNothingOrTooMuchAtATime() {
    assertThatThrownBy(() -> analyzer().readingAhead(Runnable::run, 0))
        .hasMessage("0 reads at a time is not valid: use 1 to 256");
    assertThat(analyzer().readingAhead(Runnable::run, 256)).isNotNull();
    assertThatThrownBy(() -> analyzer().readingAhead(Runnable::run, 257))
        .hasMessageContaining("257");
  }

  @Test
  void looksAtMoreOfThePastOfASmallFleet() {
    fleet(DISK_USAGE, 300, i -> 50);
    analyze("run-1", NOON, DISK_USAGE);
    assertThat(history.limits).containsOnly(4_032);

    history.limits.clear();
    store(DISK_USAGE, "i-300", NOON, 20, i -> 50);
    analyze("run-2", NOON, DISK_USAGE);
    assertThat(history.limits).containsOnly(240);
  }

  @Test
  void namesWhatItSkippedAndSkipsOthersNextTime() {
    fleet(DISK_USAGE, 20, i -> 50);
    // A minute less five seconds: six reads a run.
    history.perRead = Duration.ofSeconds(10);
    Set<String> read = new HashSet<>();
    int runs = 0;
    while (read.size() < 20) {
      history.reads.clear();
      Result result = analyze("run-" + runs, NOON.plus(Duration.ofHours(3L * runs)), DISK_USAGE);
      runs++;
      read.addAll(history.reads);
      assertThat(history.reads).hasSize(6);
      assertThat(result.summary()).contains("Skipped for lack of time: 14 series");
      String report = reports.objects.get(result.reportKey());
      String skipped =
          report.substring(report.indexOf("\"skipped\""), report.indexOf("\"series_read\""));
      for (Series series : history.points.keySet()) {
        assertThat(skipped.contains("\"" + series.id() + "\""))
            .isEqualTo(!history.reads.contains(series.id()));
      }
    }

    // At best four runs; twice as many are what is promised.
    assertThat(runs).isLessThanOrEqualTo(8);
  }

  @Test
  void losesNothingOfWhatHappensToASeriesWhileItIsSkipped() {
    for (int i = 0; i < 20; i++) {
      // Each is full once after noon, half an hour after the one before: no two at once.
      int at = 400 - 2 * i;
      store(DISK_USAGE, "i-" + i, NOON.plus(STEP.multipliedBy(100)), 500, k -> k == at ? 97 : 50);
    }
    analyze("run", NOON.minus(Duration.ofHours(12)), DISK_USAGE);
    history.perRead = Duration.ofSeconds(10);
    List<String> told = new ArrayList<>();
    for (int run = 0; run < 10; run++) {
      Result result = analyze("run-" + run, NOON.plus(Duration.ofHours(3L * run - 9)), DISK_USAGE);
      result.findings().forEach(one -> told.add(one.finding().series().instanceId()));
    }

    assertThat(told).hasSize(20).doesNotHaveDuplicates();
  }

  private void fleet(MetricType type, int series, IntToDoubleFunction value) {
    fleetAt(type, series, NOON, value);
  }

  private void fleetAt(MetricType type, int series, Instant newest, IntToDoubleFunction value) {
    for (int i = 0; i < series; i++) {
      store(type, "i-" + i, newest, 100, value);
    }
  }

  /** Points every quarter of an hour. */
  private void store(
      MetricType type, String instance, Instant newest, int count, IntToDoubleFunction value) {
    store(type, instance, newest, STEP, count, value);
  }

  private void store(
      MetricType type,
      String instance,
      Instant newest,
      Duration step,
      int count,
      IntToDoubleFunction value) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Instant at = newest.minus(step.multipliedBy(count - 1L - i));
      points.add(new Point(at.getEpochSecond(), value.applyAsDouble(i)));
    }
    history.points.put(Series.of(type, instance), points);
  }

  /** Only fixed limits, so that it is clear what is found. */
  private AnalyzeMetrics analyzer() {
    AnalysisSettings settings = AnalysisSettings.DEFAULTS;
    return new AnalyzeMetrics(history, ledger, reports, settings, clock)
        .withDetectors(List.of(new ThresholdDetector(settings.judging().thresholds())));
  }

  private Result analyze(String runId, Instant observedAt, MetricType... types) {
    return analyzer().analyze(request(runId, observedAt, types), minute());
  }

  private static Request request(String runId, Instant observedAt, MetricType... types) {
    List<CollectionResult> collections = new ArrayList<>();
    for (MetricType type : types) {
      collections.add(
          new CollectionResult(
              type.name(),
              "run-1",
              observedAt,
              null,
              Status.COLLECTED,
              List.of(new CollectedObject("raw-metrics/" + type, type, 1)),
              List.of(),
              null));
    }
    return new Request("anomalies", runId, collections);
  }

  private Deadline minute() {
    return Deadline.after(Duration.ofMinutes(1), clock);
  }
}
