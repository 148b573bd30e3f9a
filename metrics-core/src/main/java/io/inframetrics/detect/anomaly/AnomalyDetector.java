package io.inframetrics.detect.anomaly;

import io.inframetrics.detect.Detector;
import io.inframetrics.detect.Finding;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what is unusual in a series, by its own past: {@link AnomalyStream} over a history.
 *
 * <p>A finding begins at the point that alarms and goes on until the value is back, or until
 * nothing is unusual in it any more: a level that stays becomes the usual one ({@link
 * Finding#becameUsual}), so that a shift is told once.
 *
 * <p>The score knows no units, so the smallest step of a series that never moved is as unusual as a
 * large one. What an operator would not call a change is not told: as long as the last 113 to 128
 * points all lie within 2 % of the value, or within one percentage point.
 *
 * <p>Stateless and safe to share; each call replays the history it is given. Two weeks of points
 * every five minutes are a good history, 240 points a usable one.
 */
public final class AnomalyDetector implements Detector {

  /** The detector's name in findings. */
  public static final String NAME = "anomaly";

  private static final double RELATIVE_FLOOR = 0.02;
  private static final double PERCENT_FLOOR = 1;

  private final Settings settings;

  /** A detector with these settings. */
  public AnomalyDetector(Settings settings) {
    this.settings = settings;
  }

  @Override
  public List<Finding> detect(SeriesHistory history) {
    AnomalyStream stream = new AnomalyStream(settings.threshold());
    List<Finding> findings = new ArrayList<>();
    AnomalyEpisode episode = null;
    boolean alarming = false;
    for (Point point : history.points()) {
      AnomalyScore score = stream.next(point.epochSecond(), point.value());
      double amount = stream.amount() / settings.alarm();
      if (episode != null && isAnother(episode, stream, score, point, amount)) {
        episode.end();
        findings.add(episode.finding(history));
        episode = null;
        alarming = true;
      }
      alarming = score.anomaly() || (alarming && amount >= 1);
      if (alarming && episode == null && moves(stream, point.value(), history.unit())) {
        episode = new AnomalyEpisode(point, stream.evidence());
      }
      if (episode != null) {
        episode.add(point, amount, stream.evidence(), () -> stream.reason(history.unit()));
      }
    }
    if (episode != null) {
      findings.add(episode.finding(history));
    }
    return findings;
  }

  private static boolean isAnother(
      AnomalyEpisode episode,
      AnomalyStream stream,
      AnomalyScore score,
      Point point,
      double amount) {
    return (score.anomaly() && episode.isOver())
        || (amount >= 1 && episode.isSmallBeside(point, amount, stream.evidence()));
  }

  private static boolean moves(AnomalyStream stream, double value, MetricUnit unit) {
    double least = RELATIVE_FLOOR * Math.abs(value);
    return stream.recentRange()
        >= (unit == MetricUnit.PERCENT ? Math.max(PERCENT_FLOOR, least) : least);
  }

  /**
   * When it speaks.
   *
   * @param threshold the score at which a point is alarming, above 0 and below 1
   */
  public record Settings(double threshold) {

    /** The threshold that is right for all series: {@link AnomalyStream#DEFAULT_THRESHOLD}. */
    public static final Settings DEFAULTS = new Settings(AnomalyStream.DEFAULT_THRESHOLD);

    public Settings {
      AnomalyStream.requireThreshold(threshold);
    }

    double alarm() {
      return AnomalyStream.amount(threshold);
    }
  }
}
