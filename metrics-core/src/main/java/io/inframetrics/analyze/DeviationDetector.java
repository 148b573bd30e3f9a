package io.inframetrics.analyze;

import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds values far from the series' own past. Each point is held against all points before it: how
 * many robust deviations it lies from their median, and how rare values so far out were. A robust
 * deviation is 1.4826 times the median distance from the median, which is the standard deviation of
 * normal values and which a few outliers cannot inflate.
 *
 * <p>A series that hardly moves would make every step enormous, so a deviation counts as at least 2
 * % of the median and, for a percentage, as one percentage point; where all that is zero, as the
 * mean distance from the median, and for a series that never was anything but zero as one unit.
 *
 * <p>The points of an episode join the past once they are judged: a level that stays becomes the
 * usual one when half of the history has it.
 *
 * <p>Stateless and safe to share.
 */
public final class DeviationDetector implements Detector {

  /** The detector's name in findings. */
  public static final String NAME = "deviation";

  /** More deviations than this say nothing more. */
  private static final double MAX_DEVIATIONS = 1_000;

  /**
   * A value this share as far out counts as far out, or every record of a bursty series is news.
   */
  private static final double NEARLY = 2 / 3.0;

  private static final double RELATIVE_FLOOR = 0.02;
  private static final double PERCENT_FLOOR = 1;

  private final Settings settings;

  /** A detector with these settings. */
  public DeviationDetector(Settings settings) {
    this.settings = settings;
  }

  @Override
  public List<Finding> detect(SeriesHistory history) {
    List<Finding> findings = new ArrayList<>();
    RunningMedian past = new RunningMedian();
    Episode episode = null;
    for (Point point : history.points()) {
      double value = point.value();
      if (past.size() >= settings.minHistory()) {
        Judgement judgement = judge(past, value, history.unit());
        if (episode != null && !episode.goesOn(judgement, settings.close())) {
          findings.add(episode.finding(history, false, settings.open()));
          episode = null;
        }
        if (episode == null && opens(judgement, past)) {
          episode = new Episode(point);
        }
        if (episode != null) {
          episode.add(point, judgement);
        }
      }
      past.add(value);
    }
    if (episode != null) {
      findings.add(episode.finding(history, true, settings.open()));
    }
    return findings;
  }

  private boolean opens(Judgement judgement, RunningMedian past) {
    if (Math.abs(judgement.deviations()) < settings.open()) {
      return false;
    }
    double nearly =
        judgement.median() + NEARLY * Robust.finite(judgement.value() - judgement.median());
    int asFar =
        judgement.deviations() > 0
            ? past.size() - past.countBelow(nearly)
            : past.countAtMost(nearly);
    return asFar <= settings.rarity() * past.size();
  }

  private static Judgement judge(RunningMedian past, double value, MetricUnit unit) {
    double median = past.median();
    double scale = Robust.finite(Robust.MAD_TO_SIGMA * past.medianDistance(median));
    scale = Math.max(scale, RELATIVE_FLOOR * Math.abs(median));
    if (unit == MetricUnit.PERCENT) {
      scale = Math.max(scale, PERCENT_FLOOR);
    }
    if (scale == 0) {
      scale = past.meanDistance(median);
    }
    if (scale == 0) {
      scale = 1;
    }
    double deviations = Robust.finite(value - median) / scale;
    return new Judgement(
        value,
        median,
        Math.max(-MAX_DEVIATIONS, Math.min(MAX_DEVIATIONS, deviations)),
        past.size());
  }

  /** How far a value lies from the {@code points} before it. */
  private record Judgement(double value, double median, double deviations, int points) {

    String reason(MetricUnit unit, boolean ongoing) {
      double size = Math.abs(deviations);
      return "%s %s %s robust deviations %s its median %s of the last %s"
          .formatted(
              Words.value(value, unit),
              ongoing ? "is" : "was",
              size >= MAX_DEVIATIONS
                  ? "more than 1,000"
                  : String.format(Locale.ROOT, size < 10 ? "%.1f" : "%.0f", size),
              deviations > 0 ? "above" : "below",
              Words.value(median, unit),
              Words.count(points, "point"));
    }
  }

  /** The points from the first that is far out to the last that is not back yet. */
  private static final class Episode {

    private final Point first;
    private Point last;
    private @Nullable Judgement latest;
    private @Nullable Judgement peak;

    Episode(Point first) {
      this.first = first;
      this.last = first;
    }

    /** Whether a point belongs to it: still far enough out, on the same side. */
    boolean goesOn(Judgement judgement, double close) {
      double side = latest == null ? 1 : Math.signum(latest.deviations());
      return judgement.deviations() * side >= close;
    }

    void add(Point point, Judgement judgement) {
      last = point;
      latest = judgement;
      if (peak == null || Math.abs(judgement.deviations()) > Math.abs(peak.deviations())) {
        peak = judgement;
      }
    }

    Finding finding(SeriesHistory history, boolean ongoing, double open) {
      Judgement told = ongoing ? latest : peak;
      if (told == null) {
        throw new IllegalStateException("an episode has at least its first point");
      }
      return new Finding(
          history.series(),
          history.unit(),
          NAME,
          Severity.WARNING,
          Instant.ofEpochSecond(first.epochSecond()),
          Instant.ofEpochSecond(last.epochSecond()),
          ongoing,
          told.value(),
          Math.max(0, Math.abs(told.deviations()) / open - 1),
          told.reason(history.unit(), ongoing),
          null);
    }
  }

  /**
   * When it speaks.
   *
   * @param minHistory points before the first that is judged, at least 3
   * @param open robust deviations at which an episode opens
   * @param close robust deviations below which it is over; positive, at most {@code open}
   * @param rarity an episode opens only if at most this share of the past lay on the same side and
   *     two thirds as far out or farther, 0 to 1: what happens every day is not news
   */
  public record Settings(int minHistory, double open, double close, double rarity) {

    /** 24 points of history, 6 deviations to open and 3 to go on, 1 in 100 as far out. */
    public static final Settings DEFAULT = new Settings(24, 6, 3, 0.01);

    public Settings {
      if (minHistory < 3) {
        throw new IllegalArgumentException(
            "minimum history %d is not valid: use at least 3 points".formatted(minHistory));
      }
      if (!(close > 0 && close <= open && Double.isFinite(open))) {
        throw new IllegalArgumentException(
            "deviations %s to open and %s to close are not valid: use 0 < close <= open"
                .formatted(open, close));
      }
      if (!(rarity >= 0 && rarity <= 1)) {
        throw new IllegalArgumentException(
            "rarity %s is not valid: use a share from 0 to 1".formatted(rarity));
      }
    }
  }
}
