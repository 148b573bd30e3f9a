package io.inframetrics.detect.anomaly;

/**
 * How much more evidence it takes to alarm while the history is short, as a few days say little
 * about what is usual.
 *
 * @param days of history
 */
record ColdStart(double days) {

  /** Share of evidence asked for in addition at most, into the fifth day. Tuned; not measured. */
  private static final double MOST = 0.7;

  /** Days that, divided by those of history, are the share asked for later. Tuned; not measured. */
  private static final double DAYS = 3;

  /**
   * Days from which a difference from the profile needs no more than usual: it has its own budget.
   */
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
