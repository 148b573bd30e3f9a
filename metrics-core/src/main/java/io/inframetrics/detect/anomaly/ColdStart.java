package io.inframetrics.detect.anomaly;

/**
 * How much more evidence a short history takes: what was seen for a few days says little of what is
 * usual.
 *
 * @param days of history
 */
record ColdStart(double days) {

  /** The most beyond the usual, into the fifth day; then as {@link #DAYS} to those there are. */
  private static final double MOST = 0.7;

  private static final double DAYS = 3;

  /** From then on a difference from the profile takes no more than usual: it has its own budget. */
  private static final double PROFILE_DAYS = 60;

  /** After so many seconds of history. */
  ColdStart(long elapsed) {
    this((double) elapsed / AnomalyStream.DAY);
  }

  /** Times the evidence that a long history takes. */
  double factor() {
    return 1 + Math.min(MOST, DAYS / days);
  }

  /** The same for differences from the profile, a {@link ShortSpike} and a {@link Drift}. */
  double profileFactor() {
    return 1 + Math.max(0, Math.min(MOST, DAYS / days - DAYS / PROFILE_DAYS));
  }

  /** Whether a time of the day was seen twice: before that, all that goes slowly is new. */
  boolean knowsADay() {
    return days >= 1;
  }
}
