package io.inframetrics.detect.anomaly;

import io.inframetrics.detect.RobustStatistics;
import java.util.Arrays;

/**
 * What a series usually is at this time of the day and of the week (UTC), from the same times
 * before.
 *
 * <p>The day has 96 quarters of an hour. For each, the profile of the day is the median of the last
 * seven days, that of the week the median of the last four weeks; between the middles of two
 * quarters it is interpolated. A value is held against whichever of the two is closer: a Sunday is
 * unusual only if it is like no day of the week and like no Sunday. Days and weeks that are missing
 * are skipped, and time may stand still or go back.
 *
 * <p>All this is relative to the level of the series, a mean that follows it over about a day, so
 * that a steady trend is not unusual.
 */
final class SeasonalProfile {

  /** Parts of a day, a quarter of an hour each: people schedule by it. */
  private static final int QUARTERS = 96;

  /** Seconds. */
  private static final long QUARTER = AnomalyStream.DAY / QUARTERS;

  /** Days whose median is the profile of the day: a week has all weekdays. */
  private static final int DAYS = 7;

  /** Weeks whose median is the profile of the week: a month, so that one odd week is outvoted. */
  private static final int WEEKS = 4;

  /** Differences from the profile, and days of them, before it explains anything. */
  private static final int MIN_ERRORS = 24;

  private static final int MIN_ERROR_DAYS = 3;

  /** Multiple of the usual spacing from which on a gap is a pause. */
  private static final double PAUSE = 1.5;

  private final Table days = new Table(QUARTERS, DAYS);
  private final Table weeks = new Table(QUARTERS * 7, WEEKS);

  private double level = Double.NaN;

  /** What the level last was in each quarter of the day. */
  private final double[] levels = new double[QUARTERS];

  private long previous;

  private long quarter = Long.MIN_VALUE;
  private double quarterSum;
  private int quarterCount;

  private long errors;
  private long firstError;
  private double mean;
  private double squares;
  private double errorSquares;
  private double explained;

  /** What is usual at the last {@link #next}; NaN while no such time was seen before. */
  private double usual = Double.NaN;

  /** How much the profile changes within the half hour around the last {@link #next}. */
  private double edge = Double.NaN;

  /** By known weeks: a young profile errs more, and must not set the scale for an old one. */
  private final CombinedBaseline[] baselines = new CombinedBaseline[WEEKS + 1];

  private double difference = Double.NaN;
  private double usualDifference = Double.NaN;

  SeasonalProfile() {
    Arrays.fill(levels, Double.NaN);
  }

  /**
   * Learns a value; returns its difference from the usual one, NaN while there is none.
   *
   * @param elapsed seconds of history, never less than before
   * @param spacing usual seconds from point to point
   * @param resolution differences up to this are rounding
   */
  double next(long epochSecond, double value, long elapsed, double spacing, double resolution) {
    followLevel(epochSecond, value, spacing);
    double relative = value - level;
    long now = Math.floorDiv(epochSecond, QUARTER);
    if (now != quarter) {
      close();
      quarter = now;
    }
    double within = (double) Math.floorMod(epochSecond, QUARTER) / QUARTER - 0.5;
    double ofDay = days.at(now, within);
    double ofWeek = weeks.at(now, within);
    double nearer = Math.abs(relative - ofWeek) < Math.abs(relative - ofDay) ? ofWeek : ofDay;
    usual = level + nearer;
    edge = (nearer == ofWeek ? weeks : days).range(now);
    CombinedBaseline baseline = baseline(weeks.known(now));
    usualDifference = baseline.usualDifference();
    difference = baseline.standard(relative, ofDay, ofWeek, resolution);
    quarterSum += relative;
    quarterCount++;
    double residual = relative - nearer;
    if (!Double.isNaN(residual)) {
      learn(elapsed, value, residual);
    }
    return residual;
  }

  /** The last value's difference from the best mix of day and week, in usual differences. */
  double difference() {
    return difference;
  }

  private CombinedBaseline baseline(int known) {
    CombinedBaseline baseline = baselines[known];
    if (baseline == null) {
      baseline = new CombinedBaseline(known == 0 ? null : baseline(known - 1));
      baselines[known] = baseline;
    }
    return baseline;
  }

  /** How far values usually are from {@link #usual}; NaN while this is unknown. */
  double usualDifference() {
    return usualDifference;
  }

  /** What is usual at the time of the last point; NaN if no such time was seen before. */
  double usual() {
    return usual;
  }

  /**
   * How much the profile changes around the last point: where it changes much, what is usual is not
   * one value.
   */
  double edge() {
    return edge;
  }

  /** What the profile is relative to. */
  double level() {
    return level;
  }

  /** The share of the series' variance that the profile explains, 0 to 1; 0 while unknown. */
  double explained() {
    return explained;
  }

  private void followLevel(long epochSecond, double value, double spacing) {
    int now = quarterOfDay(epochSecond);
    double passed = (double) epochSecond - previous;
    if (Double.isNaN(level)) {
      level = value;
    } else if (passed > PAUSE * spacing && !Double.isNaN(levels[now])) {
      // The level swings with the day a little, and one value after a pause says nothing of it.
      level += levels[now] - levels[quarterOfDay(previous)];
    } else {
      level -= Math.expm1(-Math.max(0, Math.min(1, passed / AnomalyStream.DAY))) * (value - level);
    }
    levels[now] = level;
    previous = epochSecond;
  }

  private static int quarterOfDay(long epochSecond) {
    return (int) Math.floorMod(Math.floorDiv(epochSecond, QUARTER), (long) QUARTERS);
  }

  private void learn(long elapsed, double value, double residual) {
    if (errors == 0) {
      firstError = elapsed;
    }
    // Before this point is learned, so that an incident does not judge itself.
    boolean known =
        errors >= MIN_ERRORS
            && elapsed - firstError >= MIN_ERROR_DAYS * AnomalyStream.DAY
            && squares > 0;
    explained = known ? Math.max(0, 1 - errorSquares / squares) : 0;
    errors++;
    double weight = FadingMemory.weight(errors);
    mean += weight * (value - mean);
    squares += weight * ((value - mean) * (value - mean) - squares);
    errorSquares += weight * (residual * residual - errorSquares);
  }

  private void close() {
    if (quarterCount > 0) {
      days.add(quarter, quarterSum / quarterCount);
      weeks.add(quarter, quarterSum / quarterCount);
    }
    quarterSum = 0;
    quarterCount = 0;
  }

  /** The last means of each quarter of a period, and their medians. */
  private static final class Table {

    private final double[][] last;
    private final int[] counts;
    private final double[] medians;
    private final int depth;

    Table(int quarters, int depth) {
      this.last = new double[quarters][];
      this.counts = new int[quarters];
      this.medians = new double[quarters];
      this.depth = depth;
      Arrays.fill(medians, Double.NaN);
    }

    void add(long quarter, double mean) {
      int at = (int) Math.floorMod(quarter, (long) medians.length);
      if (last[at] == null) {
        last[at] = new double[depth];
      }
      last[at][counts[at] % depth] = mean;
      counts[at]++;
      int n = Math.min(counts[at], depth);
      medians[at] = RobustStatistics.median(Arrays.copyOf(last[at], n));
    }

    /** How many means there are of a quarter. */
    int known(long quarter) {
      return Math.min(depth, counts[(int) Math.floorMod(quarter, (long) counts.length)]);
    }

    /** The difference between the highest and the lowest median of a quarter and its neighbours. */
    double range(long quarter) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (long one = quarter - 1; one <= quarter + 1; one++) {
        double median = medians[(int) Math.floorMod(one, (long) medians.length)];
        low = median < low ? median : low;
        high = median > high ? median : high;
      }
      return high - low;
    }

    /** The median {@code within} a quarter, -0.5 at its beginning to 0.5 at its end. */
    double at(long quarter, double within) {
      int n = medians.length;
      double here = medians[(int) Math.floorMod(quarter, (long) n)];
      double there = medians[(int) Math.floorMod(quarter + (within < 0 ? -1 : 1), (long) n)];
      return Double.isNaN(there) ? here : here + (there - here) * Math.abs(within);
    }
  }
}
