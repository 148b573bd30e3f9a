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

  /** Neighbouring errors are alike, but not so much that nothing is left. */
  private static final double MOST_ALIKE = 0.9;

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
    double[] values = withoutJumps(blocks, jumps);
    double day = Blocks.DAY / (double) blocks.width();
    for (int i = 0; i < n; i++) {
      double angle = 2 * Math.PI * blocks.time(i) / day;
      // In spans, so that the squares of all terms are of one size.
      double time = blocks.time(i) / blocks.span();
      terms[i] = new double[] {1, time, Math.cos(angle), Math.sin(angle)};
    }
    double[][] inverse = inverseOfSquares(terms);
    double[] fit = new double[TERMS];
    for (int k = 0; k < TERMS; k++) {
      for (int i = 0; i < n; i++) {
        for (int l = 0; l < TERMS; l++) {
          fit[k] += inverse[k][l] * terms[i][l] * values[i];
        }
      }
    }
    double squares = 0;
    double products = 0;
    double last = 0;
    for (int i = 0; i < n; i++) {
      double error = values[i];
      for (int k = 0; k < TERMS; k++) {
        error -= fit[k] * terms[i][k];
      }
      squares += error * error;
      products += i == 0 ? 0 : error * last;
      last = error;
    }
    double degrees = n - TERMS;
    double alike = squares > 0 ? Math.max(0, Math.min(MOST_ALIKE, products / squares)) : 0;
    double variance =
        (squares / degrees + least * least) * (1 + alike) / (1 - alike) * inverse[1][1];
    double distance = fit[1] - slope * blocks.span();
    return Chance.student(Robust.finite(distance / Math.sqrt(variance)), degrees);
  }

  /** The values with each level put where the one before it ended. */
  private static double[] withoutJumps(Blocks blocks, Jumps jumps) {
    double[] values = new double[blocks.size()];
    for (int i = 1; i < values.length; i++) {
      double step = jumps.starts()[i] ? 0 : blocks.value(i) - blocks.value(i - 1);
      values[i] = values[i - 1] + step;
    }
    return values;
  }

  /** The inverse of the terms' sums of products, by Gauss and Jordan. */
  private static double[][] inverseOfSquares(double[][] terms) {
    double[][] rows = new double[TERMS][2 * TERMS];
    for (int k = 0; k < TERMS; k++) {
      for (int l = 0; l < TERMS; l++) {
        for (double[] term : terms) {
          rows[k][l] += term[k] * term[l];
        }
      }
      rows[k][TERMS + k] = 1;
    }
    for (int k = 0; k < TERMS; k++) {
      // Sums of squares of independent terms: the diagonal stays positive, so no rows are swapped.
      double pivot = rows[k][k];
      for (int l = 0; l < 2 * TERMS; l++) {
        rows[k][l] /= pivot;
      }
      for (int other = 0; other < TERMS; other++) {
        double factor = rows[other][k];
        for (int l = 0; other != k && l < 2 * TERMS; l++) {
          rows[other][l] -= factor * rows[k][l];
        }
      }
    }
    double[][] inverse = new double[TERMS][TERMS];
    for (int k = 0; k < TERMS; k++) {
      System.arraycopy(rows[k], TERMS, inverse[k], 0, TERMS);
    }
    return inverse;
  }
}
