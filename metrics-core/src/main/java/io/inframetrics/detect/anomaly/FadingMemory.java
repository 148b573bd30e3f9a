package io.inframetrics.detect.anomaly;

/** How averages forget: the weight of a new value, and the most that one value may teach. */
final class FadingMemory {

  /**
   * Points over which weights fade: four months every three hours, half a week every five minutes.
   */
  private static final int POINTS = 1_000;

  /**
   * Multiple of the usual difference to which larger ones are cut, as an incident is not normal.
   * Three standard deviations by custom.
   */
  static final double LARGEST = 3;

  private FadingMemory() {}

  /** The weight of the newest of {@code count} values: first a plain mean, then a fading one. */
  static double weight(long count) {
    return Math.max(1.0 / count, 1.0 / POINTS);
  }

  /** A difference cut for learning, after {@code count} others with this mean of their squares. */
  static double cut(double difference, long count, double squares) {
    return cut(
        difference,
        count < TailProbability.MIN_POINTS ? Double.MAX_VALUE : LARGEST * Math.sqrt(squares));
  }

  /** A difference cut to {@code limit} on either side. */
  static double cut(double difference, double limit) {
    return Math.max(-limit, Math.min(limit, difference));
  }
}
