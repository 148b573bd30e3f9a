package io.inframetrics.pipeline.rawfile;

import io.inframetrics.detect.ReadableText;
import io.inframetrics.metric.Metric;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the metrics of one raw file as records, batch by batch. Remembers what cannot be stored
 * now; hands on what can never be stored. One thread.
 */
public final class RecordWriting {

  private final MetricRecordSink sink;
  private final Instant windowStart;
  private final boolean mayBeStored;
  private final Deadline deadline;
  private final BiConsumer<Metric, String> rejections;
  private long stored;
  private long left;
  private @Nullable Failed firstLeft;

  public RecordWriting(
      MetricRecordSink sink,
      Instant windowStart,
      boolean mayBeStored,
      Deadline deadline,
      BiConsumer<Metric, String> rejections) {
    this.sink = sink;
    this.windowStart = windowStart;
    this.mayBeStored = mayBeStored;
    this.deadline = deadline;
    this.rejections = rejections;
  }

  /**
   * Writes a batch of {@link SeriesBatcher}.
   *
   * @throws RetryableFailureException if some could not be stored and the deadline has passed: the
   *     rest of the file would only be read
   */
  public void write(List<Metric> metrics) {
    WriteResult result =
        sink.write(new MetricRecordSink.Batch(windowStart, metrics, mayBeStored), deadline);
    stored += result.written() + result.duplicate();
    left += result.retryable().size();
    if (firstLeft == null && !result.retryable().isEmpty()) {
      firstLeft = result.retryable().get(0);
    }
    if (deadline.hasPassed() && firstLeft != null) {
      throw left(firstLeft);
    }
    if (!result.rejected().isEmpty()) {
      Map<String, Metric> byId = new HashMap<>();
      metrics.forEach(metric -> byId.put(metric.id(), metric));
      for (Failed rejected : result.rejected()) {
        Metric metric = byId.get(rejected.id());
        if (metric == null) {
          throw new IllegalStateException(
              "the record store rejected '%s', which it was not given".formatted(rejected.id()));
        }
        rejections.accept(metric, rejected.reason());
      }
    }
  }

  /**
   * How many observations are stored, after the last batch.
   *
   * @throws RetryableFailureException if some could not be stored now
   */
  public long finish() {
    if (firstLeft != null) {
      throw left(firstLeft);
    }
    return stored;
  }

  private RetryableFailureException left(Failed first) {
    return new RetryableFailureException(
        "%s could not be stored, first %s: %s"
            .formatted(ReadableText.count(left, "record"), first.id(), first.reason()));
  }
}
