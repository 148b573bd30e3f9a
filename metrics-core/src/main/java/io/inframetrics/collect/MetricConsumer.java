package io.inframetrics.collect;

import io.inframetrics.metric.Series;

/**
 * Takes what a {@link MetricCollector} observes. Belongs to the thread that called the collector
 * and to that call: it is not safe to use from other threads, nor afterwards.
 */
@FunctionalInterface
public interface MetricConsumer {

  /**
   * Takes one observation. Push the observations of one {@link Series} one after another, oldest
   * first, where the source allows: stores pack them together.
   *
   * @throws IllegalArgumentException if the observation is of another type than the collector
   * @throws java.util.concurrent.CancellationException if the deadline has passed; let it through.
   *     What was pushed before is kept.
   */
  void accept(Observation observation);
}
