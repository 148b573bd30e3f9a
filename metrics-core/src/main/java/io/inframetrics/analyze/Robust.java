package io.inframetrics.analyze;

import java.util.Arrays;

/** Medians and what is made of them, finite for all finite input. */
final class Robust {

  /** Makes the median absolute deviation of normal values their standard deviation. */
  static final double MAD_TO_SIGMA = 1.4826;

  private Robust() {}

  /** The median of the first {@code n} values, which are sorted; {@code n} is at least 1. */
  static double medianOfSorted(double[] sorted, int n) {
    int middle = n / 2;
    return n % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
  }

  /** The median of {@code values}, which are left as they are; at least one. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return medianOfSorted(sorted, sorted.length);
  }

  /** Median absolute deviation of {@code values} from {@code center}, as a standard deviation. */
  static double sigma(double[] values, double center) {
    double[] deviations = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      deviations[i] = Math.abs(finite(values[i] - center));
    }
    return finite(MAD_TO_SIGMA * median(deviations));
  }

  /** {@code value}, or the largest finite number of its sign where arithmetic overflowed. */
  static double finite(double value) {
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value));
  }

  /**
   * The slope of the line through {@code (x, y)}: the median of the slopes between all pairs
   * (Theil-Sen), which up to 29 % of outliers cannot carry away. Costs the square of the number of
   * points, so give it few.
   *
   * @param x strictly ascending, at least two
   */
  static double slope(double[] x, double[] y) {
    int n = x.length;
    double[] slopes = new double[n * (n - 1) / 2];
    int k = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        slopes[k++] = finite(finite(y[j] - y[i]) / (x[j] - x[i]));
      }
    }
    Arrays.sort(slopes);
    return medianOfSorted(slopes, slopes.length);
  }
}
