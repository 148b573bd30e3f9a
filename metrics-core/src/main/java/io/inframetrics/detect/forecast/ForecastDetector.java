package io.inframetrics.detect.forecast;

import io.inframetrics.detect.Detector;
import io.inframetrics.detect.Finding;
import io.inframetrics.detect.Forecast;
import io.inframetrics.detect.Forecast.Outcome;
import io.inframetrics.detect.ReadableText;
import io.inframetrics.detect.RobustStatistics;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.Severity;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Forecasts when a capacity is reached: the time that is as likely too late as too early, and an
 * interval that holds the true one with a chance of 80 %.
 *
 * <p>Points become at most {@value Blocks#MAX_BLOCKS} medians of equal stretches of time, without
 * outliers. The time of day is taken off where three days are known, and the day of the week where
 * two weeks are known and show it. A drop that does not recur is a clean-up: the level starts anew
 * behind it, from its second point on, and the growth is still known. Drops that recur, such as
 * those of a log that is rotated, belong to the growth; large ones only where they come often or
 * regularly, or at one hour of the day. What is left is explained by a line, by walks of its level
 * and its slope, and by noise; the walks are why an interval widens.
 *
 * <p>A series grows if that is 98 % certain and it would have risen by at least 0.5 % of the
 * capacity over its history. A wave of a week must not explain the rise in less than three weeks of
 * history, nor a wave of a day in less than three days. It does not grow if clean-ups at a fixed
 * hour keep its highest level where it was, or if it has stopped rising in the newest two fifths of
 * its history. A forecast reaches ten times as far as the history, and three times with less than
 * two days, as a rise may then be the time of day.
 *
 * <p>A level that rises steadily in its newest minutes and reaches the capacity within the hour
 * needs no history: five points over two minutes are enough.
 *
 * <p>Critical if the capacity is reached within a day, a warning within a week, else for
 * information. Stateless and safe to share. The cost does not grow with the square of the points.
 */
public final class ForecastDetector implements Detector {

  /** The detector's name in findings. */
  public static final String NAME = "forecast";

  /** Points that a forecast needs: half a day every hour. */
  public static final int MIN_POINTS = 12;

  /** Blocks with points that it needs, twice what {@link SeasonalRise} fits. */
  private static final int MIN_BLOCKS = 8;

  /** Newest points whose median is the level; the fewest that ignore a stray one. */
  private static final int LEVEL_POINTS = 3;

  /** Multiple of the history to look ahead. Half warns later, double trusts a line more. */
  private static final int REACH = 10;

  /** The same for a history below {@link #SHORT}: a rise may be the time of day. */
  private static final int SHORT_REACH = 3;

  private static final Duration SHORT = Duration.ofDays(2);

  /**
   * Chance of growth from which there is a forecast: {@code ForecastStudy} forecasts 94 % with it.
   */
  private static final double CERTAIN = 0.98;

  /** Share of the capacity that the history must rise by; half, double: the same in the study. */
  private static final double MIN_RISE = 0.005;

  /** Time left up to which a finding is critical: somebody must act today. */
  private static final Duration SOON = Duration.ofDays(1);

  /** Time left up to which a finding is a warning: somebody must act this week. */
  private static final Duration THIS_WEEK = Duration.ofDays(7);

  // Chances that the capacity is reached before; the outer two hold 80 % between them.
  private static final double EARLY = 0.1;
  private static final double MIDDLE = 0.5;
  private static final double LATE = 0.9;

  /** Seconds, a century: later times are as good as never, and earlier ones fit into an Instant. */
  private static final double NEVER = 100.0 * 366 * Blocks.DAY;

  private final Map<MetricType, Double> capacities;
  private final Map<MetricType, MetricUnit> units;
  private final Duration horizon;

  /**
   * A detector for the types that have a capacity, whatever the unit of their series.
   *
   * @param capacities by type, in the unit of its series, positive and finite; copied
   * @param horizon how far it looks; positive
   */
  public ForecastDetector(Map<MetricType, Double> capacities, Duration horizon) {
    this(capacities, Map.of(), horizon);
  }

  /**
   * A detector for the types that have a capacity.
   *
   * @param capacities by type, positive and finite; copied
   * @param units of capacities: series in another are not forecast; a capacity without one is for
   *     series in any unit; copied
   * @param horizon how far it looks; positive
   */
  public ForecastDetector(
      Map<MetricType, Double> capacities, Map<MetricType, MetricUnit> units, Duration horizon) {
    this.capacities = Map.copyOf(capacities);
    this.units = Map.copyOf(units);
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

  /** When a series reaches its capacity; empty if its type has none, or one in another unit. */
  public Optional<Forecast> forecast(SeriesHistory history) {
    MetricType type = history.series().type();
    Double capacity = capacities.get(type);
    return capacity == null || units.getOrDefault(type, history.unit()) != history.unit()
        ? Optional.empty()
        : Optional.of(forecast(history, capacity));
  }

  /** A finding if the capacity is reached, or will be within the horizon. */
  public Optional<Finding> finding(SeriesHistory history, Forecast forecast) {
    Duration left = forecast.timeLeft();
    Double level = forecast.level();
    if (left == null || level == null) {
      return Optional.empty();
    }
    // A forecast has no first point: it is about the newest one. The ledger of findings knows since
    // when it is forecast.
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
              .formatted(ReadableText.value(level, unit), ReadableText.value(capacity, unit));
      return new Forecast(
          Outcome.EXHAUSTED, capacity, level, null, Duration.ZERO, at, at, at, words);
    }
    FastRise rise = FastRise.of(points, capacity);
    if (rise != null && level != null) {
      long newest = points.get(n - 1).epochSecond();
      String now = now(level, "", rise.slope(), rise.span(), unit);
      return exhausts(
          now,
          unit,
          capacity,
          level,
          rise.slope(),
          newest,
          rise.left(),
          after(newest, rise.earliest()),
          after(newest, rise.latest()));
    }
    if (level == null || n < MIN_POINTS) {
      return notEnough(points, "", MIN_POINTS, capacity, level);
    }
    GrowthForecast growth = GrowthForecast.of(points, capacity);
    if (growth.size() < MIN_BLOCKS) {
      String at = " at " + ReadableText.count(growth.size(), "distinct time");
      return notEnough(points, at, MIN_BLOCKS, capacity, level);
    }
    long span = points.get(n - 1).epochSecond() - points.get(0).epochSecond();
    double slope = growth.slope();
    String doubt = slope * span >= MIN_RISE * capacity ? doubt(growth) : "";
    if (doubt == null) {
      return growing(history, growth, capacity, level);
    }
    String words =
        "not growing: %s now, %s over the last %s%s"
            .formatted(
                ReadableText.value(level, unit),
                rate(slope, span, unit),
                ReadableText.last(Duration.ofSeconds(span)),
                doubt);
    double growthPerDay = RobustStatistics.finite(slope * Blocks.DAY);
    return undated(Outcome.NOT_GROWING, capacity, level, growthPerDay, words);
  }

  /** Why a rise is not growth; null if it is. */
  private static @Nullable String doubt(GrowthForecast growth) {
    if (growth.chanceOfGrowth() < CERTAIN) {
      return ", which is within its usual variation";
    }
    if (growth.isKeptDown()) {
      return ", which regular clean-ups take away again";
    }
    if (growth.standsStill()) {
      return ", but it has stopped rising";
    }
    if (growth.chanceOfMoreThanSeason() < CERTAIN) {
      return growth.isSeasonTheWeek()
          ? ", which may be a weekly pattern"
          : ", which may be a daily pattern";
    }
    return null;
  }

  private static Forecast notEnough(
      List<Point> points, String at, int needed, double capacity, @Nullable Double level) {
    int n = points.size();
    String over =
        n < 2
            ? ""
            : " over "
                + ReadableText.duration(
                    Duration.ofSeconds(
                        points.get(n - 1).epochSecond() - points.get(0).epochSecond()));
    String words =
        "not enough data: %s%s%s, but a forecast needs %d"
            .formatted(ReadableText.count(n, "point"), at, over, needed);
    return undated(Outcome.NOT_ENOUGH_DATA, capacity, level, null, words);
  }

  private static Forecast undated(
      Outcome outcome,
      double capacity,
      @Nullable Double level,
      @Nullable Double growth,
      String words) {
    return new Forecast(outcome, capacity, level, growth, null, null, null, null, words);
  }

  private Forecast growing(
      SeriesHistory history, GrowthForecast growth, double capacity, double level) {
    List<Point> points = history.points();
    MetricUnit unit = history.unit();
    long newest = points.get(points.size() - 1).epochSecond();
    long span = newest - points.get(0).epochSecond();
    int reach = span < SHORT.toSeconds() ? SHORT_REACH : REACH;
    long far =
        Math.min(
            horizon.toSeconds(), span > Long.MAX_VALUE / REACH ? Long.MAX_VALUE : reach * span);
    double growthPerDay = RobustStatistics.finite(growth.slope() * Blocks.DAY);
    double soonest = growth.secondsUntil(EARLY);
    double seconds = Math.max(soonest, growth.secondsUntil(MIDDLE));
    Instant earliest = after(newest, soonest);
    Instant latest = after(newest, Math.max(seconds, growth.secondsAtMost(LATE)));
    String soFar =
        now(level, growth.cleanedUp() ? " after a clean-up" : "", growth.slope(), span, unit);
    if (seconds > far) {
      String maybe =
          earliest != null && earliest.getEpochSecond() - newest <= far
              ? ", at the earliest " + ReadableText.time(earliest)
              : "";
      String words =
          "%s: does not reach %s within %s%s%s"
              .formatted(
                  soFar,
                  ReadableText.value(capacity, unit),
                  ReadableText.duration(Duration.ofSeconds(far)),
                  far < horizon.toSeconds() ? ", as far as its short history can tell" : "",
                  maybe);
      return new Forecast(
          Outcome.BEYOND_HORIZON,
          capacity,
          level,
          growthPerDay,
          null,
          null,
          earliest,
          latest,
          words);
    }
    return exhausts(
        soFar, unit, capacity, level, growth.slope(), newest, seconds, earliest, latest);
  }

  private static String now(double level, String after, double slope, long span, MetricUnit unit) {
    return "%s now%s, growing by %s"
        .formatted(ReadableText.value(level, unit), after, rate(slope, span, unit));
  }

  private static Forecast exhausts(
      String now,
      MetricUnit unit,
      double capacity,
      double level,
      double slope,
      long newest,
      double seconds,
      @Nullable Instant earliest,
      @Nullable Instant latest) {
    Duration left = Duration.ofSeconds(Math.round(seconds));
    Instant at = Instant.ofEpochSecond(newest).plus(left);
    String words =
        "%s: reaches %s in %s, %s (80 %% sure: %s)"
            .formatted(
                now,
                ReadableText.value(capacity, unit),
                ReadableText.duration(left),
                ReadableText.time(at),
                interval(earliest, latest));
    return new Forecast(
        Outcome.EXHAUSTS,
        capacity,
        level,
        RobustStatistics.finite(slope * Blocks.DAY),
        left,
        at,
        earliest,
        latest,
        words);
  }

  private static @Nullable Instant after(long newest, double seconds) {
    return seconds > NEVER ? null : Instant.ofEpochSecond(newest + Math.round(seconds));
  }

  private static String interval(@Nullable Instant earliest, @Nullable Instant latest) {
    if (earliest == null) {
      return "no date";
    }
    return latest == null
        ? "not before " + ReadableText.time(earliest)
        : ReadableText.time(earliest).replace(" UTC", "") + " to " + ReadableText.time(latest);
  }

  /** Growth per day, hour or minute, so that a few minutes of it are not given per day. */
  private static String rate(double slope, long span, MetricUnit unit) {
    ChronoUnit per =
        span >= ChronoUnit.DAYS.getDuration().toSeconds()
            ? ChronoUnit.DAYS
            : span >= ChronoUnit.HOURS.getDuration().toSeconds()
                ? ChronoUnit.HOURS
                : ChronoUnit.MINUTES;
    String change =
        ReadableText.change(RobustStatistics.finite(slope * per.getDuration().toSeconds()), unit);
    return switch (per) {
      case DAYS -> change + " a day";
      case HOURS -> change + " an hour";
      default -> change + " a minute";
    };
  }

  /** The median of the last points: one outlier at the end neither fills nor empties a disk. */
  private static double level(List<Point> points) {
    return RobustStatistics.median(
        points.subList(Math.max(0, points.size() - LEVEL_POINTS), points.size()).stream()
            .mapToDouble(Point::value)
            .toArray());
  }
}
