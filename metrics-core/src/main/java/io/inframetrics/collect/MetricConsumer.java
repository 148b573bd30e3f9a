package io.inframetrics.collect;

import io.inframetrics.metric.Series;

/**
 * Takes what a {@link MetricCollector} observes. Only the thread that called the collector may use
 * it, and only during that call.
 */
@FunctionalInterface
public interface MetricConsumer {

  /**
   * Takes one observation. Push the observations of one {@link Series} one after another, oldest
   * first, where the source allows: stores pack them together.
   *
   * @throws IllegalArgumentException if the observation is of another type than the collector
   * @throws java.util.concurrent.CancellationException if the deadline has passed; do not catch it.
   *     Everything pushed so far is kept.
   */
  void accept(Observation observation);
}
