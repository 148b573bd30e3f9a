package io.inframetrics.detect.anomaly;

import java.util.Arrays;

/**
 * How rarely a quantity was as large as it is now, from its own past: one side of one feature.
 *
 * <p>Ranks answer it within the past. Beyond the largest values seen, a generalised Pareto
 * distribution continues them, the limit of all tails (Pickands 1975; Balkema and de Haan 1974). It
 * is fitted to the largest values by probability-weighted moments (Hosking and Wallis 1987), in one
 * pass without iteration. Its shape is kept between that of the exponential tail, widened by what
 * so few values leave unknown, and 0.5: a bounded tail fitted to little data would call every new
 * record impossible.
 *
 * <p>The answer is in digits, minus the decimal logarithm of the probability: 3 is one in a
 * thousand. Up to the threshold of the tail it is 0, so that ordinary points add up to nothing.
 */
final class TailProbability {

  /** Points before anything is rare; below, a tail has too few values. */
  static final int MIN_POINTS = 20;

  /** The tail is one value in so many where ordinary values say nothing about rare ones. */
  private static final int FEW_SHARE = 40;

  /** Values of such a tail at least, so that a fit has some, and at most, which bounds its cost. */
  private static final int FEW_LEAST = 10;

  private static final int FEW_MOST = 64;

  /**
   * The same for a quantity near to normal, whose tail scatters less with more values: 0.18 instead
   * of 0.54 false alarms in 90 days than with {@link #FEW_SHARE}, at a point every three hours.
   */
  private static final int MANY_SHARE = 12;

  private static final int MANY_LEAST = 30;
  private static final int MANY_MOST = 128;

  /** The heaviest tail that is believed: beyond it, the variance is infinite. */
  private static final double MAX_SHAPE = 0.5;

  /** Digits at most beyond what the number of points itself can tell. */
  private static final double DIGITS_BEYOND = 3;

  private static final double LN_10 = Math.log(10);

  /** Share of the mean excess below which a spread is rounding. */
  private static final double EQUAL = 1e-9;

  /** The fewest values of a tail. */
  private final int least;

  /** The tail is one value in so many, between the least and the room for {@link #largest}. */
  private final int share;

  private final double[] largest;
  private int size;

  /** How many of them the distribution is fitted to; 0 if it has to be fitted anew. */
  private int fitted;

  private double scale;
  private double shape;

  private TailProbability(int least, int share, int most) {
    this.least = least;
    this.share = share;
    this.largest = new double[most];
  }

  /** The farthest values only: for quantities whose ordinary ones say nothing about rare ones. */
  static TailProbability ofFew() {
    return new TailProbability(FEW_LEAST, FEW_SHARE, FEW_MOST);
  }

  /** More values, so that the tail scatters less: for quantities near to normal. */
  static TailProbability ofMany() {
    return new TailProbability(MANY_LEAST, MANY_SHARE, MANY_MOST);
  }

  /**
   * How rare a value beyond the threshold is, in digits.
   *
   * @param count how many values there were, with those that were passed over
   * @param width between the thresholds of the two tails, the scale where a tail has none
   * @param resolution differences up to this are rounding
   */
  double digits(double value, long count, double width, double resolution) {
    int above = tail(count) - 1;
    double excess = value - largest[size - 1 - above];
    if (above != fitted) {
      fit(above);
    }
    double most = Math.log10(count + 1.0) + DIGITS_BEYOND;
    double digits = Math.log10((double) count / above);
    if (scale > resolution) {
      return Math.min(most, digits + beyond(excess / scale, shape));
    }
    // All of the tail is one value.
    return width > resolution
        ? Math.min(most, digits + beyond(excess / width, MAX_SHAPE))
        : Math.log10(count + 1.0);
  }

  /** The smallest value of the tail of {@code count} values; NaN while there are too few. */
  double threshold(long count) {
    return count < MIN_POINTS ? Double.NaN : largest[size - tail(count)];
  }

  private int tail(long count) {
    return (int) Math.min(size, Math.max(least, count / share));
  }

  /** Values up to this are never in the tail, nor remembered. */
  double floor() {
    return size < largest.length ? Double.NEGATIVE_INFINITY : largest[0];
  }

  private static double beyond(double excess, double shape) {
    return Math.log1p(shape * excess) / shape / LN_10;
  }

  void add(double value) {
    if (size < largest.length || value > largest[0]) {
      insert(value);
      fitted = 0;
    }
  }

  private void insert(double value) {
    int at = Arrays.binarySearch(largest, 0, size, value);
    at = at < 0 ? -at - 1 : at;
    if (size < largest.length) {
      System.arraycopy(largest, at, largest, at + 1, size - at);
      largest[at] = value;
      size++;
    } else {
      System.arraycopy(largest, 1, largest, 0, at - 1);
      largest[at - 1] = value;
    }
  }

  private void fit(int above) {
    fitted = above;
    int first = size - above;
    double threshold = largest[first - 1];
    double mean = 0;
    double weighted = 0;
    for (int i = 0; i < above; i++) {
      double excess = (largest[first + i] - threshold) / above;
      mean += excess;
      weighted += excess * (above - 1 - i) / (above - 1);
    }
    double spread = mean - 2 * weighted;
    // Equal excesses have no spread, up to rounding.
    double free = spread > EQUAL * mean ? 2 - mean / spread : MAX_SHAPE;
    // 1 / n is the shape of the exponential tail's predictive distribution after n values.
    shape = Math.max(1.0 / above, Math.min(MAX_SHAPE, free));
    scale = mean * (1 - shape);
  }
}
