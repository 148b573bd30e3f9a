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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the metrics of one raw file as records, batch by batch. Remembers what cannot be stored
 * now; hands on what can never be stored, and all the rest. One thread.
 */
public final class RecordWriting {

  private final MetricRecordSink sink;
  private final Instant windowStart;
  private final boolean mayBeStored;
  private final Deadline deadline;
  private final Consumer<Metric> accepted;
  private final BiConsumer<Metric, String> rejections;
  private long stored;
  private long left;
  private @Nullable Failed firstLeft;

  public RecordWriting(
      MetricRecordSink sink,
      Instant windowStart,
      boolean mayBeStored,
      Deadline deadline,
      Consumer<Metric> accepted,
      BiConsumer<Metric, String> rejections) {
    this.sink = sink;
    this.windowStart = windowStart;
    this.mayBeStored = mayBeStored;
    this.deadline = deadline;
    this.accepted = accepted;
    this.rejections = rejections;
  }

  /**
   * Writes a batch of {@link SeriesBatcher}.
   *
   * @throws RetryableFailureException if some could not be stored and the deadline has passed: the
   *     rest of the file would only be read
   */
  public void write(List<Metric> metrics) {
    WriteResult result = send(metrics, mayBeStored);
    stored += result.written() + result.duplicate();
    if (deadline.hasPassed() && firstLeft != null) {
      throw left(firstLeft);
    }
    Map<Metric, String> rejected =
        result.rejected().isEmpty() ? Map.of() : rejected(metrics, result.rejected());
    for (Metric metric : metrics) {
      String reason = rejected.get(metric);
      if (reason == null) {
        accepted.accept(metric);
      } else {
        rejections.accept(metric, reason);
      }
    }
  }

  private WriteResult send(List<Metric> metrics, boolean again) {
    WriteResult result =
        sink.write(new MetricRecordSink.Batch(windowStart, metrics, again), deadline);
    left += result.retryable().size();
    if (firstLeft == null && !result.retryable().isEmpty()) {
      firstLeft = result.retryable().get(0);
    }
    return result;
  }

  /**
   * Which of {@code metrics} were rejected, and why. The store names them by their ids. If several
   * different metrics have such an id, writing each alone tells which of them it rejects.
   */
  private Map<Metric, String> rejected(List<Metric> metrics, List<Failed> failures) {
    Map<String, Set<Metric>> byId = new HashMap<>();
    metrics.forEach(
        metric -> byId.computeIfAbsent(metric.id(), id -> new LinkedHashSet<>()).add(metric));
    Map<String, String> reasons = new HashMap<>();
    failures.forEach(failure -> reasons.putIfAbsent(failure.id(), failure.reason()));
    Map<Metric, String> rejected = new HashMap<>();
    reasons.forEach(
        (id, reason) -> {
          Set<Metric> named = byId.get(id);
          if (named == null) {
            throw new IllegalStateException(
                "the record store rejected '%s', which it was not given".formatted(id));
          }
          for (Metric metric : named) {
            if (named.size() == 1) {
              rejected.put(metric, reason);
            } else {
              send(List.of(metric), true)
                  .rejected()
                  .forEach(alone -> rejected.put(metric, alone.reason()));
            }
          }
        });
    return rejected;
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
