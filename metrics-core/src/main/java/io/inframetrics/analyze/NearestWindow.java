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

  private final int span;
  private final double fade;
  private double[] distances = new double[PastValues.FIRST_CAPACITY];
  private int known;

  /** Distances over about {@code span} points. */
  NearestWindow(int span) {
    this.span = span;
    this.fade = Math.exp(-1.0 / span);
  }

  /**
   * Takes the next value, before it is part of the past.
   *
   * @return the distance in units of the series; NaN while the past is shorter than four spans
   */
  double next(double value, PastValues past) {
    int lags = past.size();
    if (distances.length < lags) {
      distances = Arrays.copyOf(distances, past.capacity());
    }
    if (lags > known) {
      double difference = value - past.at(lags - 1);
      distances[lags - 1] = difference * difference;
      known = lags;
    }
    // Stretches that overlap the present one are always similar.
    int overlapping = Math.min(lags, 2 * span);
    int turn = Math.min(lags, past.lagsBeforeTurn());
    update(value, past, 0, Math.min(turn, overlapping));
    double nearest = Double.MAX_VALUE;
    if (turn < overlapping) {
      update(value, past, turn, overlapping);
      nearest = Math.min(nearest, update(value, past, overlapping, lags));
    } else {
      nearest = Math.min(nearest, update(value, past, overlapping, turn));
      nearest = Math.min(nearest, update(value, past, turn, lags));
    }
    return lags > 4 * span ? Math.sqrt(nearest) : Double.NaN;
  }

  /** The lags from {@code from} to {@code to}, which lie in one stretch of the ring. */
  private double update(double value, PastValues past, int from, int to) {
    double[] ring = past.ring();
    double[] mine = distances;
    double fresh = 1 - fade;
    int shift = past.slot(from) - from;
    double nearest = Double.MAX_VALUE;
    for (int lag = from; lag < to; lag++) {
      double difference = value - ring[lag + shift];
      double distance = fade * mine[lag] + fresh * difference * difference;
      mine[lag] = distance;
      if (distance < nearest) {
        nearest = distance;
      }
    }
    return nearest;
  }
}
