package io.inframetrics.detect;

import java.util.Arrays;

/**
 * Medians and deviations that outliers hardly move, finite for all finite input.
 *
 * @hidden
 */
public final class RobustStatistics {

  /** Factor from the median absolute deviation of normal values to their standard deviation. */
  public static final double MAD_TO_SIGMA = 1.4826;

  /**
   * The most values to sort by hand: the library's first sort takes 6 ms on JDK 25 ({@code
   * ColdReplay}). Half: the profile's medians of seven days would need it. Double: the same.
   */
  private static final int FEW = 7;

  private RobustStatistics() {}

  /** The median of the first {@code n} values, which are sorted; {@code n} is at least 1. */
  public static double medianOfSorted(double[] sorted, int n) {
    int middle = n / 2;
    return n % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
  }

  /** The median of {@code values}, which are left as they are; at least one. */
  public static double median(double[] values) {
    double[] sorted = values.clone();
    if (sorted.length <= FEW) {
      insertInOrder(sorted);
    } else {
      Arrays.sort(sorted);
    }
    return medianOfSorted(sorted, sorted.length);
  }

  /** The order of {@link Arrays#sort(double[])}. */
  private static void insertInOrder(double[] values) {
    for (int i = 1; i < values.length; i++) {
      double value = values[i];
      int at = i;
      while (at > 0 && Double.compare(values[at - 1], value) > 0) {
        values[at] = values[at - 1];
        at--;
      }
      values[at] = value;
    }
  }

  /** Median absolute deviation of {@code values} from {@code center}, as a standard deviation. */
  public static double sigma(double[] values, double center) {
    double[] deviations = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      deviations[i] = Math.abs(finite(values[i] - center));
    }
    return finite(MAD_TO_SIGMA * median(deviations));
  }

  /** {@code value}, or the largest finite number of its sign where arithmetic overflowed. */
  public static double finite(double value) {
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value));
  }
}
