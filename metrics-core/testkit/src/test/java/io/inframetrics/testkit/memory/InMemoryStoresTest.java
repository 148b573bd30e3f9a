package io.inframetrics.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.RawMetricSink.Commit;
import io.inframetrics.sink.RawMetricSink.Spec;
import io.inframetrics.sink.RunLedger.ProcessedMark;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.contract.RawMetricSinkContract;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryStoresTest {

  private static final String KEY =
      "raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463.json";

  private final InMemoryStores stores = new InMemoryStores();

  @Test
  void failsBeforeAnythingIsDone() {
    stores.faults().failNext(1, Operation.RAW_COMMIT);

    assertThatThrownBy(this::store).isInstanceOf(RetryableFailureException.class);

    assertThat(stores.rawMetrics().keys()).isEmpty();
    assertThat(store()).isEqualTo(new Commit(KEY, true));
  }

  @Test
  void failsAfterEverythingIsDone() {
    stores.faults().failNext(1, Operation.RAW_COMMIT, Faults.When.AFTER);

    assertThatThrownBy(this::store).isInstanceOf(RetryableFailureException.class);

    assertThat(stores.rawMetrics().text(KEY)).isEqualTo("content");
    assertThat(store()).isEqualTo(new Commit(KEY, false));
  }

  @Test
  void failsAtTheCallThatWasPlanned() {
    stores.faults().passNext(1, Operation.LEDGER_MARK);
    stores
        .faults()
        .failNext(2, Operation.LEDGER_MARK, Faults.When.BEFORE, IllegalStateException::new);

    mark("a");
    assertThatThrownBy(() -> mark("b")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> mark("c")).isInstanceOf(IllegalStateException.class);
    mark("d");

    assertThat(stores.ledger().marks()).containsOnlyKeys("a", "d");
    assertThat(stores.faults().calls(Operation.LEDGER_MARK)).isEqualTo(4);
  }

  @Test
  void answersAFailedPublicationAsData() {
    stores.faults().failNext(1, Operation.PUBLISH);

    WriteResult result =
        stores
            .publisher()
            .publish(batch -> batch.accept(List.of(SampleMetrics.EXAMPLE)), Deadlines.never());

    assertThat(result.retryable()).hasSize(1);
    assertThat(stores.publisher().published()).isEmpty();
  }

  @Test
  void rejectsAndDelaysSingleRecords() {
    stores.records().reject(metric -> metric.value() > 80, "over 80");
    stores
        .records()
        .retryLater(metric -> metric.series().instanceId().equals("i-late"), 1, "later");
    var late =
        SampleMetrics.metric(MetricType.DISK_USAGE, "i-late", SampleMetrics.RUN.observedAt(), 1);
    var high =
        SampleMetrics.metric(MetricType.DISK_USAGE, "i-high", SampleMetrics.RUN.observedAt(), 81);
    var batch = SampleMetrics.batch(late, high);

    WriteResult first = stores.records().write(batch, Deadlines.never());
    WriteResult second = stores.records().write(batch, Deadlines.never());

    assertThat(first.retryable()).containsExactly(new WriteResult.Failed(late.id(), "later"));
    assertThat(first.rejected()).containsExactly(new WriteResult.Failed(high.id(), "over 80"));
    assertThat(second.written()).isEqualTo(1);
    assertThat(stores.records().metrics()).containsExactly(late);
  }

  @Test
  void tellsListenersOfEachCommittedFileOnce() {
    List<String> landed = new ArrayList<>();
    stores.rawMetrics().onCommitted(landed::add);

    store();
    store();
    stores.rawMetrics().drop("raw-metrics/by-hand.json", "x");

    assertThat(landed).containsExactly(KEY);
  }

  @Test
  void movesTheClockInEveryZone() {
    ManualClock clock = ManualClock.at(Instant.EPOCH);
    var inTokyo = clock.withZone(ZoneId.of("Asia/Tokyo"));

    clock.advance(Duration.ofHours(1));

    assertThat(inTokyo.instant()).isEqualTo(Instant.EPOCH.plusSeconds(3600));
    assertThat(inTokyo.getZone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
  }

  @Test
  void makesDeadlines() {
    assertThat(Deadlines.never().hasPassed()).isFalse();
    assertThat(Deadlines.passed().hasPassed()).isTrue();
    assertThat(Deadlines.inRealTime(Duration.ofHours(1)).hasPassed()).isFalse();
  }

  @Test
  void samplesAgreeWithTheExampleLine() {
    assertThat(SampleMetrics.EXAMPLE_LINE)
        .contains("\"metric_id\":\"" + SampleMetrics.EXAMPLE.id() + "\"")
        .contains("\"timestamp\":" + SampleMetrics.RUN.observedAt().getEpochSecond());
    assertThat(SampleMetrics.awkwardSeries()).doesNotHaveDuplicates();
    assertThat(SampleMetrics.fleet(MetricType.CPU_UTILIZATION, 3, 4))
        .hasSize(12)
        .allMatch(
            metric ->
                metric.timestamp().isAfter(SampleMetrics.WINDOW_START)
                    && !metric.timestamp().isAfter(SampleMetrics.RUN.observedAt()));
  }

  private Commit store() {
    Spec spec =
        new Spec(
            SampleMetrics.RUN,
            MetricType.CPU_UTILIZATION,
            SampleMetrics.WINDOW_START,
            List.of(KEY));
    try (StagedObject<Commit> staged = stores.rawMetrics().open(spec, Deadlines.never())) {
      RawMetricSinkContract.write(staged.body(), "content");
      return staged.commit();
    }
  }

  private void mark(String key) {
    stores.ledger().markProcessed(new ProcessedMark(key, 1, 0, Instant.EPOCH), Deadlines.never());
  }
}
