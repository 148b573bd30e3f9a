package io.inframetrics.analyze;

/**
 * How much more evidence a short history takes: what was seen for a few days says little of what is
 * usual.
 *
 * @param days of history
 * @param points in it
 */
record ColdStart(double days, long points) {

  /** The most beyond the usual, into the fourth day; then as {@link #DAYS} to those there are. */
  private static final double MOST = 0.8;

  private static final double DAYS = 3;

  /** From then on a pulse takes no more than usual: it has a budget of its own. */
  private static final double PULSE_DAYS = 60;

  /** One every five minutes: more points a day are more chances to be wrong while all is new. */
  private static final double DAILY_POINTS = 288;

  /** How much more beyond the usual for each e times as many points. */
  private static final double CROWD = 0.6;

  /** Times the evidence that a long history takes. */
  double factor() {
    return 1 + Math.min(MOST, DAYS / days) * density();
  }

  /** The same for a {@link Pulse}. */
  double pulseFactor() {
    return 1 + Math.max(0, Math.min(MOST, DAYS / days - DAYS / PULSE_DAYS)) * density();
  }

  private double density() {
    return 1 + CROWD * Math.log(Math.max(1, points / Math.max(1, days) / DAILY_POINTS));
  }
}
