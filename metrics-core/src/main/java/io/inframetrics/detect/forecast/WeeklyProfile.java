package io.inframetrics.detect.forecast;

import io.inframetrics.detect.RobustStatistics;

/**
 * What the day of the week adds to a level: a disk that is written to on working days grows in
 * steps, and what it does now is not what it does in a week. A profile of seven days, straight
 * between midnights (UTC), is fitted beside a line.
 */
final class WeeklyProfile {

  static final WeeklyProfile NONE = new WeeklyProfile(new double[8], 0);

  /**
   * Days of history from which nearly every time of the week was seen twice. Half: 86.5 % in the
   * interval instead of 87.0 %. Double: error 2.2 % instead of 2.1 % ({@code ForecastStudy 8 1}).
   */
  private static final double MIN_DAYS = 13.5;

  private static final int DAYS = 7;

  /**
   * Weight of a row that keeps each day at zero, so that a day without points leaves nothing
   * undetermined; small beside the points. Half, double: the same.
   */
  private static final double SHRINKING = 1e-3;

  private final double[] profile;
  private final double variance;

  private WeeklyProfile(double[] profile, double variance) {
    this.profile = profile;
    this.variance = variance;
  }

  /** The weekly profile of a history; {@link #NONE} if that is too short. */
  static WeeklyProfile of(Blocks blocks, Jumps jumps, DailyProfile season) {
    if (blocks.days() < MIN_DAYS || blocks.width() > Blocks.DAY) {
      return NONE;
    }
    double[] levelled = jumps.levelled(blocks);
    int n = blocks.size();
    // The first day's midnight is the level of all; one row for each other one keeps it in reach.
    double[][] terms = new double[n + DAYS - 1][DAYS + 1];
    double[] values = new double[terms.length];
    for (int i = 0; i < n; i++) {
      double day = blocks.dayOfWeekAfter(blocks.time(i));
      int midnight = (int) day;
      terms[i][midnight] += 1 - (day - midnight);
      terms[i][(midnight + 1) % DAYS] += day - midnight;
      terms[i][0] = 1;
      // In spans, so that the squares of all terms are of one size.
      terms[i][DAYS] = blocks.time(i) / blocks.span();
      values[i] = levelled[i] - season.at(blocks.slot(i));
    }
    for (int k = 1; k < DAYS; k++) {
      terms[n + k - 1][k] = SHRINKING;
    }
    LeastSquares fit = new LeastSquares(terms, values);
    double[] profile = new double[DAYS + 1];
    double variance = 0;
    for (int k = 1; k < DAYS; k++) {
      profile[k] = RobustStatistics.finite(fit.of(k));
      variance += fit.variance(k) / (DAYS - 1);
    }
    return new WeeklyProfile(profile, variance * fit.restVariance(terms, values, n));
  }

  /** The evidence a weekly profile must add for its six more values (Hannan and Quinn, 1979). */
  static double price(int blocks) {
    return (DAYS - 1) * Math.log(Math.log(blocks));
  }

  /** What a time of the week adds, given in days since the profile's first midnight, below 7. */
  double at(double day) {
    int midnight = (int) day;
    return profile[midnight] + (day - midnight) * (profile[midnight + 1] - profile[midnight]);
  }

  /** The variance of what it adds, as estimated. */
  double variance() {
    return variance;
  }
}
