package io.inframetrics.detect.anomaly;

import io.inframetrics.detect.anomaly.Feature.Aspect;

/**
 * How rare it is that a series keeps to one side of its profile for about a day: a slow rise, which
 * a few points cannot tell from noise. The differences from the profile are averaged with weights
 * that fade (control by exponentially weighted means, Roberts 1959).
 */
final class Drift {

  /** Seconds within which two means are much the same, so that they are one look. */
  static final double LOOK_SECONDS = AnomalyStream.DAY / 24.0;

  /**
   * Seconds over which weights fade, and after which the next mean is learned: half a day, so that
   * a mean covers about a day.
   */
  private static final long SPAN_SECONDS = AnomalyStream.DAY / 2;

  /** Seconds before which a profile teaches nothing: it errs by whole days in its first week. */
  private static final long YOUNG_SECONDS = 7 * AnomalyStream.DAY;

  /** Seconds that one value counts for at most: it takes several to be a drift. */
  private static final double MOST_SECONDS = SPAN_SECONDS / 4.0;

  private final Feature feature = Feature.nearNormal(Aspect.SEASON, 1);
  private double mean;
  private long latest = -1;
  private long learned;

  /**
   * Judges a difference from the profile and learns it.
   *
   * @param elapsed seconds of history, never less than before
   * @param spacing usual seconds from point to point: after a pause a value counts for no more
   * @return digits of rarity; 0 if it is not rare or not a number
   */
  double next(long elapsed, double difference, double spacing, double resolution) {
    if (Double.isNaN(difference)) {
      return 0;
    }
    if (latest < 0) {
      latest = elapsed;
      learned = elapsed + YOUNG_SECONDS;
    }
    double passed = elapsed - latest;
    latest = elapsed;
    double counted = Math.min(passed, Math.min(spacing, MOST_SECONDS));
    double share = -Math.expm1(-counted / SPAN_SECONDS);
    mean += share * (FadingMemory.cut(difference, FadingMemory.LARGEST) - mean);
    feature.judge(mean, resolution);
    if (latest - learned >= SPAN_SECONDS) {
      feature.learn(mean);
      learned = latest;
    }
    return feature.digits();
  }

  /** Whether the last mean is unusually high, not unusually low. */
  boolean upwards() {
    return feature.upwards();
  }
}
