package io.inframetrics.detect.anomaly;

import io.inframetrics.metric.MetricUnit;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/**
 * Says how unusual each point of a series is, compared with its own past, and when to alarm.
 *
 * <pre>{@code
 * AnomalyStream stream = new AnomalyStream();
 * for (Point point : points) {
 *   if (stream.next(point.epochSecond(), point.value()).anomaly()) {
 *     System.out.println(stream.reason(MetricUnit.PERCENT));
 *   }
 * }
 * }</pre>
 *
 * <p><b>How.</b> Sixteen features of the series (means, jumps, swings, the likeness to its past,
 * the difference from what is usual at this time, over several spans) are each turned into a tail
 * probability by their own past. Together they make the score. There is one threshold for all
 * series, {@link #DEFAULT_THRESHOLD}.
 *
 * <p><b>No look-ahead.</b> A point's score depends only on it and on those before it: no clock, no
 * randomness. It does not change if all values are multiplied by a positive number, if a number is
 * added to all, or if all times move by whole weeks (up to rounding).
 *
 * <p><b>Cold start.</b> No score before {@value TailProbability#MIN_POINTS} points. For a day, a
 * level that is reached slowly is not unusual. Until the fifth day it takes 1.7 times the evidence
 * to alarm, then gradually less; {@link #confidence()} says how much history there is.
 *
 * <p><b>Any data.</b> Values that are not finite are skipped: score 0, no alarm, nothing learned. A
 * point that repeats the one before, time and value, is skipped, too. Times may stand still or go
 * back; a pause alone is not unusual, and one wrong time does not count as history.
 *
 * <p>A point costs some microseconds, growing with the history up to 4,032 points; the state is
 * below 0.5 MB. Not safe for use by several threads at once; one instance for each series.
 */
public final class AnomalyStream {

  /**
   * The score at which a point is alarming: one point in 1,000 of pure noise reaches it, one in
   * some 20,000 where the season explains the series.
   */
  public static final double DEFAULT_THRESHOLD = score(Evidence.ALARM);

  /**
   * Digits of rarity of a point with hardly any evidence. With {@link #DIGITS_A_UNIT}, it is a line
   * fitted to normal noise without a season; {@code AnomalyStreamTest.isCalibratedOnNoise} checks
   * it. Another line changes scores and moves no alarm.
   */
  private static final double DIGITS_AT_NONE = 0.2;

  /** Digits of rarity that a unit of evidence adds. */
  private static final double DIGITS_A_UNIT = 1.65;

  static final long DAY = TimeUnit.DAYS.toSeconds(1);

  private final Evidence evidence = new Evidence();
  private final Episodes episodes;

  /** Whether to alarm where findings begin, which need a change that is not too small to matter. */
  private final boolean ofFindings;

  private final ZoneId zone;
  private final long since;
  private JudgedPoint last;
  private long clock;
  private double score;

  public AnomalyStream() {
    this(DEFAULT_THRESHOLD);
  }

  /** A stream that alarms from the score {@code threshold} on, which is above 0 and below 1. */
  public AnomalyStream(double threshold) {
    this(
        new Episodes(amount(requireThreshold(threshold)), null, null),
        false,
        ZoneOffset.UTC,
        Long.MAX_VALUE);
  }

  /**
   * A stream of a series that may be older than what it sees of it.
   *
   * @param ofFindings whether to alarm where findings begin, not where the score says so
   * @param zone by whose clocks times of the day and of the week are the same
   * @param since when the series began, in seconds since 1970
   */
  AnomalyStream(Episodes episodes, boolean ofFindings, ZoneId zone, long since) {
    this.episodes = episodes;
    this.ofFindings = ofFindings;
    this.zone = zone;
    this.since = since;
    this.last = new JudgedPoint(0, 0, 0, 0, 0, 0, evidence, zone);
  }

  /** Judges a point, whose value may be in any unit, and learns it. */
  public AnomalyScore next(long epochSecond, double value) {
    if (!Double.isFinite(value)) {
      return AnomalyScore.NONE;
    }
    boolean first = last.points() == 0;
    if (!first && epochSecond == last.epochSecond() && value == last.value()) {
      return new AnomalyScore(score, false);
    }
    clock += first ? 0 : counted(epochSecond - last.epochSecond());
    long elapsed = Math.max(last.elapsed(), clock);
    double spacing = first ? 1 : Math.max(1, elapsed / (double) last.points());
    long local = epochSecond + offset(epochSecond);
    long known = since < epochSecond ? Math.max(elapsed, epochSecond - since) : elapsed;
    double amount = evidence.next(local, value, elapsed, spacing, known);
    last =
        new JudgedPoint(
            epochSecond, value, last.points() + 1, elapsed, known, amount, evidence, zone);
    score = score(amount);
    boolean alarms = episodes.next(last);
    return new AnomalyScore(score, ofFindings ? episodes.began(last) : alarms);
  }

  private long offset(long epochSecond) {
    return zone.equals(ZoneOffset.UTC)
        ? 0
        : zone.getRules().getOffset(Instant.ofEpochSecond(epochSecond)).getTotalSeconds();
  }

  /**
   * A step of more than a day counts as one day and the part beyond whole days. So one wrong time,
   * a year ahead or at 1970, does not count as history, and the time of day stays right.
   */
  private static long counted(long step) {
    long rest = step % DAY;
    return rest == step ? step : rest + (step < 0 ? -DAY : DAY);
  }

  /**
   * Says in words what is unusual about the last point, such as {@code 93 % is 3.1x the usual 30 %
   * for a Tuesday 09:00 UTC; nearest in 30 days: 62 %}.
   */
  public String reason(MetricUnit unit) {
    return AnomalyReason.of(last, unit, episodes.points());
  }

  /** What made the last score. */
  Evidence evidence() {
    return evidence;
  }

  /** How much history the last score rests on. */
  public Confidence confidence() {
    return last.confidence();
  }

  /** How much history there is. */
  public enum Confidence {
    /** Less than a day, or fewer than 100 points: no time of day was seen before. */
    LOW,
    /** Less than two weeks: no time of the week was seen twice. */
    MEDIUM,
    /** Two weeks or more. */
    HIGH;

    /** Points below which tails are mostly guesses. A choice; only the wording depends on it. */
    private static final int FEW_POINTS = 100;

    /** Days; 4,032 points every five minutes span a little less than 14. */
    private static final double TWO_WEEKS = 13.9;

    static Confidence of(long points, long seconds) {
      double days = seconds / (double) DAY;
      return days < 1 || points < FEW_POINTS ? LOW : days < TWO_WEEKS ? MEDIUM : HIGH;
    }
  }

  private static double score(double amount) {
    return amount > 0 ? -Math.expm1(-(DIGITS_AT_NONE + DIGITS_A_UNIT * amount) * Math.log(10)) : 0;
  }

  static double requireThreshold(double threshold) {
    if (!(threshold > 0 && threshold < 1)) {
      throw new IllegalArgumentException(
          "anomaly threshold %s is not valid: use a score above 0 and below 1"
              .formatted(threshold));
    }
    return threshold;
  }

  static double amount(double score) {
    double digits = -Math.log1p(-score) / Math.log(10);
    return Math.max(Double.MIN_VALUE, (digits - DIGITS_AT_NONE) / DIGITS_A_UNIT);
  }
}
