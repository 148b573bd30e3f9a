package io.inframetrics.analyze;

import java.util.Arrays;

/** The last values of a series, for means and swings over short spans. */
final class RecentValues {

  /** A power of two, at least two of the longest spans. */
  static final int CAPACITY = 128;

  private static final int MASK = CAPACITY - 1;

  /** Extremes are kept of so many values together, so that a range costs little at each point. */
  private static final int BLOCK = 16;

  private static final int BLOCKS = CAPACITY / BLOCK;

  private final double[] values = new double[CAPACITY];
  private final double[] lows = new double[BLOCKS];
  private final double[] highs = new double[BLOCKS];
  private long count;

  void add(double value) {
    int block = (int) (count / BLOCK % BLOCKS);
    boolean isFirst = count % BLOCK == 0;
    lows[block] = isFirst ? value : Math.min(lows[block], value);
    highs[block] = isFirst ? value : Math.max(highs[block], value);
    values[(int) (count & MASK)] = value;
    count++;
  }

  /** How many there are, at most {@link #CAPACITY}. */
  int size() {
    return (int) Math.min(count, CAPACITY);
  }

  /** The value so many points ago; 0 is the newest. */
  double ago(int points) {
    return values[(int) ((count - 1 - points) & MASK)];
  }

  /** The mean of {@code span} values, the newest of which is {@code ago} points old; or NaN. */
  double mean(int ago, int span) {
    if (size() < ago + span) {
      return Double.NaN;
    }
    double sum = 0;
    for (int i = ago; i < ago + span; i++) {
      sum += ago(i);
    }
    return sum / span;
  }

  /** The root mean square of the last {@code span} steps from value to value; or NaN. */
  double swing(int span) {
    if (size() < span + 1) {
      return Double.NaN;
    }
    double sum = 0;
    for (int i = 0; i < span; i++) {
      double step = ago(i) - ago(i + 1);
      sum += step * step;
    }
    return Math.sqrt(sum / span);
  }

  /**
   * The difference between the largest and the smallest, of the last {@code CAPACITY} or 15 less.
   */
  double range() {
    double low = lows[0];
    double high = highs[0];
    for (int block = 1; block < Math.min(BLOCKS, (count + BLOCK - 1) / BLOCK); block++) {
      low = Math.min(low, lows[block]);
      high = Math.max(high, highs[block]);
    }
    return high - low;
  }

  /** The median of all but the newest {@code skipped} values; NaN if there are none. */
  double medianBefore(int skipped) {
    int n = size() - skipped;
    if (n <= 0) {
      return Double.NaN;
    }
    double[] sorted = new double[n];
    for (int i = 0; i < n; i++) {
      sorted[i] = ago(skipped + i);
    }
    Arrays.sort(sorted);
    return Robust.medianOfSorted(sorted, n);
  }
}
