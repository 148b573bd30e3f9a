package io.inframetrics.sink;

import io.inframetrics.metric.Metric;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.List;

/**
 * Stores observations as records, for {@link MetricHistory} to read. Identity is series and second:
 * writing one again with the same value changes nothing, with another value replaces it. Batches of
 * one file may come more than once and, from two writers, side by side; nothing of an earlier batch
 * is lost by a later one.
 */
public interface MetricRecordSink {

  /**
   * Stores a batch.
   *
   * @return what became of each metric of the batch; retryable is what is left when retries and
   *     deadline are used up
   */
  WriteResult write(Batch batch, Deadline deadline);

  /**
   * Metrics of one raw file.
   *
   * @param windowStart the start of the window that the file covers, exclusive: the same for each
   *     batch of a file and whenever the file is read again; where a file does not say, the time in
   *     its name
   * @param metrics of one type, at most {@value #MAX_METRICS}; those of one series stand together
   */
  record Batch(Instant windowStart, List<Metric> metrics) {

    /** Metrics in a batch. */
    public static final int MAX_METRICS = 1_000;

    public Batch {
      metrics = List.copyOf(metrics);
      if (metrics.size() > MAX_METRICS) {
        throw new IllegalArgumentException(
            "a batch has %d metrics: use at most %d".formatted(metrics.size(), MAX_METRICS));
      }
    }
  }
}
