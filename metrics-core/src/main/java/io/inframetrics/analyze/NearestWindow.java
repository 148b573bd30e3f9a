package io.inframetrics.analyze;

import java.util.Arrays;

/**
 * How far the last stretch of a series is from the most similar stretch of its past: large where a
 * shape was never seen, however ordinary its values are (the idea of discords, Keogh, Lin and Fu
 * 2005). For a short and a long stretch at once.
 *
 * <p>The distance between now and so many points ago is a mean of squared differences that fades
 * into the past. It follows from the one a point earlier, so a point costs one step for each
 * earlier point, whatever the span.
 */
final class NearestWindow {

  private final int shortSpan;
  private final int longSpan;
  private final double shortFade;
  private final double longFade;
  private double[] shortDistances = new double[PastValues.FIRST_CAPACITY];
  private double[] longDistances = new double[PastValues.FIRST_CAPACITY];
  private int known;
  private double nearestShort;
  private double nearestLong;

  /**
   * Distances over about {@code shortSpan} and over about {@code longSpan} points, which is more.
   */
  NearestWindow(int shortSpan, int longSpan) {
    this.shortSpan = shortSpan;
    this.longSpan = longSpan;
    this.shortFade = Math.exp(-1.0 / shortSpan);
    this.longFade = Math.exp(-1.0 / longSpan);
  }

  /** Takes the next value, before it is part of the past. */
  void next(double value, PastValues past) {
    int lags = past.size();
    if (shortDistances.length < lags) {
      shortDistances = Arrays.copyOf(shortDistances, past.capacity());
      longDistances = Arrays.copyOf(longDistances, past.capacity());
    }
    if (lags > known) {
      double difference = value - past.at(lags - 1);
      shortDistances[lags - 1] = difference * difference;
      longDistances[lags - 1] = difference * difference;
      known = lags;
    }
    // Stretches that overlap the present one are always similar.
    int overlapping = Math.min(lags, 2 * longSpan);
    int turn = Math.min(lags, past.lagsBeforeTurn());
    if (turn < overlapping) {
      update(value, past, 0, turn);
      update(value, past, turn, overlapping);
      start(overlapping);
      update(value, past, overlapping, lags);
    } else {
      update(value, past, 0, overlapping);
      start(overlapping);
      update(value, past, overlapping, turn);
      update(value, past, turn, lags);
    }
  }

  /** From the short stretch, in units of the series; NaN while the past is below four of them. */
  double distanceOfShort() {
    return known > 4 * shortSpan ? Math.sqrt(nearestShort) : Double.NaN;
  }

  /** From the long stretch, in units of the series; NaN while the past is below four of them. */
  double distanceOfLong() {
    return known > 4 * longSpan ? Math.sqrt(nearestLong) : Double.NaN;
  }

  /** Forgets the nearest of the lags that overlap the long stretch; some do not the short one. */
  private void start(int overlapping) {
    nearestShort = Double.MAX_VALUE;
    nearestLong = Double.MAX_VALUE;
    for (int lag = 2 * shortSpan; lag < overlapping; lag++) {
      nearestShort = Math.min(nearestShort, shortDistances[lag]);
    }
  }

  /** The lags from {@code from} to {@code to}, which lie in one stretch of the ring. */
  private void update(double value, PastValues past, int from, int to) {
    double[] ring = past.ring();
    double[] shorts = shortDistances;
    double[] longs = longDistances;
    double keepShort = shortFade;
    double keepLong = longFade;
    double takeShort = 1 - keepShort;
    double takeLong = 1 - keepLong;
    double leastShort = nearestShort;
    double leastLong = nearestLong;
    int shift = past.slot(from) - from;
    for (int lag = from; lag < to; lag++) {
      double difference = value - ring[lag + shift];
      double square = difference * difference;
      double ofShort = keepShort * shorts[lag] + takeShort * square;
      double ofLong = keepLong * longs[lag] + takeLong * square;
      shorts[lag] = ofShort;
      longs[lag] = ofLong;
      if (ofShort < leastShort) {
        leastShort = ofShort;
      }
      if (ofLong < leastLong) {
        leastLong = ofLong;
      }
    }
    nearestShort = leastShort;
    nearestLong = leastLong;
  }
}
