package io.inframetrics.detect.anomaly;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Turns evidence at points into one alarm for each episode.
 *
 * <p>An episode is a stretch of points with enough evidence, and goes on across quiet ones until
 * there were {@value #QUIET_POINTS} of them or a day. It alarms at its first point, unless three
 * episodes of the last seven days were about as strong and ended at about this time of the day:
 * what happens on most nights is not news at night. Should it grow beyond them later, it alarms
 * then; and once more should it become half as strong again as it ever was.
 */
final class EpisodeRule {

  /** Quiet points after which an episode is over. */
  static final int QUIET_POINTS = 50;

  static final long DAY = 86_400;
  private static final long MEMORY_SECONDS = 7 * DAY;

  /** Times of day no farther apart than this are about the same. */
  private static final long SAME_TIME_SECONDS = DAY / 8;

  private static final int USUAL_EPISODES = 3;
  private static final double AS_STRONG = 0.7;
  static final double MUCH_STRONGER = 1.5;

  private final double alarm;
  private final Deque<Past> past = new ArrayDeque<>();
  private boolean open;
  private boolean told;
  private double peak;
  private int quiet;
  private int points;
  private long last;

  /** A rule that takes this much evidence to alarm. */
  EpisodeRule(double alarm) {
    this.alarm = alarm;
  }

  /**
   * Takes the next point.
   *
   * @param epochSecond never before the one before
   * @return whether to alarm now
   */
  boolean next(long epochSecond, double evidence) {
    points++;
    if (evidence < alarm) {
      quiet++;
      return false;
    }
    if (open && (quiet >= QUIET_POINTS || epochSecond - last > DAY)) {
      past.addLast(new Past(last, peak));
      open = false;
    }
    if (!open) {
      open = true;
      told = false;
      peak = 0;
      points = 1;
    }
    // A small oddity before it must not hide an outage.
    told &= evidence < MUCH_STRONGER * peak;
    quiet = 0;
    last = epochSecond;
    peak = Math.max(peak, evidence);
    boolean alarms = !told && !isUsual(epochSecond, evidence);
    told |= alarms;
    return alarms;
  }

  /** Points since the present episode began, its first one too; 0 if there is none. */
  int points() {
    return open && quiet < QUIET_POINTS ? points : 0;
  }

  private boolean isUsual(long epochSecond, double evidence) {
    while (!past.isEmpty() && epochSecond - past.getFirst().end() > MEMORY_SECONDS) {
      past.removeFirst();
    }
    int asStrong = 0;
    for (Past episode : past) {
      long later = Math.floorMod(epochSecond - episode.end(), DAY);
      boolean sameTime = Math.min(later, DAY - later) <= SAME_TIME_SECONDS;
      asStrong += sameTime && episode.peak() >= AS_STRONG * evidence ? 1 : 0;
    }
    return asStrong >= USUAL_EPISODES;
  }

  private record Past(long end, double peak) {}
}
