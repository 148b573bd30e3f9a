package io.inframetrics.analyze;

/**
 * Whether a rise may be nothing but the time of day. Where {@link Season} knows enough days it
 * takes the season off; before that, the morning of one day looks like growth. So a line is fitted
 * beside one wave of a day, by least squares: what the wave can explain, too, is not growth.
 */
final class DailyRise {

  /** Days of history below which a wave and a line cannot be told apart at all. */
  static final double SHORTEST = 0.5;

  /** As many values as are fitted: level, slope, and two of the wave. */
  private static final int TERMS = 4;

  private DailyRise() {}

  /**
   * The chance that the slope is more than {@code slope} a width, beside a wave of a day.
   *
   * @return 1 where the question does not arise, as the history is shorter than {@link #SHORTEST}
   *     or as long as {@link Season#MIN_DAYS}
   */
  static double chanceOfSlopeAbove(Blocks blocks, Jumps jumps, double slope, double least) {
    int n = blocks.size();
    if (blocks.days() < SHORTEST || blocks.days() >= Season.MIN_DAYS || n <= 2 * TERMS) {
      return 1;
    }
    double[][] terms = new double[n][];
    double[] values = jumps.levelled(blocks);
    double day = Blocks.DAY / (double) blocks.width();
    for (int i = 0; i < n; i++) {
      double angle = 2 * Math.PI * blocks.time(i) / day;
      // In spans, so that the squares of all terms are of one size.
      double time = blocks.time(i) / blocks.span();
      terms[i] = new double[] {1, time, Math.cos(angle), Math.sin(angle)};
    }
    LeastSquares fit = new LeastSquares(terms, values);
    double variance = (fit.restVariance(terms, values, n) + least * least) * fit.variance(1);
    double distance = fit.of(1) - slope * blocks.span();
    return Chance.student(Robust.finite(distance / Math.sqrt(variance)), n - TERMS);
  }
}
