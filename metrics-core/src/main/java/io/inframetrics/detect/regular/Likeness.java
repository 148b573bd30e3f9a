package io.inframetrics.detect.regular;

/** When two occurrences may be of the same job: by direction, level and length. */
final class Likeness {

  /** Factor between two levels, distances from the usual level, of one job. */
  private static final double LEVELS = 1.6;

  /** Factor by which a run may be longer than another; twice is too long. */
  private static final double LONGER = 1.5;

  /** Factor by which it may be shorter: less to do is nothing to report. */
  private static final double SHORTER = 4;

  /** Points of a run from which its length tells, not how much of each point it fills. */
  private static final int TELLING_POINTS = 4;

  private Likeness() {}

  static boolean sameDirection(Occurrence one, Occurrence other) {
    return one.isUpwards() == other.isUpwards();
  }

  /** Whether {@code one} is like an {@code earlier} run of a job. */
  static boolean alike(Occurrence one, Occurrence earlier, long spacing) {
    return sameLevel(one, earlier)
        && !isLonger(one, earlier, spacing)
        && earlier.length() < SHORTER * one.length() + spacing;
  }

  static boolean sameLevel(Occurrence one, Occurrence earlier) {
    double ratio = one.level() / earlier.level();
    return ratio <= LEVELS && ratio >= 1 / LEVELS;
  }

  /** Whether a run is too long for a job of which {@code earlier} is one, or the longest. */
  static boolean isLonger(Occurrence one, Occurrence earlier, long spacing) {
    return one.length() >= LONGER * earlier.length() + spacing
        || (earlier.length() < TELLING_POINTS * spacing
            && Math.abs(one.area()) > LONGER * Math.abs(earlier.area()));
  }
}
