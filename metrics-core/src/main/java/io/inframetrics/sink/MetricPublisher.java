package io.inframetrics.sink;

import io.inframetrics.metric.Metric;
import io.inframetrics.time.Deadline;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sends data points to where they are charted and alarmed on. Such destinations count what is sent
 * twice as two, so a run publishes last and once: nothing is retried, and nothing that goes wrong
 * here is ever thrown.
 */
public interface MetricPublisher {

  /** Publishes nothing. */
  MetricPublisher NONE = (metrics, deadline) -> WriteResult.NOTHING;

  /**
   * Publishes the metrics of one type of one run.
   *
   * @return what became of each data point, of which there may be fewer than metrics; failures are
   *     in it
   */
  WriteResult publish(Batches metrics, Deadline deadline);

  /** Metrics too many to hold: pushed in batches, each time from the start. */
  @FunctionalInterface
  interface Batches {

    /** Metrics in a batch. */
    int MAX_METRICS = 1_000;

    /** Pushes every batch, of at most {@value #MAX_METRICS} metrics, in order. */
    void forEach(Consumer<List<Metric>> batch);
  }
}
