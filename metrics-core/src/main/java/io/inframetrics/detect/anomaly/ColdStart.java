package io.inframetrics.detect.anomaly;

/**
 * How much more evidence an alarm takes after {@code days} of history, as a few days say little.
 */
record ColdStart(double days) {

  /** The most evidence asked for in addition, as a share, into the fifth day. Tuned. */
  private static final double MOST = 0.7;

  /** Days that, divided by those of history, are the share asked for later. Tuned. */
  private static final double DAYS = 3;

  /** Days from which differences from the profile, with their own budget, need no more. */
  private static final double PROFILE_DAYS = 60;

  ColdStart(long elapsed) {
    this((double) elapsed / AnomalyStream.DAY);
  }

  /** Multiple of the evidence that a long history takes. */
  double factor() {
    return 1 + Math.min(MOST, DAYS / days);
  }

  /** The same for differences from the profile, a {@link ShortSpike} and a {@link Drift}. */
  double profileFactor() {
    return 1 + Math.max(0, Math.min(MOST, DAYS / days - DAYS / PROFILE_DAYS));
  }

  /** Whether a time of the day was seen twice: before that, every slow change is new. */
  boolean knowsADay() {
    return days >= 1;
  }
}
