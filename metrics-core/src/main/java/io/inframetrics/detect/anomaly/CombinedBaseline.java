package io.inframetrics.detect.anomaly;

import org.jspecify.annotations.Nullable;

/**
 * The baseline from the time of day and the time of week together: the mix of both that fits best,
 * by regression on their difference, and how far values usually are from it.
 */
final class CombinedBaseline {

  private long count;
  private double products;
  private double apartSquares;
  private double squares;

  /**
   * Starts with what {@code younger} has learned, as if from a few points; null teaches nothing.
   */
  CombinedBaseline(@Nullable CombinedBaseline younger) {
    if (younger != null) {
      count = Math.min(younger.count, TailProbability.MIN_POINTS);
      products = younger.products;
      apartSquares = younger.apartSquares;
      squares = younger.squares;
    }
  }

  /** Learns a value; returns its difference in usual differences, NaN while these are unknown. */
  double standard(double value, double ofDay, double ofWeek, double resolution) {
    double answer =
        count < TailProbability.MIN_POINTS
            ? Double.NaN
            : difference(value, ofDay, ofWeek) / Math.max(resolution, Math.sqrt(squares));
    if (!Double.isNaN(value - ofDay)) {
      learn(value, ofDay, ofWeek);
    }
    return answer;
  }

  /** How far values usually are from the baseline; NaN while this is unknown. */
  double usualDifference() {
    return count < TailProbability.MIN_POINTS ? Double.NaN : Math.sqrt(squares);
  }

  private double difference(double value, double ofDay, double ofWeek) {
    double apart = ofWeek - ofDay;
    double share = apartSquares > 0 ? Math.max(0, Math.min(1, products / apartSquares)) : 0;
    return Double.isNaN(apart) ? value - ofDay : value - ofDay - share * apart;
  }

  private void learn(double value, double ofDay, double ofWeek) {
    double difference = FadingMemory.cut(difference(value, ofDay, ofWeek), count, squares);
    count++;
    double weight = FadingMemory.weight(count);
    squares += weight * (difference * difference - squares);
    double apart = ofWeek - ofDay;
    if (!Double.isNaN(apart)) {
      products += weight * ((value - ofDay) * apart - products);
      apartSquares += weight * (apart * apart - apartSquares);
    }
  }
}
