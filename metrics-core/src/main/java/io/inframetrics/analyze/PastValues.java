package io.inframetrics.analyze;

/**
 * The values of a series' past, newest first, at most {@value #MAX_CAPACITY}: two weeks of
 * five-minute points. A ring that grows with the history, so that a short one costs little.
 */
final class PastValues {

  /** Two weeks of five-minute points. */
  static final int MAX_CAPACITY = 4_032;

  static final int FIRST_CAPACITY = 252;

  private double[] ring = new double[FIRST_CAPACITY];
  private int newest;
  private int size;

  /** Makes a value the newest. */
  void add(double value) {
    if (size == ring.length && size < MAX_CAPACITY) {
      grow();
    }
    newest = newest == 0 ? ring.length - 1 : newest - 1;
    ring[newest] = value;
    size = Math.min(size + 1, ring.length);
  }

  int size() {
    return size;
  }

  int capacity() {
    return ring.length;
  }

  /** The values themselves, to be read at {@link #slot}. */
  double[] ring() {
    return ring;
  }

  /** Where the value of {@code lag} points before the newest is. */
  int slot(int lag) {
    int slot = newest + lag;
    return slot < ring.length ? slot : slot - ring.length;
  }

  /** The value of {@code lag} points before the newest. */
  double at(int lag) {
    return ring[slot(lag)];
  }

  /** Lags below this lie in one stretch of the ring, those from it on in another. */
  int lagsBeforeTurn() {
    return ring.length - newest;
  }

  /** The past value that is closest to {@code value}, of those {@code skipped} or more lags old. */
  double nearest(double value, int skipped) {
    double nearest = Double.NaN;
    for (int lag = skipped; lag < size; lag++) {
      double candidate = at(lag);
      if (!(Math.abs(candidate - value) >= Math.abs(nearest - value))) {
        nearest = candidate;
      }
    }
    return nearest;
  }

  private void grow() {
    double[] larger = new double[Math.min(MAX_CAPACITY, 2 * ring.length)];
    for (int lag = 0; lag < size; lag++) {
      larger[lag] = at(lag);
    }
    ring = larger;
    newest = 0;
  }
}
