package io.inframetrics.analyze;

import java.util.Arrays;

/**
 * How far the last stretch of a series is from the most similar stretch of its past: large where a
 * shape was never seen, however ordinary its values are (the idea of discords, Keogh, Lin and Fu
 * 2005).
 *
 * <p>The distance between now and so many points ago is a mean of squared differences that fades
 * into the past. It follows from the one a point earlier, so a point costs one step for each
 * earlier point, whatever the span.
 */
final class NearestWindow {

  /**
   * In how many parts the lags are gone through. A JVM compiles what is called often before what
   * loops for long: in one part it takes twice as many points until this is fast.
   */
  private static final int PARTS = 8;

  private final int span;
  private final double fade;

  /** Mean squared differences by lag, from 1 on. */
  private double[] distances = new double[0];

  private int lags;
  private double nearest;

  /** Distances over about {@code span} points. */
  NearestWindow(int span) {
    this.span = span;
    this.fade = Math.exp(-1.0 / span);
  }

  /** Looks back from the newest value. */
  void next(PastValues past) {
    double[] values = past.byLag();
    if (distances.length < values.length) {
      distances = Arrays.copyOf(distances, values.length);
    }
    int oldest = past.size() - 1;
    if (oldest > lags) {
      double difference = values[0] - values[oldest];
      distances[oldest] = difference * difference;
      lags = oldest;
    }
    // Stretches that overlap the present one are always similar.
    int apart = 2 * span + 1;
    nearest = Double.MAX_VALUE;
    int to = 1;
    for (int part = 1; part <= PARTS; part++) {
      int from = to;
      to = 1 + lags * part / PARTS;
      follow(values, distances, fade, from, to);
      nearest = least(distances, Math.max(apart, from), to, nearest);
    }
  }

  /** In units of the series; NaN while the past is below four stretches. */
  double distance() {
    return lags > 4 * span ? Math.sqrt(nearest) : Double.NaN;
  }

  /** Nothing but arithmetic on two arrays at one index: compilers make vectors of it. */
  private static void follow(double[] values, double[] distances, double keep, int from, int to) {
    double now = values[0];
    double take = 1 - keep;
    for (int lag = from; lag < to; lag++) {
      double difference = now - values[lag];
      distances[lag] = keep * distances[lag] + take * (difference * difference);
    }
  }

  private static double least(double[] distances, int from, int to, double atMost) {
    double least = atMost;
    for (int lag = from; lag < to; lag++) {
      if (distances[lag] < least) {
        least = distances[lag];
      }
    }
    return least;
  }
}
