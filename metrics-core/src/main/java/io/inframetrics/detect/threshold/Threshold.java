package io.inframetrics.detect.threshold;

import io.inframetrics.metric.MetricUnit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A fixed limit. An episode opens when all points have been above {@code limit} for {@code
 * sustained}, from the first of them to the newest, and closes at the first point at or below
 * {@code clear}; in between, it goes on. Of points that are further apart than {@code sustained},
 * one is enough.
 *
 * @param limit in the unit of the series; a value at the limit is not above it
 * @param critical above this value the finding is critical and otherwise a warning; at least {@code
 *     limit}
 * @param clear at most {@code limit}
 * @param sustained zero, for which one point is enough, or more
 * @param unit of the limit: series in another are not compared with it; null for those in any unit
 */
public record Threshold(
    double limit, double critical, double clear, Duration sustained, @Nullable MetricUnit unit) {

  /**
   * Share of the limit that a value must fall by before an episode is over, by default. A choice:
   * half flaps more around the limit, double reports episodes as ongoing for longer.
   */
  private static final double DEFAULT_HYSTERESIS = 0.05;

  public Threshold {
    if (!Double.isFinite(limit) || !Double.isFinite(critical) || !Double.isFinite(clear)) {
      throw new IllegalArgumentException(
          "threshold %s (critical %s, clear %s) is not valid: use finite numbers"
              .formatted(limit, critical, clear));
    }
    if (critical < limit || clear > limit) {
      throw new IllegalArgumentException(
          "threshold %s is not valid: its critical value %s must not be below it, and its clear value %s must not be above it"
              .formatted(limit, critical, clear));
    }
    if (sustained.isNegative()) {
      throw new IllegalArgumentException(
          "a threshold sustained for %s is not valid: use PT0S or more".formatted(sustained));
    }
  }

  /** A limit for series in any unit. */
  public Threshold(double limit, double critical, double clear, Duration sustained) {
    this(limit, critical, clear, sustained, null);
  }

  /** Warns at one point above {@code limit}, is never critical, and clears 5 % below it. */
  public static Threshold above(double limit) {
    return new Threshold(
        limit, Double.MAX_VALUE, limit - DEFAULT_HYSTERESIS * Math.abs(limit), Duration.ZERO);
  }

  /** The same limit, critical above {@code value}. */
  public Threshold criticalAbove(double value) {
    return new Threshold(limit, value, clear, sustained, unit);
  }

  /** The same limit, cleared at or below {@code value}. */
  public Threshold clearAt(double value) {
    return new Threshold(limit, critical, value, sustained, unit);
  }

  /** The same limit, if values stay above it for {@code time}. */
  public Threshold sustainedFor(Duration time) {
    return new Threshold(limit, critical, clear, time, unit);
  }

  /** Whether series in this unit are compared with it. */
  public boolean isFor(MetricUnit ofSeries) {
    return unit == null || unit == ofSeries;
  }

  /** The same limit, only for series in {@code itsUnit}. */
  public Threshold in(MetricUnit itsUnit) {
    return new Threshold(limit, critical, clear, sustained, itsUnit);
  }
}
