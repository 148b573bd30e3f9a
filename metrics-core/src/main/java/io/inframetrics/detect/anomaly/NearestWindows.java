package io.inframetrics.detect.anomaly;

import java.util.Arrays;

/**
 * How far the last stretch of a series, a short and a long one, is from the most similar stretch of
 * its past: large where a shape was never seen, however ordinary its values are (the idea of
 * discords, Keogh, Lin and Fu 2005).
 *
 * <p>The distance between now and an earlier point is a mean of squared differences that fades into
 * the past. It follows from the one a point earlier, so a point costs one step for each earlier
 * point, whatever the spans.
 */
final class NearestWindows {

  /**
   * Parts in which the lags are visited. A JVM compiles what is called often before what loops for
   * long: in one part it takes some four times as many points until this is fast.
   */
  private static final int PARTS = 8;

  /** Spans that a stretch and the present one must be apart, or they share most of their points. */
  private static final int OVERLAP = 2;

  /** Spans of past from which the nearest stretch says something. */
  private static final int ENOUGH = 4;

  private final int shortSpan;
  private final int longSpan;
  private final double shortFade;
  private final double longFade;

  /** Fading sums of squared differences, by lag, from 1 on; times (1 - fade) they are means. */
  private double[] shortSums = new double[0];

  private double[] longSums = new double[0];
  private int lags;
  private double leastShort;
  private double leastLong;

  NearestWindows(int shortSpan, int longSpan) {
    this.shortSpan = shortSpan;
    this.longSpan = longSpan;
    this.shortFade = Math.exp(-1.0 / shortSpan);
    this.longFade = Math.exp(-1.0 / longSpan);
  }

  void next(PastValues past) {
    double[] values = past.byLag();
    if (shortSums.length < values.length) {
      shortSums = Arrays.copyOf(shortSums, values.length);
      longSums = Arrays.copyOf(longSums, values.length);
    }
    int oldest = past.size() - 1;
    if (oldest > lags) {
      // As if it had been like this before.
      double difference = values[0] - values[oldest];
      shortSums[oldest] = difference * difference / (1 - shortFade);
      longSums[oldest] = difference * difference / (1 - longFade);
      lags = oldest;
    }
    // Stretches that overlap the present one are always similar: the least of them is not kept.
    int end = lags + 1;
    int afterShort = Math.min(end, OVERLAP * shortSpan + 1);
    int afterLong = Math.min(end, OVERLAP * longSpan + 1);
    follow(values, 1, afterShort);
    leastShort = Double.MAX_VALUE;
    follow(values, afterShort, afterLong);
    leastLong = Double.MAX_VALUE;
    int to = afterLong;
    for (int part = 1; part <= PARTS; part++) {
      int from = to;
      to = afterLong + (end - afterLong) * part / PARTS;
      follow(values, from, to);
    }
  }

  /** In units of the series; NaN while the past is below four stretches. */
  double shortDistance() {
    return lags > ENOUGH * shortSpan ? Math.sqrt((1 - shortFade) * leastShort) : Double.NaN;
  }

  /** The same for the long stretch. */
  double longDistance() {
    return lags > ENOUGH * longSpan ? Math.sqrt((1 - longFade) * leastLong) : Double.NaN;
  }

  /** One loop for all: it is most of the work where the JVM makes no vectors. */
  private void follow(double[] values, int from, int to) {
    double[] shorts = shortSums;
    double[] longs = longSums;
    double keepShort = shortFade;
    double keepLong = longFade;
    double nearestShort = leastShort;
    double nearestLong = leastLong;
    double now = values[0];
    for (int lag = from; lag < to; lag++) {
      double difference = now - values[lag];
      double square = difference * difference;
      double sumShort = keepShort * shorts[lag] + square;
      double sumLong = keepLong * longs[lag] + square;
      shorts[lag] = sumShort;
      longs[lag] = sumLong;
      if (sumShort < nearestShort) {
        nearestShort = sumShort;
      }
      if (sumLong < nearestLong) {
        nearestLong = sumLong;
      }
    }
    leastShort = nearestShort;
    leastLong = nearestLong;
  }
}
