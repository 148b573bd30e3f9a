package io.inframetrics.detect.forecast;

import io.inframetrics.detect.RobustStatistics;

/**
 * Whether a rise may be nothing but the time of the day, or of the week. Once {@link DailyProfile}
 * and {@link WeeklyProfile} know these they take them off. Before that, the morning of one day
 * looks like growth, and so do the first days of a week. So a line is fitted beside one wave of a
 * day, or of a week where the days are known, by least squares: what the wave explains as well is
 * not growth. A wave of a week, which was hardly seen once, must also explain the values better
 * than growth that turns: a leak that began yesterday is not a week.
 */
final class SeasonalRise {

  /** Periods of history below which a wave and a line look the same; see the essay's table. */
  private static final double SHORTEST = 0.5;

  /** Days of history from which the weekly profile knows the week; see the essay's table. */
  private static final double WEEKS_KNOWN = 21;

  /** Values that are fitted: level, slope, and two of the wave. */
  private static final int TERMS = 4;

  private SeasonalRise() {}

  /**
   * The chance that the slope is more than {@code slope} a width, beside a wave.
   *
   * @param growth what explains the values without a wave
   * @param least smallest standard deviation of noise that is believed, positive
   * @return 1 where the question does not arise, as the history is shorter than {@link #SHORTEST}
   *     of the wave or as long as {@link #WEEKS_KNOWN}
   */
  static double chanceOfSlopeAbove(
      Blocks blocks,
      Jumps jumps,
      DailyProfile season,
      GrowthModel growth,
      double slope,
      double least) {
    int n = blocks.size();
    double period = isOfWeek(blocks) ? 7 : 1;
    if (blocks.days() < SHORTEST * period || blocks.days() >= WEEKS_KNOWN || n <= 2 * TERMS) {
      return 1;
    }
    double[][] terms = new double[n][];
    double[] values = jumps.levelled(blocks);
    double widths = period * Blocks.DAY / blocks.width();
    for (int i = 0; i < n; i++) {
      values[i] -= season.at(blocks.slot(i));
      double angle = 2 * Math.PI * blocks.time(i) / widths;
      // In spans, so that the squares of all terms are of one size.
      double time = blocks.time(i) / blocks.span();
      terms[i] = new double[] {1, time, Math.cos(angle), Math.sin(angle)};
    }
    LeastSquares fit = new LeastSquares(terms, values);
    if (isOfWeek(blocks)) {
      double[] rest = new double[n];
      for (int i = 0; i < n; i++) {
        double wave = RobustStatistics.finite(fit.of(2) * terms[i][2] + fit.of(3) * terms[i][3]);
        rest[i] = blocks.value(i) - season.at(blocks.slot(i)) - wave;
      }
      GrowthModel beside = new GrowthModel(blocks.times(), rest, jumps.starts(), true, least);
      if (beside.evidence() - growth.evidence() < WeeklyProfile.price(n)) {
        return 1;
      }
    }
    double variance = (fit.restVariance(terms, values, n) + least * least) * fit.variance(1);
    double distance = fit.of(1) - slope * blocks.span();
    return Distributions.student(
        RobustStatistics.finite(distance / Math.sqrt(variance)), n - TERMS);
  }

  /** Whether the question is the time of the week, as that of the day is known. */
  static boolean isOfWeek(Blocks blocks) {
    return blocks.days() >= DailyProfile.MIN_DAYS;
  }
}
