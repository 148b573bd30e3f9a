package io.inframetrics.detect;

import io.inframetrics.metric.Point;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Describes a history in numbers, in the unit of the series.
 *
 * @param count points, at least 1
 * @param from time of the oldest point
 * @param to time of the newest point
 * @param median the middle value, or the mean of the two in the middle
 * @param p95 the smallest value that at least 95 % of the values do not exceed (nearest rank)
 * @param latest value of the newest point
 */
public record SeriesSummary(
    int count,
    Instant from,
    Instant to,
    double min,
    double max,
    double mean,
    double median,
    double p95,
    double latest) {

  /** Describes a history; empty if it has no points. */
  public static Optional<SeriesSummary> of(SeriesHistory history) {
    int n = history.points().size();
    if (n == 0) {
      return Optional.empty();
    }
    Point oldest = history.points().get(0);
    Point newest = history.points().get(n - 1);
    double[] sorted = history.points().stream().mapToDouble(Point::value).toArray();
    Arrays.sort(sorted);
    double mean = 0;
    for (double value : sorted) {
      // Divided first: the sum of large finite values need not be finite.
      mean += value / n;
    }
    return Optional.of(
        new SeriesSummary(
            n,
            Instant.ofEpochSecond(oldest.epochSecond()),
            Instant.ofEpochSecond(newest.epochSecond()),
            sorted[0],
            sorted[n - 1],
            // Rounding may carry the mean of equal values past them.
            Math.max(sorted[0], Math.min(sorted[n - 1], mean)),
            RobustStatistics.medianOfSorted(sorted, n),
            sorted[(int) Math.ceil(0.95 * n) - 1],
            newest.value()));
  }
}
