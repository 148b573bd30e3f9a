package io.inframetrics.sink;

import io.inframetrics.metric.Metric;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.List;

/**
 * Stores observations as records, for {@link MetricHistory} to read. Identity is series and second:
 * of two values of one identity the one stands that is greater by {@link Metric#PRECEDENCE},
 * whatever the order of writes; writing what is stored, or less, changes nothing. Batches of one
 * file may come more than once, in any order and, from two writers, side by side; nothing of one
 * batch is lost by another.
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
   * @param mayBeStored whether an earlier try, or another reader of the same file, may have written
   *     these already: a store that cannot tell cheaply may then look before it writes. Where it is
   *     false and they are stored all the same, nothing is wrong, but they may count as written
   */
  record Batch(Instant windowStart, List<Metric> metrics, boolean mayBeStored) {

    /**
     * Metrics in a batch: {@value #SERIES_STEP} series of a three-hour window with a point every
     * minute fit, about half a megabyte.
     */
    public static final int MAX_METRICS = 5_000;

    /**
     * Batches of a file, but the last, have a multiple of so many series, where as many fit: a
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

    /** The same, as a batch that may be stored. */
    public Batch again() {
      return new Batch(windowStart, metrics, true);
    }
  }
}
