package io.inframetrics.pipeline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.Request;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.Result;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.State;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.collect.CollectionResult.Status;
import io.inframetrics.pipeline.testing.PipelineUnderTest;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.memory.Faults;
import io.inframetrics.testkit.memory.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The analyses over what the other verbs stored, read ahead by several threads. */
class AnalyzeStoredMetricsTest {

  private static final Duration STEP = Duration.ofMinutes(15);

  private final PipelineUnderTest pipeline = new PipelineUnderTest();
  private final AnalyzeMetrics analyze =
      new AnalyzeMetrics(
              pipeline.stores.records(),
              pipeline.stores.ledger(),
              pipeline.stores.documents(),
              AnalysisSettings.DEFAULTS,
              pipeline.clock)
          .readingAhead(pipeline.threads, 4);

  @BeforeEach
  void store() {
    for (int i = 0; i < 30; i++) {
      store(MetricType.CPU_UTILIZATION, "i-" + i, PipelineUnderTest.NOW, n -> n < 95 ? 40 : 90);
      store(MetricType.DISK_USAGE, "i-" + i, PipelineUnderTest.NOW, n -> 30);
    }
    store(MetricType.DISK_USAGE, "i-leak", PipelineUnderTest.NOW, n -> 30 + 0.5 * n);
    store(
        MetricType.DISK_USAGE, "i-dead", PipelineUnderTest.NOW.minus(Duration.ofHours(2)), n -> 30);
  }

  @AfterEach
  void close() {
    pipeline.close();
  }

  @Test
  void tellsOfThirtyHotMachinesOnceAndOfTheSilentOne() {
    Result first = analyze(AnalyzeMetrics.ANOMALIES, "run-1");
    Result second = analyze(AnalyzeMetrics.ANOMALIES, "run-2");

    assertThat(first.findings())
        .extracting(tracked -> tracked.finding().detector())
        .contains("correlated", "stale")
        .doesNotContain("threshold");
    assertThat(first.findings()).extracting(TrackedFinding::state).containsOnly(State.NEW);
    assertThat(second.findings()).extracting(TrackedFinding::state).containsOnly(State.STILL);
    assertThat(second.findings())
        .extracting(tracked -> tracked.finding().start())
        .containsExactlyElementsOf(
            first.findings().stream().map(tracked -> tracked.finding().start()).toList());
    assertThat(pipeline.stores.documents().text(first.reportKey()))
        .contains("\"series_id\":\"cpu_utilization#i-29\",\"detector\":\"threshold\"");
  }

  @Test
  void tellsWhichDiskFillsUp() {
    Result result = analyze(AnalyzeMetrics.FORECAST, "run-1");

    assertThat(result.findings())
        .singleElement()
        .satisfies(
            tracked -> {
              assertThat(tracked.finding().series().instanceId()).isEqualTo("i-leak");
              assertThat(tracked.finding().reason())
                  .startsWith("79 % now, growing by 48 percentage points a day: reaches 100 % in");
            });
  }

  @Test
  void losesOneSeriesToABrokenReadAndNoOther() {
    pipeline.stores.faults().failNext(1, Operation.HISTORY_POINTS);

    Result result = analyze(AnalyzeMetrics.FORECAST, "run-1");

    assertThat(result.summary()).contains("Could not be read: 1, first disk_usage#");
    assertThat(pipeline.stores.faults().calls(Operation.HISTORY_POINTS)).isEqualTo(32);
  }

  @Test
  void tellsAndWritesTheSameAfterAnyFailureOfTheLedgerOrTheReports() {
    Result clean = analyze(AnalyzeMetrics.ANOMALIES, "run-1");
    String report = pipeline.stores.documents().text(clean.reportKey());
    for (Operation operation :
        List.of(
            Operation.LEDGER_FINDINGS,
            Operation.LEDGER_REPLACE_FINDINGS,
            Operation.DOCUMENT_OPEN,
            Operation.DOCUMENT_CREATE,
            Operation.DOCUMENT_COMMIT)) {
      for (Faults.When when : Faults.When.values()) {
        if (operation == Operation.DOCUMENT_COMMIT) {
          pipeline.stores.faults().passNext(1, operation); // That of the charts.
        }
        pipeline.stores.faults().failNext(1, operation, when);
        assertThatThrownBy(() -> analyze(AnalyzeMetrics.ANOMALIES, "run-1"))
            .as("%s %s", operation, when)
            .isInstanceOf(RetryableFailureException.class);

        assertThat(analyze(AnalyzeMetrics.ANOMALIES, "run-1")).isEqualTo(clean);
        assertThat(pipeline.stores.documents().text(clean.reportKey())).isEqualTo(report);
      }
    }
  }

  @Test
  void losesNothingButItsChartsWhereTheseCannotBeStored() {
    Result clean = analyze(AnalyzeMetrics.ANOMALIES, "run-1");
    String key = AnalyzeMetrics.chartsKey("run-1", PipelineUnderTest.NOW);
    String report = pipeline.stores.documents().text(clean.reportKey());
    String charts = pipeline.stores.documents().text(key);
    assertThat(charts).contains("\"series_left_out\":0}");
    for (Operation operation : List.of(Operation.DOCUMENT_CREATE, Operation.DOCUMENT_COMMIT)) {
      for (Faults.When when : Faults.When.values()) {
        if (operation == Operation.DOCUMENT_CREATE) {
          pipeline.stores.faults().passNext(1, operation); // That of the report.
        }
        pipeline.stores.faults().failNext(1, operation, when);

        assertThat(analyze(AnalyzeMetrics.ANOMALIES, "run-1"))
            .as("%s %s", operation, when)
            .isEqualTo(clean);
        assertThat(pipeline.stores.documents().text(clean.reportKey()))
            .contains("{\"what\":\"charts\",\"reason\":\"planned failure of " + operation + "\"}");

        assertThat(analyze(AnalyzeMetrics.ANOMALIES, "run-1")).isEqualTo(clean);
        assertThat(pipeline.stores.documents().text(clean.reportKey())).isEqualTo(report);
        assertThat(pipeline.stores.documents().text(key)).isEqualTo(charts);
      }
    }
  }

  @Test
  void needsNothingThatWasLearned() {
    Result clean = analyze(AnalyzeMetrics.ANOMALIES, "run-1");
    for (Operation operation : List.of(Operation.LEDGER_LEARNED, Operation.LEDGER_LEARN)) {
      for (Faults.When when : Faults.When.values()) {
        pipeline.stores.faults().failNext(1, operation, when);

        assertThat(analyze(AnalyzeMetrics.ANOMALIES, "run-1"))
            .as("%s %s", operation, when)
            .isEqualTo(clean);
      }
    }
    assertThat(pipeline.stores.faults().calls(Operation.LEDGER_LEARNED)).isPositive();
  }

  private Result analyze(String analysis, String runId) {
    List<CollectionResult> collections = new ArrayList<>();
    for (MetricType type : List.of(MetricType.CPU_UTILIZATION, MetricType.DISK_USAGE)) {
      collections.add(
          new CollectionResult(
              type.name(),
              "run-1",
              PipelineUnderTest.NOW,
              null,
              Status.COLLECTED,
              List.of(new CollectedObject("raw-metrics/" + type, type, 1)),
              List.of(),
              null));
    }
    return analyze.analyze(new Request(analysis, runId, collections), pipeline.deadline());
  }

  private void store(MetricType type, String instance, Instant newest, IntToDoubleFunction value) {
    List<Metric> metrics = new ArrayList<>();
    for (int n = 0; n < 100; n++) {
      metrics.add(
          SampleMetrics.metric(
              type, instance, newest.minus(STEP.multipliedBy(99L - n)), value.applyAsDouble(n)));
    }
    pipeline
        .stores
        .records()
        .write(SampleMetrics.batch(metrics.toArray(Metric[]::new)), pipeline.deadline());
  }
}
