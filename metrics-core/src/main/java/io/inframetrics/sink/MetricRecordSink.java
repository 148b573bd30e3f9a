package io.inframetrics.sink;

import io.inframetrics.metric.Metric;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.List;

/**
 * Stores metrics as records, for {@link MetricHistory} to read. Identity is series and second: of
 * two values of one identity the one that is greater by {@link Metric#PRECEDENCE} is kept, in
 * whatever order they are written; writing the stored value again changes nothing. Batches of one
 * file may come more than once, in any order and from two writers at the same time; they must not
 * lose each other's metrics.
 */
public interface MetricRecordSink {

  /** Stores a batch. Retryable metrics are those left after all retries or the deadline. */
  WriteResult write(Batch batch, Deadline deadline);

  /**
   * Metrics of one raw file.
   *
   * @param windowStart the start of the window that the file covers, exclusive: the same for each
   *     batch of a file and on every read; the time in the file's name if the file does not say
   * @param metrics of one type, at most {@value #MAX_METRICS}; those of one series stand together
   * @param mayBeStored whether an earlier try, or another reader of the same file, may have written
   *     these metrics: a store that cannot tell cheaply may then look before it writes. If it is
   *     false although they are stored, they may count as written
   */
  record Batch(Instant windowStart, List<Metric> metrics, boolean mayBeStored) {

    /** {@value #SERIES_STEP} series with a point a minute for three hours fit: half a megabyte. */
    public static final int MAX_METRICS = 5_000;

    /**
     * Batches of a file, except the last, have a multiple of this many series, if that many fit: a
     * store that packs a series into one item writes 25 in one call.
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
