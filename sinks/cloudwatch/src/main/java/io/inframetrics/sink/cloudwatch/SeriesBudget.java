package io.inframetrics.sink.cloudwatch;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricPublisher.Batches;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Counts the series of a run before any is sent. Remembers them, at most one more than the budget.
 */
final class SeriesBudget {

  /**
   * USD for a custom metric and month, the price of the first 10,000 beyond the free ten.
   *
   * @see <a href="https://aws.amazon.com/cloudwatch/pricing/">CloudWatch pricing</a>
   */
  static final double USD_PER_METRIC_MONTH = 0.30;

  private final int budget;
  private final Set<Place> seen = new HashSet<>();
  private long observations;

  SeriesBudget(int budget) {
    this.budget = budget;
  }

  /** Whether there are more series than the budget has; reads no further than to know it. */
  boolean isExceededBy(Batches metrics) {
    // No more observations than that, no more series: told without a look at any of them.
    return exceeds(metrics, this::countObservations) && exceeds(metrics, this::countSeries);
  }

  /** Why nothing is published by series. */
  String refusal() {
    return String.format(
        Locale.ROOT,
        "there are more than %1$d series, which would cost more than %2$.2f USD a month at %3$.2f"
            + " USD each: raise the series budget above %1$d if that is meant, or use the fleet"
            + " policy",
        budget,
        budget * USD_PER_METRIC_MONTH,
        USD_PER_METRIC_MONTH);
  }

  /** Whether {@code counting} ran out of budget before it had seen all. */
  private static boolean exceeds(Batches metrics, Consumer<List<Metric>> counting) {
    boolean[] enough = {false};
    try {
      metrics.forEach(
          batch -> {
            try {
              counting.accept(batch);
            } catch (EnoughException e) {
              enough[0] = true;
              throw e;
            }
          });
    } catch (RuntimeException e) {
      if (!enough[0]) {
        throw e;
      }
    }
    return enough[0];
  }

  private void countObservations(List<Metric> batch) {
    observations += batch.size();
    if (observations > budget) {
      throw new EnoughException();
    }
  }

  private void countSeries(List<Metric> batch) {
    for (Metric metric : batch) {
      seen.add(new Place(metric.series(), metric.region()));
      if (seen.size() > budget) {
        throw new EnoughException();
      }
    }
  }

  /** What makes a metric of its own, beside its type. */
  private record Place(Series series, String region) {}

  /** Leaves the loop of whoever pushes batches. */
  private static final class EnoughException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EnoughException() {
      super("more series than the budget has", null, false, false);
    }
  }
}
