package io.inframetrics.analyze;

import io.inframetrics.analyze.Forecast.Outcome;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Forecasts when a capacity is reached, along a straight line with a robust slope (Theil-Sen).
 *
 * <p>A long history is first cut into {@value #MAX_BUCKETS} equal stretches of time, each with its
 * median, which bounds the cost. A rise counts as growth only if noise alone would not make it:
 * more than three times its standard error, and at least 0.5 % of the capacity. The line is drawn
 * at most ten times as far into the future as there is history, so an hour of points never speaks
 * of next month.
 *
 * <p>Critical if the capacity is reached within a day, a warning within a week, else for
 * information. Stateless and safe to share.
 */
public final class ForecastDetector implements Detector {

  /** The detector's name in findings. */
  public static final String NAME = "forecast";

  /** Points that a forecast needs. */
  public static final int MIN_POINTS = 12;

  private static final int MAX_BUCKETS = 64;
  private static final int LEVEL_POINTS = 3;
  private static final int REACH = 10;
  private static final double MIN_RISE = 0.005;
  private static final double SECONDS_A_DAY = 86_400;
  private static final Duration SOON = Duration.ofDays(1);
  private static final Duration THIS_WEEK = Duration.ofDays(7);

  private final Map<MetricType, Double> capacities;
  private final Duration horizon;

  /**
   * A detector for the types that have a capacity.
   *
   * @param capacities by type, in the unit of its series, positive and finite; copied
   * @param horizon how far it looks; positive
   */
  public ForecastDetector(Map<MetricType, Double> capacities, Duration horizon) {
    this.capacities = Map.copyOf(capacities);
    this.horizon = horizon;
    capacities.forEach(
        (type, capacity) -> {
          if (!(capacity > 0 && Double.isFinite(capacity))) {
            throw new IllegalArgumentException(
                "capacity %s of '%s' is not valid: use a positive number"
                    .formatted(capacity, type));
          }
        });
    if (horizon.isNegative() || horizon.isZero()) {
      throw new IllegalArgumentException(
          "forecast horizon %s is not valid: use a positive duration".formatted(horizon));
    }
  }

  @Override
  public List<Finding> detect(SeriesHistory history) {
    return forecast(history).flatMap(forecast -> finding(history, forecast)).stream().toList();
  }

  /** What becomes of a series; empty if its type has no capacity. */
  public Optional<Forecast> forecast(SeriesHistory history) {
    Double capacity = capacities.get(history.series().type());
    return capacity == null ? Optional.empty() : Optional.of(forecast(history, capacity));
  }

  /** A finding if the capacity is reached, or will be within the horizon. */
  public Optional<Finding> finding(SeriesHistory history, Forecast forecast) {
    Duration left = forecast.timeLeft();
    Double level = forecast.level();
    if (left == null || level == null) {
      return Optional.empty();
    }
    // A forecast has no first point: it is about the newest one. Who keeps findings from run to run
    // knows since when it is forecast.
    Point newest = history.points().get(history.points().size() - 1);
    Instant at = Instant.ofEpochSecond(newest.epochSecond());
    double share = left.toSeconds() / (double) Math.max(1, horizon.toSeconds());
    return Optional.of(
        new Finding(
            history.series(),
            history.unit(),
            NAME,
            left.compareTo(SOON) <= 0
                ? Severity.CRITICAL
                : left.compareTo(THIS_WEEK) <= 0 ? Severity.WARNING : Severity.INFO,
            at,
            at,
            true,
            level,
            Math.max(0, 1 - share),
            forecast.words(),
            forecast));
  }

  private Forecast forecast(SeriesHistory history, double capacity) {
    List<Point> points = history.points();
    MetricUnit unit = history.unit();
    int n = points.size();
    Double level = n == 0 ? null : level(points);
    if (level != null && level >= capacity) {
      Instant at = Instant.ofEpochSecond(points.get(n - 1).epochSecond());
      String words =
          "at its capacity: %s of %s"
              .formatted(Words.value(level, unit), Words.value(capacity, unit));
      return new Forecast(Outcome.EXHAUSTED, capacity, level, null, Duration.ZERO, at, words);
    }
    if (level == null || n < MIN_POINTS) {
      String words = "not enough data: %s of %d".formatted(Words.count(n, "point"), MIN_POINTS);
      return silent(Outcome.NOT_ENOUGH_DATA, capacity, level, words);
    }
    double slope = growth(points, capacity);
    if (slope <= 0) {
      String words = "not growing: " + Words.value(level, unit) + " now";
      return silent(Outcome.NOT_GROWING, capacity, level, words);
    }
    return growing(points, unit, capacity, level, slope);
  }

  private Forecast growing(
      List<Point> points, MetricUnit unit, double capacity, double level, double slope) {
    long newest = points.get(points.size() - 1).epochSecond();
    long span = newest - points.get(0).epochSecond();
    long far =
        Math.min(
            horizon.toSeconds(), span > Long.MAX_VALUE / REACH ? Long.MAX_VALUE : REACH * span);
    double growthPerDay = Robust.finite(slope * SECONDS_A_DAY);
    double seconds = Robust.finite((capacity - level) / slope);
    String soFar =
        "%s now, growing by %s".formatted(Words.value(level, unit), rate(slope, span, unit));
    if (seconds > far) {
      String words =
          "%s: does not reach %s within %s%s"
              .formatted(
                  soFar,
                  Words.value(capacity, unit),
                  Words.duration(Duration.ofSeconds(far)),
                  far < horizon.toSeconds() ? ", as far as its short history can tell" : "");
      return new Forecast(Outcome.BEYOND_HORIZON, capacity, level, growthPerDay, null, null, words);
    }
    Duration left = Duration.ofSeconds(Math.round(seconds));
    Instant at = Instant.ofEpochSecond(newest).plus(left);
    String words =
        "%s: reaches %s in %s (%s)"
            .formatted(soFar, Words.value(capacity, unit), Words.duration(left), Words.time(at));
    return new Forecast(Outcome.EXHAUSTS, capacity, level, growthPerDay, left, at, words);
  }

  /** Per day, hour or minute: nobody can picture minutes of growth as that of a whole day. */
  private static String rate(double slope, long span, MetricUnit unit) {
    ChronoUnit per =
        span >= ChronoUnit.DAYS.getDuration().toSeconds()
            ? ChronoUnit.DAYS
            : span >= ChronoUnit.HOURS.getDuration().toSeconds()
                ? ChronoUnit.HOURS
                : ChronoUnit.MINUTES;
    String change = Words.change(Robust.finite(slope * per.getDuration().toSeconds()), unit);
    return switch (per) {
      case DAYS -> change + " a day";
      case HOURS -> change + " an hour";
      default -> change + " a minute";
    };
  }

  private static Forecast silent(
      Outcome outcome, double capacity, @Nullable Double level, String words) {
    return new Forecast(outcome, capacity, level, null, null, null, words);
  }

  /** The median of the last points: one outlier at the end neither fills nor empties a disk. */
  private static double level(List<Point> points) {
    return Robust.median(
        points.subList(Math.max(0, points.size() - LEVEL_POINTS), points.size()).stream()
            .mapToDouble(Point::value)
            .toArray());
  }

  /** The slope in units a second, or 0 if it is no growth. */
  private static double growth(List<Point> points, double capacity) {
    double[][] line = buckets(points);
    double[] x = line[0];
    double[] y = line[1];
    int n = x.length;
    if (n < 3) {
      return 0;
    }
    double slope = Robust.slope(x, y);
    double[] residuals = new double[n];
    for (int i = 0; i < n; i++) {
      residuals[i] = Robust.finite(y[i] - Robust.finite(slope * x[i]));
    }
    double noise = Robust.sigma(residuals, Robust.median(residuals));
    // Standard error of the rise over the whole span when n evenly spaced points are this noisy.
    double standardError = noise * Math.sqrt(12.0 / n);
    double rise = Robust.finite(slope * (x[n - 1] - x[0]));
    return rise > 3 * standardError && rise >= MIN_RISE * capacity ? slope : 0;
  }

  /** Times in seconds since the first point, and values; medians of buckets if there are many. */
  private static double[][] buckets(List<Point> points) {
    int n = points.size();
    long origin = points.get(0).epochSecond();
    double[] x = new double[n];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = points.get(i).epochSecond() - origin;
      y[i] = points.get(i).value();
    }
    if (n <= MAX_BUCKETS) {
      return new double[][] {x, y};
    }
    double width = x[n - 1] / MAX_BUCKETS;
    int filled = 0;
    int from = 0;
    while (from < n) {
      int bucket = (int) Math.min(MAX_BUCKETS - 1, x[from] / width);
      int to = from + 1;
      while (to < n && (int) Math.min(MAX_BUCKETS - 1, x[to] / width) == bucket) {
        to++;
      }
      double middle = Robust.median(Arrays.copyOfRange(x, from, to));
      double value = Robust.median(Arrays.copyOfRange(y, from, to));
      // Written behind what is read: a bucket holds at least one point.
      x[filled] = middle;
      y[filled] = value;
      filled++;
      from = to;
    }
    return new double[][] {Arrays.copyOf(x, filled), Arrays.copyOf(y, filled)};
  }
}
