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

  /**
   * Takes a sentence for the people who read about the run: what was left out, or why there was
   * nothing to observe and what to set. A run shows at most three of a type. Dropped by a consumer
   * that shows none.
   */
  default void note(String sentence) {}
}
