package io.inframetrics.sink.cloudwatch;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricPublisher.Batches;
import io.inframetrics.sink.cloudwatch.CloudWatchMetricPublisher.StopReadingException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Counts the series of a run before any is sent; remembers at most one more than the budget. */
final class SeriesBudget {

  /**
   * USD per custom metric and month, the price of the first 10,000 beyond the free ten.
   *
   * @see <a href="https://aws.amazon.com/cloudwatch/pricing/">CloudWatch pricing</a>
   */
  static final double USD_PER_METRIC_MONTH = 0.30;

  private final int budget;
  private final Set<Place> seen = new HashSet<>();

  SeriesBudget(int budget) {
    this.budget = budget;
  }

  /** Whether there are more series than the budget; stops reading as soon as it knows. */
  boolean isExceededBy(Batches metrics) {
    try {
      metrics.forEach(batch -> batch.forEach(this::count));
    } catch (RuntimeException e) {
      // The code that pushes the batches may wrap what count threw.
      if (seen.size() <= budget) {
        throw e;
      }
    }
    return seen.size() > budget;
  }

  private void count(Metric metric) {
    seen.add(new Place(metric.series(), metric.region()));
    if (seen.size() > budget) {
      throw new StopReadingException();
    }
  }

  String refusal() {
    return String.format(
        Locale.ROOT,
        "there are more than %1$d series, which would cost more than %2$.2f USD a month at %3$.2f"
            + " USD each: raise the series budget above %1$d if you accept that, or use the fleet"
            + " policy",
        budget,
        budget * USD_PER_METRIC_MONTH,
        USD_PER_METRIC_MONTH);
  }

  /** Besides the type, these make a metric of its own. */
  private record Place(Series series, String region) {}
}
