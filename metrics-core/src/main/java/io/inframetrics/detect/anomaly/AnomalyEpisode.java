package io.inframetrics.detect.anomaly;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.Severity;
import io.inframetrics.metric.Point;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * An unusual stretch of a series, from the point that alarms on.
 *
 * <p>Evidence fades while an incident goes on, as what lasts becomes usual, and comes and goes with
 * the noise. So an episode ends only with {@value #QUIET_POINTS} points in a row that have less
 * than half of the evidence that alarms. After a spike, on the other hand, evidence lasts until the
 * means forget it; so a spike is over as soon as two points in a row are nearer to what was usual
 * before than to the incident, and a value that was stuck as soon as two are others. Alarming
 * evidence that is no alarm by {@link EpisodeRule} resumes the episode.
 */
final class AnomalyEpisode {

  /** Points in a row with little evidence, after which nothing is unusual any more. */
  static final int QUIET_POINTS = 6;

  /** In evidence that alarms. */
  private static final double LITTLE = 0.5;

  private static final int BACK_POINTS = 2;

  private static final double MUCH_FARTHER = 3;

  /** A longer mean may be unusual while each of its values is not. */
  private static final int LONGEST_SPAN = 3;

  private final Point first;
  private final boolean seasonal;
  private final double level;
  private Point last;
  private Point peak;
  private double most;
  private String reason = "";
  private boolean stuck;
  private boolean ofValue;
  private boolean ofLevel;
  private double departures;
  private int departed;
  private int back;
  private int quiet;
  private double whileQuiet;
  private boolean over;
  private boolean usual;
  private long alarming;
  private int since;

  /** An episode that begins at {@code first}, the last point that the evidence is of. */
  AnomalyEpisode(Point first, Evidence evidence) {
    this.first = first;
    this.last = first;
    this.peak = first;
    this.alarming = first.epochSecond();
    this.seasonal = evidence.isSeasonal() && !Double.isNaN(evidence.usualNow());
    Feature rarest = evidence.rarest();
    int span = rarest == null ? 1 : rarest.span();
    this.level = seasonal ? evidence.level() : evidence.usualLately(span);
    // A mean may become alarming when the value is back already.
    double value = span == 1 ? first.value() : evidence.mean(0, span);
    this.departures = Math.abs(departure(value, evidence));
    this.departed = 1;
  }

  /**
   * Takes the next point, the first one too.
   *
   * @param amount of evidence, where 1 alarms
   * @param words why the point is unusual
   */
  void add(Point point, double amount, Evidence evidence, Supplier<String> words) {
    double departure = departure(point.value(), evidence);
    boolean isFirst = most == 0;
    if (amount > most) {
      most = amount;
      peak = point;
      reason = words.get();
      stuck = evidence.isStuck();
      ofLevel = isOfLevel(evidence);
      Feature rarest = evidence.rarest();
      ofValue = stuck || (ofLevel && rarest != null && rarest.span() <= LONGEST_SPAN);
    }
    boolean isBack = stuck ? point.value() != peak.value() : isBack(departure);
    if (!isBack && !over && !isFirst) {
      departures += Math.abs(departure);
      departed++;
    }
    back = isBack ? back + 1 : 0;
    whileQuiet = amount < LITTLE ? whileQuiet + departure : 0;
    quiet = amount < LITTLE ? quiet + 1 : 0;
    boolean departs = !(ofValue && isBack);
    if (!over && (quiet >= QUIET_POINTS || (ofValue && back >= BACK_POINTS))) {
      over = true;
      double stays = Math.abs(whileQuiet / Math.max(1, quiet));
      usual = ofLevel && quiet >= QUIET_POINTS && stays >= departures / departed / 2;
    } else if (amount >= 1 && departs && isSame(point)) {
      over = false;
    }
    since = amount >= 1 ? 0 : since + 1;
    alarming = amount >= 1 ? point.epochSecond() : alarming;
    if (!over && quiet == 0 && departs) {
      last = point;
    }
  }

  /** Whether it was over at the last point. */
  boolean isOver() {
    return over;
  }

  /** Ends it, as another one begins. */
  void end() {
    usual &= over;
    over = true;
  }

  /** Whether {@link EpisodeRule} takes alarming evidence at a point for the same episode. */
  private boolean isSame(Point point) {
    return since < EpisodeRule.QUIET_POINTS && point.epochSecond() - alarming <= EpisodeRule.DAY;
  }

  /**
   * Whether alarming evidence is of another incident, beside which this one is small: evidence has
   * a bound, so an outage right behind a spike shows only in how far it is from the usual.
   *
   * @param amount of evidence, at least 1
   */
  boolean isSmallBeside(Point point, double amount, Evidence evidence) {
    boolean farther =
        ofValue
            && !stuck
            && Math.abs(departure(point.value(), evidence)) >= MUCH_FARTHER * departures / departed;
    return farther || amount >= EpisodeRule.MUCH_STRONGER * most;
  }

  private double departure(double value, Evidence evidence) {
    return value - level - (seasonal ? evidence.usualNow() - evidence.level() : 0);
  }

  private boolean isBack(double departure) {
    return Math.abs(departure) < departures / departed / 2;
  }

  private static boolean isOfLevel(Evidence evidence) {
    Feature rarest = evidence.rarest();
    return rarest != null
        && !evidence.isStuck()
        && !evidence.isDrift()
        && switch (rarest.aspect()) {
          case LEVEL, JUMP, SEASON -> true;
          case SWING, SHAPE -> false;
        };
  }

  /** What is to be told of it after the last point. */
  Finding finding(SeriesHistory history) {
    return new Finding(
        history.series(),
        history.unit(),
        AnomalyDetector.NAME,
        Severity.WARNING,
        Instant.ofEpochSecond(first.epochSecond()),
        Instant.ofEpochSecond(last.epochSecond()),
        !over,
        over && usual,
        peak.value(),
        Math.max(0, most - 1),
        reason,
        null);
  }
}
