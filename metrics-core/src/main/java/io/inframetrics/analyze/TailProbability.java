package io.inframetrics.analyze;

import java.util.Arrays;

/**
 * How rarely a quantity was as large as it is now, from its own past: one side of one feature.
 *
 * <p>Ranks say it within the past; beyond the largest values seen, a generalised Pareto
 * distribution continues them, the limit of all tails (Pickands 1975; Balkema and de Haan 1974). It
 * is fitted to the largest values by probability-weighted moments (Hosking and Wallis 1987), in one
 * pass without iteration. Its shape is kept between that of the exponential tail, widened by what
 * so few values leave unknown, and 0.5: a bounded tail fitted to little data would call every new
 * record impossible.
 *
 * <p>The answer is in digits, minus the decimal logarithm of the probability: 3 is one in a
 * thousand. Up to the threshold of the tail it is 0, so that ordinary points add up to nothing.
 * Never more than three digits beyond what the number of points itself can tell.
 */
final class TailProbability {

  /** Points before anything is rare. */
  static final int MIN_POINTS = 20;

  private static final double MAX_SHAPE = 0.5;
  private static final double DIGITS_BEYOND = 3;

  private static final double LN_10 = Math.log(10);

  /** Relative differences below this are rounding. */
  private static final double EQUAL = 1e-9;

  private final Reach reach;
  private final double[] largest;
  private int size;
  private long count;

  /** How many of them are the tail now. */
  private int tail;

  /** The smallest value of the tail. */
  private double threshold = Double.NaN;

  private boolean fitted;
  private double scale;
  private double shape;

  TailProbability(Reach reach) {
    this.reach = reach;
    this.largest = new double[reach.most];
  }

  /** Whether a value is not in the tail, up to {@code resolution}: it is not rare at all. */
  boolean isOrdinary(double value, double resolution) {
    return !(value - threshold > resolution);
  }

  /**
   * How rare a value is.
   *
   * @param width between the thresholds of the two tails, the scale where a tail has none
   * @param resolution differences up to this are rounding
   * @return digits, 0 if it is ordinary
   */
  double digits(double value, double width, double resolution) {
    if (isOrdinary(value, resolution)) {
      return 0;
    }
    double excess = value - threshold;
    int above = tail - 1;
    if (!fitted) {
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

  /** Where the tail begins; NaN while there are too few values. */
  double threshold() {
    return threshold;
  }

  private static double beyond(double excess, double shape) {
    return Math.log1p(shape * excess) / shape / LN_10;
  }

  /** Makes a value part of the past. */
  void add(double value) {
    count++;
    boolean isLarge = size < reach.most || value > largest[0];
    if (isLarge) {
      insert(value);
    }
    if (isLarge || count % reach.share == 0) {
      begin();
    }
  }

  /** Finds where the tail begins. */
  private void begin() {
    tail = (int) Math.min(size, Math.max(reach.least, count / reach.share));
    threshold = count < MIN_POINTS ? Double.NaN : largest[size - tail];
    fitted = false;
  }

  private void insert(double value) {
    int at = Arrays.binarySearch(largest, 0, size, value);
    at = at < 0 ? -at - 1 : at;
    if (size < reach.most) {
      System.arraycopy(largest, at, largest, at + 1, size - at);
      largest[at] = value;
      size++;
    } else {
      System.arraycopy(largest, 1, largest, 0, at - 1);
      largest[at - 1] = value;
    }
  }

  private void fit(int above) {
    fitted = true;
    int first = size - above;
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

  /** How many of the largest values are the tail. */
  enum Reach {
    /** The farthest: for quantities whose ordinary values say nothing of their rare ones. */
    SHORT(10, 40, 64),
    /** More, so that the tail scatters less: for quantities near to normal. */
    LONG(30, 12, 128);

    private final int least;

    /** One in so many, between the least and the most. */
    private final int share;

    private final int most;

    Reach(int least, int share, int most) {
      this.least = least;
      this.share = share;
      this.most = most;
    }
  }
}
