package io.inframetrics.detect.anomaly;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.Severity;
import io.inframetrics.detect.regular.RegularJobs;
import io.inframetrics.metric.MetricUnit;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Owns the episodes of one series from their first point to their end: decides when to alarm and,
 * where findings are wanted, which finding each episode becomes. Each judged point passes through
 * {@link #next} once.
 *
 * <p><b>An episode has two ends,</b> because the two readers ask different questions.
 *
 * <ul>
 *   <li><i>The alarm</i> must not sound twice for one incident, and incidents come and go. So
 *       alarms stay off until {@value #SILENT_POINTS} points in a row, or a day, had too little
 *       evidence to alarm. Only then may the next alarming point be a new incident.
 *   <li><i>The finding</i> tells an operator whether the incident is still there, which nobody
 *       wants to learn 50 points late. It is over after {@value #BACK_POINTS} points in a row that
 *       are nearer to the old level than to the incident (after a spike, evidence lasts much longer
 *       than the spike does, because means remember it), or after {@value #QUIET_POINTS} points in
 *       a row with little evidence (what lasts becomes normal, so evidence fades). A stuck value is
 *       over after {@value #BACK_POINTS} other values.
 * </ul>
 *
 * <p>Between the two ends the finding can resume: alarming evidence that the first rule counts as
 * the same incident reopens it.
 *
 * <p><b>An alarm is skipped</b> if {@value #USUAL_EPISODES} episodes of the last week were about as
 * strong and ended at about this time of day: a job that runs on most nights is not news at night.
 * It sounds later in the same episode if that grows beyond them, and again if the episode becomes
 * {@value #MUCH_STRONGER} times as strong as it was.
 */
final class Episodes {

  /** Points in a row below the alarm after which the next alarm is a new incident: 4 h at 5 min. */
  static final int SILENT_POINTS = 50;

  /**
   * Seconds below the alarm after which the next alarm is a new incident: a day, as 50 points every
   * three hours are six days, in which one false alarm hid what came after. Double: 15 of 800 drops
   * to zero and shifts were lost, instead of 4.
   */
  private static final long SILENT_SECONDS = AnomalyStream.DAY;

  /** Seconds for which an incident is remembered: a week has weekdays and a weekend. */
  private static final long MEMORY_SECONDS = 7 * AnomalyStream.DAY;

  /**
   * Seconds between two times of day that count as the same: three hours, so that a late job is
   * still the nightly one. At any time of day: one point of NAB and one window less.
   */
  private static final long SAME_TIME_SECONDS = AnomalyStream.DAY / 8;

  /**
   * Remembered incidents that make another one usual: most nights of half a week. Without the rule:
   * two points of NAB less.
   */
  private static final int USUAL_EPISODES = 3;

  /** Share of the present evidence from which a remembered incident was as strong. */
  private static final double AS_STRONG = 0.7;

  /** Share of the present distance from what is usual from which another day's was as far. */
  private static final double AS_FAR = 0.7;

  /**
   * Factor by which evidence must exceed the strongest so far to alarm again, or to be another
   * finding. With 2, and two days of {@link #SILENT_SECONDS}, 15 of 800 incidents were lost, now 4.
   */
  private static final double MUCH_STRONGER = 1.5;

  /**
   * Points in a row with little evidence after which a finding is over; noise rarely has so many.
   * Half: in 60 series 31 of 88 findings, not 26 of 87, become usual, after 52, not 68 hours.
   */
  static final int QUIET_POINTS = 6;

  /** Share of the alarming evidence below which evidence is little. */
  private static final double LITTLE = 0.5;

  /** Points in a row near the old level after which a finding is over: one may be chance. */
  private static final int BACK_POINTS = 2;

  /** Multiple of the episode's mean departure from which a departure is another finding. */
  private static final double MUCH_FARTHER = 3;

  /** Points of the longest mean that says where single values are. */
  private static final int LONGEST_SPAN = 3;

  /** Share of the value that the recent range must reach: to an operator, less is not a change. */
  private static final double RELATIVE_FLOOR = 0.02;

  /** Percentage points that the recent range of a percentage must reach, for the same reason. */
  private static final double PERCENT_FLOOR = 1;

  private final double alarm;
  private final @Nullable SeriesHistory history;
  private final @Nullable RegularJobs jobs;

  // The incident that the alarm is about; its peak is 0 before the first one.
  private final Deque<Past> past = new ArrayDeque<>();
  private long incident;
  private boolean reported;
  private boolean resumes;
  private double peak;
  private int silent;
  private int points;
  private long last;
  private long lastTime;

  // The finding that it becomes.
  private final List<Finding> findings = new ArrayList<>();
  private @Nullable Episode episode;
  private boolean alarming;

  /**
   * Alarms at {@code alarm} evidence, positive; makes findings of {@code history} unless null.
   *
   * @param jobs the regular jobs of that history; if null, whatever is rare alarms, also what
   *     hardly anybody would see ({@link Evidence#isPlain}) or what is regular
   */
  Episodes(double alarm, @Nullable SeriesHistory history, @Nullable RegularJobs jobs) {
    this.alarm = alarm;
    this.history = history;
    this.jobs = jobs;
  }

  /** Takes the next point; returns whether to alarm at it. */
  boolean next(JudgedPoint point) {
    boolean alarms = alarms(point);
    if (history != null) {
      follow(point, alarms, history);
    }
    return alarms;
  }

  /** Whether a finding began at {@code point}, the last one; false where no findings are wanted. */
  boolean began(JudgedPoint point) {
    return episode != null && episode.first.points() == point.points();
  }

  /** Points since the incident began, its first one included; 0 if there is none. */
  int points() {
    return peak > 0 && silent < SILENT_POINTS ? points : 0;
  }

  /** The findings so far, in order of time; the last one may be ongoing. */
  List<Finding> findings() {
    if (history == null || episode == null) {
      return findings;
    }
    List<Finding> all = new ArrayList<>(findings);
    all.add(episode.finding(history, episode.over));
    return all;
  }

  private boolean alarms(JudgedPoint point) {
    points++;
    double evidence = point.amount();
    if (evidence < alarm) {
      silent++;
      return false;
    }
    boolean continues =
        peak > 0 && silent < SILENT_POINTS && point.elapsed() - last <= SILENT_SECONDS;
    // Seconds of history count a pause of several days as one day; the finding does not.
    resumes = continues && point.epochSecond() - lastTime <= SILENT_SECONDS;
    if (!continues) {
      if (peak > 0) {
        past.addLast(new Past(last, peak));
      }
      incident++;
      reported = false;
      peak = 0;
      points = 1;
    }
    // A small oddity before it must not hide an outage.
    reported &= evidence < MUCH_STRONGER * peak;
    silent = 0;
    last = point.elapsed();
    lastTime = point.epochSecond();
    peak = Math.max(peak, evidence);
    boolean alarms = !reported && !isUsual(point.elapsed(), evidence) && isNews(point);
    reported |= alarms;
    return alarms;
  }

  /** Whether somebody would see it, and it is not regular; findings of jobs are about the rest. */
  private boolean isNews(JudgedPoint point) {
    return jobs == null || (point.evidence().isPlain() && !isRegular(point, jobs));
  }

  private static boolean isRegular(JudgedPoint point, RegularJobs jobs) {
    Evidence evidence = point.evidence();
    int span = evidence.rarestSpan();
    if (!evidence.isOfLevel() || span > LONGEST_SPAN) {
      return false;
    }
    double usual = usual(evidence, span);
    double departure = evidence.mean(0, span) - usual;
    return evidence.isUpwards() == departure > 0
        && jobs.wasReached(point.epochSecond(), usual + AS_FAR * departure, departure > 0);
  }

  /** What the mean of the last points is compared with. */
  private static double usual(Evidence evidence, int span) {
    if (evidence.isOfJump()) {
      return evidence.mean(span, span);
    }
    return evidence.knowsSeason() ? evidence.usualMean(span) : evidence.usualLately(span);
  }

  private boolean isUsual(long now, double evidence) {
    while (!past.isEmpty() && now - past.getFirst().end() > MEMORY_SECONDS) {
      past.removeFirst();
    }
    int asStrong = 0;
    for (Past before : past) {
      long later = Math.floorMod(now - before.end(), AnomalyStream.DAY);
      boolean sameTime = Math.min(later, AnomalyStream.DAY - later) <= SAME_TIME_SECONDS;
      asStrong += sameTime && before.peak() >= AS_STRONG * evidence ? 1 : 0;
    }
    return asStrong >= USUAL_EPISODES;
  }

  private void follow(JudgedPoint point, boolean alarms, SeriesHistory of) {
    double amount = point.amount() / alarm;
    if (episode != null
        && ((alarms && episode.over)
            || (amount >= 1 && episode.isSmallBeside(point, amount) && isNews(point)))) {
      findings.add(episode.finding(of, true));
      episode = null;
      alarming = true;
    }
    alarming = alarms || (alarming && amount >= 1);
    if (episode == null && alarming && moves(point, of.unit())) {
      episode = new Episode(point);
    }
    if (episode != null) {
      episode.add(point, amount, of.unit());
    }
  }

  /** The score has no unit: the smallest step of a flat series is as unusual as a large one. */
  private static boolean moves(JudgedPoint point, MetricUnit unit) {
    Evidence evidence = point.evidence();
    double least = leastChange(point.value(), unit);
    int span = evidence.rarestSpan();
    return evidence.spans(least)
        && !(evidence.isOfLevel()
            && Math.abs(evidence.mean(0, span) - usual(evidence, span)) < least);
  }

  /** The smallest difference from this value that matters to an operator. */
  static double leastChange(double value, MetricUnit unit) {
    double relative = RELATIVE_FLOOR * Math.abs(value);
    return unit == MetricUnit.PERCENT ? Math.max(PERCENT_FLOOR, relative) : relative;
  }

  /** An incident that is over, as far as alarms go. */
  private record Past(long end, double peak) {}

  /** An episode that becomes a finding. Amounts are in alarms: 1 alarms. */
  private final class Episode {

    private final JudgedPoint first;
    private final long of = incident;
    private final boolean seasonal;
    private final double level;
    private JudgedPoint latest;
    private JudgedPoint peak;
    private double most;
    private String reason = "";
    private boolean stuck;
    private boolean ofValue;
    private boolean ofLevel;
    private double departures;
    private int departed = 1;
    private int back;
    private int quiet;
    private double whileQuiet;
    private boolean over;
    private boolean usual;

    Episode(JudgedPoint first) {
      this.first = first;
      this.latest = first;
      this.peak = first;
      Evidence evidence = first.evidence();
      this.seasonal = evidence.knowsSeason();
      int span = evidence.rarestSpan();
      this.level = seasonal ? evidence.level() : evidence.usualLately(span);
      // A mean may become alarming when the value is back already.
      double value = span == 1 ? first.value() : evidence.mean(0, span);
      this.departures = Math.abs(departure(value, evidence));
    }

    void add(JudgedPoint point, double amount, MetricUnit unit) {
      Evidence evidence = point.evidence();
      double departure = departure(point.value(), evidence);
      if (amount > most) {
        most = amount;
        peak = point;
        reason = AnomalyReason.of(point, unit, points());
        stuck = evidence.isStuck();
        ofLevel = evidence.isOfLevel();
        ofValue = stuck || (ofLevel && evidence.rarestSpan() <= LONGEST_SPAN);
      }
      boolean isBack =
          stuck ? point.value() != peak.value() : Math.abs(departure) < departures / departed / 2;
      if (!isBack && !over && point.points() != first.points()) {
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
      } else if (amount >= 1 && departs && resumes && incident == of) {
        over = false;
      }
      if (!over && quiet == 0 && departs) {
        latest = point;
      }
    }

    /**
     * Whether alarming evidence is another incident, beside which this one is small. Evidence has a
     * bound, so an outage right after a spike shows only in how far the value is from normal.
     */
    boolean isSmallBeside(JudgedPoint point, double amount) {
      boolean farther =
          ofValue
              && !stuck
              && Math.abs(departure(point.value(), point.evidence()))
                  >= MUCH_FARTHER * departures / departed;
      return farther || amount >= MUCH_STRONGER * most;
    }

    private double departure(double value, Evidence evidence) {
      return value - level - (seasonal ? evidence.usualNow() - evidence.level() : 0);
    }

    Finding finding(SeriesHistory of, boolean ended) {
      return new Finding(
          of.series(),
          of.unit(),
          AnomalyDetector.NAME,
          Severity.WARNING,
          Instant.ofEpochSecond(first.epochSecond()),
          Instant.ofEpochSecond(latest.epochSecond()),
          !ended,
          over && usual,
          peak.value(),
          Math.max(0, most - 1),
          reason,
          null);
    }
  }
}
