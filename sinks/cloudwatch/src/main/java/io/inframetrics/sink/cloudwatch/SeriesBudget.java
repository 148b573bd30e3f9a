package io.inframetrics.sink.cloudwatch;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricPublisher.Batches;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts the series of a run before any is sent. Remembers a hash of each, at most one more than
 * the budget.
 */
final class SeriesBudget {

  /**
   * USD for a custom metric and month, the price of the first 10,000 beyond the free ten.
   *
   * @see <a href="https://aws.amazon.com/cloudwatch/pricing/">CloudWatch pricing</a>
   */
  static final double USD_PER_METRIC_MONTH = 0.30;

  private final int budget;
  private final Set<Long> seen = new HashSet<>();
  private @Nullable Series lastSeries;
  private @Nullable String lastRegion;

  SeriesBudget(int budget) {
    this.budget = budget;
  }

  /** Whether there are more series than the budget has; reads no further than to know it. */
  boolean isExceededBy(Batches metrics) {
    try {
      metrics.forEach(this::count);
    } catch (RuntimeException e) {
      if (!isExceeded()) {
        throw e;
      }
    }
    return isExceeded();
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

  private boolean isExceeded() {
    return seen.size() > budget;
  }

  @SuppressWarnings("ReferenceEquality") // A quick way past equal neighbours; the set decides.
  private void count(List<Metric> batch) {
    for (Metric metric : batch) {
      if (metric.series() == lastSeries && metric.region().equals(lastRegion)) {
        continue;
      }
      lastSeries = metric.series();
      lastRegion = metric.region();
      seen.add(hash(lastSeries.id(), lastRegion));
      if (isExceeded()) {
        throw new EnoughException();
      }
    }
  }

  /** FNV-1a over both texts. */
  private static long hash(String id, String region) {
    long hash = 0xCBF29CE484222325L;
    for (String text : new String[] {id, region}) {
      for (int i = 0; i < text.length(); i++) {
        hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
      }
      hash = (hash ^ 0xFFFF) * 0x100000001B3L;
    }
    return hash;
  }

  /** Leaves the loop of whoever pushes batches. */
  private static final class EnoughException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EnoughException() {
      super("more series than the budget has", null, false, false);
    }
  }
}
