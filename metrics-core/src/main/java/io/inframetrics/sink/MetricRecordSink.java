package io.inframetrics.sink;

import io.inframetrics.metric.Metric;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.List;

/**
 * Stores metrics as records, for {@link MetricHistory} to read. A record's identity is its series
 * and second. If two metrics have one identity, the greater by {@link Metric#PRECEDENCE} is kept,
 * in whatever order they are written. Writing a stored metric again changes nothing. The batches of
 * a file may be written more than once, in any order, and by two writers at the same time. A store
 * must not lose metrics because of that.
 */
public interface MetricRecordSink {

  /** Stores a batch. Metrics not stored after all retries, or at the deadline, are retryable. */
  WriteResult write(Batch batch, Deadline deadline);

  /**
   * Metrics of one raw file.
   *
   * @param windowStart the start of the window that the file covers, exclusive. It is the same for
   *     each batch of a file and on every read. If the file does not name its window, this is the
   *     time in the file's name
   * @param metrics of one type, at most {@value #MAX_METRICS}; those of one series are adjacent
   * @param mayBeStored whether an earlier attempt, or another reader of the same file, may have
   *     written these metrics. If so, a store may look for them before it writes. If this is false
   *     although they are stored, the result may count them as newly written
   */
  record Batch(Instant windowStart, List<Metric> metrics, boolean mayBeStored) {

    /**
     * The most metrics in a batch, about half a megabyte. {@value #SERIES_STEP} series with a point
     * a minute for three hours fit.
     */
    public static final int MAX_METRICS = 5_000;

    /**
     * The number of series in each batch of a file, except the last, is a multiple of this, if that
     * many fit. A store that packs a series into one item writes 25 of them in one call.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html">BatchWriteItem</a>
     */
    public static final int SERIES_STEP = 25;

    public Batch {
      metrics = List.copyOf(metrics);
      if (metrics.size() > MAX_METRICS) {
        throw new IllegalArgumentException(
            "a batch has %d metrics: use at most %d".formatted(metrics.size(), MAX_METRICS));
      }
    }

    /** This batch, with {@link #mayBeStored} set. */
    public Batch again() {
      return new Batch(windowStart, metrics, true);
    }
  }
}
