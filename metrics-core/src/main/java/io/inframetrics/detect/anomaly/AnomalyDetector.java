package io.inframetrics.detect.anomaly;

import io.inframetrics.detect.Detector;
import io.inframetrics.detect.Finding;
import io.inframetrics.detect.RobustStatistics;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.regular.RegularJobs;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what is unusual in a series, compared with its own past: {@link AnomalyStream} run over a
 * history.
 *
 * <p>A finding starts at the point that alarms and lasts until the value returns, or until what was
 * unusual has lasted so long that it is normal ({@link Finding#becameUsual}). So a level shift is
 * reported once.
 *
 * <p>The score has no unit, so the smallest step of a series that never moved is as unusual as a
 * large one. To be reported, a change needs a range of at least 2 % of the value, and of one
 * percentage point where the unit is percent, within the last 113 to 128 points; and a value or a
 * mean that is unusual must depart by as much from what is usual.
 *
 * <p>Stateless and safe to share; each call replays the history it is given. Two weeks of points
 * every five minutes are a good history, 240 points a usable one.
 */
public final class AnomalyDetector implements Detector {

  /** The detector's name in findings. */
  public static final String NAME = "anomaly";

  /** Of a stream, whose findings nobody asks for. */
  private static final Series ANY = Series.of(new MetricType("any"), "any");

  private final Settings settings;

  public AnomalyDetector(Settings settings) {
    this.settings = settings;
  }

  @Override
  public List<Finding> detect(SeriesHistory history) {
    return detect(history, new RegularJobs(history, settings.zone()));
  }

  /**
   * The findings beside the regular jobs of the series, which {@code jobs} judges itself.
   *
   * @hidden
   */
  public List<Finding> detect(SeriesHistory history, RegularJobs jobs) {
    Episodes episodes = new Episodes(AnomalyStream.amount(settings.threshold()), history, jobs);
    AnomalyStream stream = new AnomalyStream(episodes, false, settings.zone(), jobs.since());
    for (Point point : history.points()) {
      if (!jobs.cover(point.epochSecond())) {
        stream.next(point.epochSecond(), point.value());
      }
    }
    return episodes.findings();
  }

  /**
   * The range of usual values at each point, judged by the points before: for a chart. A finding is
   * also about means, swings and shapes, so its points may lie within.
   *
   * @param jobs the regular jobs of that history, whose points have no range of their own
   * @return for each point of the history, {@link Range#UNKNOWN} while there are too few points
   * @hidden
   */
  public List<Range> usual(SeriesHistory history, RegularJobs jobs) {
    Episodes none = new Episodes(AnomalyStream.amount(settings.threshold()), null, null);
    AnomalyStream stream = new AnomalyStream(none, false, settings.zone(), jobs.since());
    List<Range> usual = new ArrayList<>(history.points().size());
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    for (Point point : history.points()) {
      lowest = Math.min(lowest, point.value());
      highest = Math.max(highest, point.value());
      if (jobs.cover(point.epochSecond())) {
        usual.add(Range.UNKNOWN);
        continue;
      }
      stream.next(point.epochSecond(), point.value());
      usual.add(
          Range.usual(stream.evidence(), history.unit()).possible(history.unit(), lowest, highest));
    }
    return usual;
  }

  /**
   * From the lowest to the highest usual value, both finite, or both NaN where none is known.
   *
   * @hidden
   */
  public record Range(double low, double high) {

    static final Range UNKNOWN = new Range(Double.NaN, Double.NaN);

    private static Range usual(Evidence evidence, MetricUnit unit) {
      double middle = evidence.knowsSeason() ? evidence.usualNow() : evidence.usualLately(1);
      double most = Math.max(evidence.usualDifference(), Episodes.leastChange(middle, unit));
      return Double.isNaN(middle + most)
          ? UNKNOWN
          : new Range(
              RobustStatistics.finite(middle - most), RobustStatistics.finite(middle + most));
    }

    /** Without what such a series cannot be: negative, or more than all, unless it was before. */
    private Range possible(MetricUnit unit, double lowest, double highest) {
      double most = unit == MetricUnit.PERCENT && highest <= 100 ? 100 : Double.POSITIVE_INFINITY;
      double least = lowest >= 0 ? 0 : Double.NEGATIVE_INFINITY;
      return new Range(Math.max(least, Math.min(most, low)), Math.min(most, Math.max(least, high)));
    }
  }

  /**
   * A stream that alarms where the findings of this detector begin, in a series of this unit that
   * has no end: a change that is too small for a finding does not alarm. It alarms more often than
   * findings begin in a series without a season, where a finding needs a value, a mean or a swing
   * that is far from all that is usual.
   */
  public AnomalyStream stream(MetricUnit unit) {
    SeriesHistory none = new SeriesHistory(ANY, unit, List.of());
    return new AnomalyStream(
        new Episodes(AnomalyStream.amount(settings.threshold()), none, null),
        true,
        settings.zone(),
        Long.MAX_VALUE);
  }

  @Override
  public int pointsNeeded() {
    return TailProbability.MIN_POINTS;
  }

  /**
   * How sensitive the detector is.
   *
   * @param threshold the score at which a point is alarming, above 0 and below 1
   * @param zone by whose clocks things happen again and again
   */
  public record Settings(double threshold, ZoneId zone) {

    /** The threshold that is right for all series: {@link AnomalyStream#DEFAULT_THRESHOLD}. */
    public static final Settings DEFAULTS =
        new Settings(AnomalyStream.DEFAULT_THRESHOLD, ZoneOffset.UTC);

    public Settings {
      AnomalyStream.requireThreshold(threshold);
    }

    /** These with UTC. */
    public Settings(double threshold) {
      this(threshold, ZoneOffset.UTC);
    }
  }
}
