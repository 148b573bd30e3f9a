package io.inframetrics.detect.regular;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.ReadableText;
import io.inframetrics.detect.RobustStatistics;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.Severity;
import io.inframetrics.detect.regular.Schedules.Expected;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The regular jobs of a series: which points are theirs and so need no judgement, and findings
 * where a run is missing, too long or at another level.
 *
 * <p>From its fourth run on a job is regular. It is judged by the runs before it only. Once it is
 * known, its first three runs need no judgement any more either, so that nothing is compared with
 * them.
 */
public final class RegularJobs {

  /** The detector's name in findings. */
  public static final String NAME = "schedule";

  /**
   * Multiple of the smallest distance from the usual level at which a run is seen well enough to
   * miss it, or to find it unlike others.
   */
  private static final double PLAIN = 1.5;

  /**
   * Stretches off the usual level above which a series is just restless, not run by schedule. An
   * hourly job has 864 in 36 days. Judging takes time by their square.
   */
  private static final int MOST_STRETCHES = 1_500;

  /** Seconds by which a value of another day may come earlier or later. */
  private static final long AT_THIS_TIME = 5 * 60;

  /** Days whose values say what is regular at a time of the day: two of each weekday. */
  private static final int WEEKDAYS_KNOWN = 14;

  private static final long HOUR = 3_600;

  /** Share of a run's level that no point reaches where a run is missing. */
  private static final double MISSING = 0.5;

  /** Points of a run from which its level is seen well; at its two ends it fills points in part. */
  private static final int WELL_SEEN = 3;

  /** Multiple of the usual level that a shorter run must reach to be a finding. */
  private static final double TWICE = 1.9;

  private final SeriesHistory history;
  private final ZoneId zone;
  private final OffLevel offLevel;
  private final Schedules schedules;
  private final List<Occurrence> all;
  private final int known;
  private final long[] starts;
  private final long[] ends;
  private final Set<Occurrence> judged = new HashSet<>();
  private final List<Finding> findings = new ArrayList<>();
  private final JobHistory after;

  /**
   * Finds the jobs of a series.
   *
   * @param before what is known of the time before the history's first point; newer parts of it are
   *     ignored
   * @param zone by whose clocks jobs run
   */
  public RegularJobs(SeriesHistory history, JobHistory before, ZoneId zone) {
    this.history = history;
    this.zone = zone;
    this.offLevel = new OffLevel(history);
    this.schedules = new Schedules(zone.getRules(), offLevel.spacing());
    this.all = new ArrayList<>();
    if (offLevel.isEmpty() || offLevel.occurrences().size() > MOST_STRETCHES) {
      this.known = 0;
      this.starts = new long[0];
      this.ends = new long[0];
      this.after = offLevel.isEmpty() ? before : restless(before);
      return;
    }
    long first = offLevel.first();
    before.withoutOld(offLevel.newest()).occurrences().stream()
        .filter(one -> one.start() < first)
        .forEach(all::add);
    this.known = all.size();
    long end = all.isEmpty() ? Long.MIN_VALUE : all.get(known - 1).end();
    offLevel.occurrences().stream().filter(one -> one.start() >= end).forEach(all::add);
    this.after =
        new JobHistory(Math.min(before.since(), first), offLevel.newest(), all)
            .withoutOld(offLevel.newest());
    for (int i = known; i < all.size(); i++) {
      if (isJudged(all.get(i), all.subList(0, i))) {
        judged.add(all.get(i));
      }
    }
    List<Occurrence> normal =
        all.subList(known, all.size()).stream().filter(judged::contains).toList();
    this.starts = normal.stream().mapToLong(one -> one.start() - offLevel.spacing()).toArray();
    this.ends = normal.stream().mapToLong(Occurrence::end).toArray();
    findMissing();
  }

  /** Known as far as its points, though nothing in them is a job. */
  private JobHistory restless(JobHistory before) {
    return new JobHistory(
            Math.min(before.since(), offLevel.first()), offLevel.newest(), before.occurrences())
        .withoutOld(offLevel.newest());
  }

  /** The same for a history that is all there is. */
  public RegularJobs(SeriesHistory history, ZoneId zone) {
    this(history, JobHistory.none(), zone);
  }

  /** Whether a point is of a job's run, or beside one: whatever it is, it was judged here. */
  public boolean cover(long epochSecond) {
    int at = Arrays.binarySearch(starts, epochSecond);
    int run = at < 0 ? -at - 2 : at;
    return run >= 0 && epochSecond <= ends[run];
  }

  /**
   * Whether a value that is no run of a job is regular all the same: at about this time of the day,
   * values were as far on the three days before, or each second or third day; or on this weekday of
   * the last two weeks and on some other days. So are the step to a calmer weekend, and runs that
   * are too small to stand out beside a daily wave. So is a newest point in which a run may have
   * begun, up to the level of its job.
   *
   * @param least the value that is as far
   */
  public boolean wasReached(long epochSecond, double least, boolean upwards) {
    boolean[] reached = new boolean[WEEKDAYS_KNOWN + 1];
    int days = 0;
    for (int ago = 1; ago < reached.length; ago++) {
      long time = epochSecond - ago * Schedules.DAY;
      long tolerance = Math.max(AT_THIS_TIME, offLevel.spacing() / 2);
      reached[ago] = offLevel.reaches(time - tolerance, time + tolerance, least, upwards);
      days += reached[ago] ? 1 : 0;
    }
    boolean inARow = false;
    for (int gap = 1; gap <= 3; gap++) {
      inARow |= reached[gap] && reached[2 * gap] && reached[3 * gap];
    }
    long known = epochSecond - offLevel.first();
    return inARow
        || mayBegin(epochSecond, least, upwards)
        || (known < 7 * Schedules.DAY && days >= 3)
        || (reached[7] && (known >= 14 * Schedules.DAY - HOUR ? reached[14] : days >= 3));
  }

  /** Whether a run is due at the newest point, which it may fill in part. */
  private boolean mayBegin(long epochSecond, double least, boolean upwards) {
    if (epochSecond != offLevel.newest()) {
      return false;
    }
    List<Occurrence> before =
        all.stream()
            .filter(one -> one.start() < epochSecond && one.isUpwards() == upwards)
            .toList();
    Occurrence begun = new Occurrence(epochSecond, epochSecond + offLevel.spacing(), 0, least, 0);
    List<Occurrence> runs = schedules.of(begun, before);
    return !runs.isEmpty()
        && (upwards ? least <= typical(runs).value() : least >= typical(runs).value());
  }

  /** What is wrong with the jobs, in order of time; findings do not overlap. */
  public List<Finding> findings() {
    List<Finding> apart = new ArrayList<>();
    findings.sort(Comparator.comparing(Finding::start));
    for (Finding one : findings) {
      Finding last = apart.isEmpty() ? null : apart.get(apart.size() - 1);
      if (last == null || one.start().isAfter(last.latest())) {
        apart.add(one);
      } else if (one.latest().isAfter(last.latest()) || one.ongoing()) {
        apart.set(apart.size() - 1, until(last, one));
      }
    }
    return apart;
  }

  private static Finding until(Finding first, Finding next) {
    return new Finding(
        first.series(),
        first.unit(),
        first.detector(),
        first.severity(),
        first.start(),
        next.latest(),
        next.ongoing(),
        first.value(),
        Math.max(first.excess(), next.excess()),
        first.reason(),
        null);
  }

  /** What to remember for the next analysis. */
  public JobHistory after() {
    return after;
  }

  /**
   * Whether what is remembered should be stored: what the next analysis reads may begin after it.
   *
   * @param stored what is stored
   */
  public boolean isNews(JobHistory stored) {
    return !offLevel.isEmpty()
        && stored.until() < offLevel.first() + (offLevel.newest() - offLevel.first()) / 2;
  }

  /** Since when the series is known, in seconds since 1970. */
  public long since() {
    return after.since();
  }

  /** Whether a run was judged here: it is regular, or it is a finding. */
  private boolean isJudged(Occurrence one, List<Occurrence> before) {
    long spacing = offLevel.spacing();
    boolean ongoing = one.end() > offLevel.newest();
    List<Occurrence> alike =
        before.stream()
            .filter(
                other ->
                    Likeness.sameDirection(one, other)
                        && (Likeness.alike(one, other, spacing)
                            || (ongoing && isBeginningOf(one, other))))
            .toList();
    List<Occurrence> earlier = schedules.of(one, alike);
    if (!earlier.isEmpty()) {
      // The first three were news when they came; now it is known what they were.
      judged.addAll(earlier);
      return true;
    }
    List<Occurrence> sameDirection =
        before.stream().filter(other -> Likeness.sameDirection(one, other)).toList();
    List<Occurrence> runs = schedules.of(one, sameDirection);
    if (runs.isEmpty()) {
      return false;
    }
    Occurrence typical = typical(runs);
    runs =
        schedules.of(
            one,
            sameDirection.stream()
                .filter(other -> Likeness.alike(other, typical, spacing))
                .toList());
    if (runs.isEmpty() || Math.abs(typical.level()) < PLAIN * offLevel.limit()) {
      return false;
    }
    String reason = difference(one, runs, ongoing);
    if (reason != null) {
      double typicalLevel = median(runs, Occurrence::level);
      double excess =
          Math.max(
              one.length() / median(runs, run -> run.length()),
              Math.abs(one.level() / typicalLevel));
      findings.add(
          finding(
              one.start(),
              Math.min(offLevel.newest(), one.end() - spacing),
              ongoing,
              one.value(),
              Math.max(0, excess - 1),
              reason));
    }
    // Shorter or, in one or two points that a run fills in part, lower: nothing to report.
    return reason != null || one.length() < WELL_SEEN * spacing || Likeness.sameLevel(one, typical);
  }

  /** A run that is not over is short, and its first point may show only a part of it. */
  private boolean isBeginningOf(Occurrence one, Occurrence earlier) {
    return !Likeness.isLonger(one, earlier, offLevel.spacing())
        && (Likeness.sameLevel(one, earlier)
            || (one.length() <= 2 * offLevel.spacing()
                && Math.abs(one.level()) <= Math.abs(earlier.level())));
  }

  private static Occurrence typical(List<Occurrence> runs) {
    return new Occurrence(
        0,
        (long) median(runs, run -> run.length()),
        median(runs, Occurrence::level),
        median(runs, Occurrence::value),
        median(runs, Occurrence::area));
  }

  private static double median(List<Occurrence> runs, ToDoubleFunction<Occurrence> of) {
    return RobustStatistics.median(runs.stream().mapToDouble(of).toArray());
  }

  /** In which way a run is unlike those before it; null if it is only shorter. */
  private @Nullable String difference(Occurrence one, List<Occurrence> runs, boolean ongoing) {
    if (runs.stream().allMatch(run -> Likeness.isLonger(one, run, offLevel.spacing()))) {
      return "the job of %s %s %s; the %s before took %s"
          .formatted(
              time(one.start()),
              ongoing ? "has been running for" : "ran for",
              ReadableText.minutes(one.length()),
              ReadableText.count(runs.size(), "run"),
              durations(runs));
    }
    Occurrence typical = typical(runs);
    double ratio = one.level() / typical.level();
    boolean few = Math.min(one.length(), typical.length()) < WELL_SEEN * offLevel.spacing();
    if (few ? ratio > TWICE : !Likeness.sameLevel(one, typical)) {
      return "the job of %s reached %s; the %s before reached %s"
          .formatted(
              time(one.start()),
              ReadableText.value(one.value(), history.unit()),
              ReadableText.count(runs.size(), "run"),
              values(runs));
    }
    return null;
  }

  private void findMissing() {
    for (int i = 0; i < all.size(); i++) {
      Occurrence last = all.get(i);
      List<Occurrence> like =
          all.subList(0, i + 1).stream()
              .filter(one -> Likeness.sameDirection(one, last) && Likeness.sameLevel(one, last))
              .toList();
      if (like.size() >= 3) {
        schedules.after(last, like).forEach(this::findMissing);
      }
    }
  }

  private void findMissing(Expected expected) {
    long spacing = offLevel.spacing();
    long tolerance = schedules.tolerance(expected.period());
    Occurrence typical = typical(expected.runs());
    long from = expected.start() - tolerance;
    long to = expected.start() + typical.length() + tolerance;
    long newest = offLevel.newest();
    if (from < offLevel.first()
        || newest < expected.start() + tolerance + spacing
        || Math.abs(typical.level()) < PLAIN * offLevel.limit()) {
      return;
    }
    boolean ran =
        all.stream()
            .anyMatch(
                one ->
                    Likeness.sameDirection(one, typical) && one.start() <= to && one.end() >= from);
    double farthest = offLevel.farthest(from, Math.min(to, newest + 1), typical.isUpwards());
    if (ran || !(farthest < MISSING * Math.abs(typical.level()))) {
      return;
    }
    long end =
        all.stream()
            .filter(one -> one.start() > to && Likeness.sameDirection(one, typical))
            .filter(one -> Likeness.sameLevel(one, typical))
            .mapToLong(one -> one.start() - spacing)
            .findFirst()
            .orElse(Long.MAX_VALUE);
    end = Math.min(end, expected.start() + expected.period());
    List<Occurrence> runs = expected.runs();
    findings.add(
        finding(
            expected.start(),
            Math.max(expected.start(), Math.min(newest, end)),
            newest < end,
            offLevel.median(from, Math.min(to, newest + 1)),
            MISSING,
            "the job of %s did not run; its last %s reached %s for %s"
                .formatted(
                    time(expected.start()),
                    ReadableText.count(runs.size(), "run"),
                    values(runs),
                    durations(runs))));
  }

  private Finding finding(
      long start, long latest, boolean ongoing, double value, double excess, String reason) {
    return new Finding(
        history.series(),
        history.unit(),
        NAME,
        Severity.WARNING,
        Instant.ofEpochSecond(start),
        Instant.ofEpochSecond(latest),
        ongoing,
        value,
        excess,
        reason,
        null);
  }

  private String time(long epochSecond) {
    return DateTimeFormatter.ofPattern("EEEE HH:mm", Locale.ENGLISH)
            .withZone(zone)
            .format(Instant.ofEpochSecond(epochSecond))
        + " "
        + ReadableText.zone(zone);
  }

  private static String durations(List<Occurrence> runs) {
    long shortest = runs.stream().mapToLong(Occurrence::length).min().orElse(0);
    long longest = runs.stream().mapToLong(Occurrence::length).max().orElse(0);
    return shortest == longest
        ? ReadableText.minutes(longest)
        : ReadableText.minutes(shortest) + " to " + ReadableText.minutes(longest);
  }

  private String values(List<Occurrence> runs) {
    double lowest = runs.stream().mapToDouble(Occurrence::value).min().orElse(0);
    double highest = runs.stream().mapToDouble(Occurrence::value).max().orElse(0);
    String to = ReadableText.value(highest, history.unit());
    return lowest == highest ? to : ReadableText.number(lowest) + " to " + to;
  }
}
