package io.inframetrics.pipeline.rawfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordWritingTest {

  private static final Instant NOW = Instant.parse("2026-02-19T11:27:43Z");
  private static final CollectionRun RUN = new CollectionRun("run-1", NOW);
  private static final Series SERIES = Series.of(MetricType.CPU_UTILIZATION, "i-0abc");

  private final List<Integer> batches = new ArrayList<>();

  @Test
  void goesOnAfterABatchThatCouldNotBeStoredWhileThereIsTime() {
    RecordWriting writing = writing(Duration.ofMinutes(1), this::leavesTheFirstBatch);
    write(writing, 3 * Batch.MAX_METRICS);

    assertThatThrownBy(writing::finish)
        .isInstanceOf(RetryableFailureException.class)
        .hasMessage("1 record could not be stored, first some: throttled");
    assertThat(batches).hasSize(3);
  }

  @Test
  void readsNoFurtherWhenTheDeadlineHasPassedAndSomeAreLeft() {
    RecordWriting writing = writing(Duration.ZERO, this::leavesTheFirstBatch);

    assertThatThrownBy(() -> write(writing, 3 * Batch.MAX_METRICS))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessage("1 record could not be stored, first some: throttled");
    assertThat(batches).hasSize(1);
  }

  @Test
  void storesAllWhereTheSinkDoesThoughTheDeadlineHasPassed() {
    RecordWriting writing = writing(Duration.ZERO, this::takes);
    write(writing, 3 * Batch.MAX_METRICS);

    assertThat(writing.finish()).isEqualTo(3L * Batch.MAX_METRICS);
  }

  private WriteResult takes(Batch batch, Deadline deadline) {
    batches.add(batch.metrics().size());
    return WriteResult.written(batch.metrics().size());
  }

  private WriteResult leavesTheFirstBatch(Batch batch, Deadline deadline) {
    WriteResult all = takes(batch, deadline);
    return batches.size() > 1
        ? all
        : new WriteResult(0, 0, List.of(), List.of(new Failed("some", "throttled")));
  }

  private static RecordWriting writing(Duration left, MetricRecordSink sink) {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    return new RecordWriting(
        sink, NOW, false, Deadline.after(left, clock), metric -> {}, (metric, reason) -> {});
  }

  private static void write(RecordWriting writing, int metrics) {
    SeriesBatcher batcher = new SeriesBatcher(writing::write);
    for (int i = 0; i < metrics; i++) {
      batcher.add(new Metric(SERIES, NOW.minusSeconds(i), 1, MetricUnit.PERCENT, "eu-west-1", RUN));
    }
    batcher.finish();
  }
}
