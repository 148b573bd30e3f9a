package io.inframetrics.detect.anomaly;

/**
 * How improbable it is that a value repeats as often as it does now. The past says how probable one
 * repetition is, and a run multiplies that. A series that had such runs before is not stuck, so a
 * run counts only once it is more than twice as long as any before.
 */
final class StuckRun {

  /** Factor by which a run must exceed the longest before it to be unusual. */
  private static final int LONGER = 2;

  private double previous = Double.NaN;
  private long count;
  private long repeats;
  private int longest;
  private int run;
  private long begin;
  private long latest;

  /**
   * Takes the next value; returns digits of probability, 0 if nothing is unusual.
   *
   * @param elapsed seconds of history, never less than before
   */
  double next(double value, long elapsed) {
    latest = elapsed;
    if (value == previous) {
      run++;
    } else {
      repeats += run;
      longest = Math.max(longest, run);
      run = 0;
      begin = elapsed;
      previous = value;
    }
    count++;
    // A series that never was anything else is not stuck.
    long before = count - 1 - run;
    return before < TailProbability.MIN_POINTS || run <= LONGER * longest
        ? 0
        : -Math.log10((repeats + 1.0) / (before + 2.0)) * run;
  }

  /** Seconds for which so many points in a row have stood, at the spacing of the present ones. */
  long seconds(int points) {
    return run == 0 ? 0 : (latest - begin) * points / run;
  }

  /** How many points in a row have the present value. */
  int points() {
    return run + 1;
  }

  /** The most points in a row that had one value before. */
  int mostPointsBefore() {
    return longest + 1;
  }
}
