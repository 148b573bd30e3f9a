package io.inframetrics.sink;

import io.inframetrics.metric.Metric;
import io.inframetrics.time.Deadline;
import java.util.List;
import java.util.function.Consumer;

/**
 * Publishes data points for charts and alarms. Destinations count a data point that is sent twice
 * as two, so a run publishes last and once: it never retries or throws.
 */
public interface MetricPublisher {

  MetricPublisher NONE = (metrics, deadline) -> WriteResult.NOTHING;

  /** Publishes one type of one run. The result counts data points, maybe fewer than metrics. */
  WriteResult publish(Batches metrics, Deadline deadline);

  /**
   * Whether it leaves out the data points that it has already. If not, a run whose window lies
   * before that of an earlier run sends none: its clock was set back, or the later run was faster.
   */
  default boolean leavesOutDuplicates() {
    return false;
  }

  /** Metrics that may not fit into memory: pushed in batches, each time from the start. */
  @FunctionalInterface
  interface Batches {

    int MAX_METRICS = 1_000;

    /** Pushes every batch, of at most {@value #MAX_METRICS} metrics, in order. */
    void forEach(Consumer<List<Metric>> batch);
  }
}
