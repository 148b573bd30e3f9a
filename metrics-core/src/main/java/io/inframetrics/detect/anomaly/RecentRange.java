package io.inframetrics.detect.anomaly;

/**
 * The range of the last 113 to 128 values; extremes are kept of 16 together, which costs little.
 */
final class RecentRange {

  /** Values whose extremes are kept together. A choice for cost: 8 comparisons instead of 128. */
  private static final int BLOCK = 16;

  /** Blocks kept; with all values ever, one absurd reading blinded the detector for good. */
  private static final int BLOCKS = 8;

  private final double[] lows = new double[BLOCKS];
  private final double[] highs = new double[BLOCKS];
  private long count;

  void add(double value) {
    int block = (int) (count / BLOCK % BLOCKS);
    if (count % BLOCK == 0) {
      lows[block] = value;
      highs[block] = value;
    } else if (value < lows[block]) {
      lows[block] = value;
    } else if (value > highs[block]) {
      highs[block] = value;
    }
    count++;
  }

  /** The difference between the largest and the smallest; 0 if there is none. */
  double width() {
    double low = lows[0];
    double high = highs[0];
    int blocks = (int) Math.min(BLOCKS, (count + BLOCK - 1) / BLOCK);
    for (int block = 1; block < blocks; block++) {
      low = lows[block] < low ? lows[block] : low;
      high = highs[block] > high ? highs[block] : high;
    }
    return high - low;
  }
}
