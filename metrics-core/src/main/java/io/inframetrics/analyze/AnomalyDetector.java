package io.inframetrics.analyze;

import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what is unusual in a series, by its own past: {@link AnomalyStream} over a history.
 *
 * <p>A finding begins at the point that alarms and lasts while the evidence is alarming. A level
 * that stays becomes the usual one, so that a shift is told once.
 *
 * <p>The score knows no units, so the smallest step of a series that never moved is as unusual as a
 * large one. What an operator would not call a change is not told: as long as the last 128 points
 * all lie within 2 % of the value, or within one percentage point.
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
    Episode episode = null;
    boolean unusual = false;
    for (Point point : history.points()) {
      AnomalyScore score = stream.next(point.epochSecond(), point.value());
      double amount = stream.amount() / settings.alarm();
      if (episode != null && (score.anomaly() || amount < 1)) {
        findings.add(episode.finding(history, false));
        episode = null;
      }
      unusual = score.anomaly() || (unusual && amount >= 1);
      if (unusual && episode == null && moves(stream, point.value(), history.unit())) {
        episode = new Episode(point);
      }
      if (episode != null) {
        episode.add(point, amount, stream.reason(history.unit()));
      }
    }
    if (episode != null) {
      findings.add(episode.finding(history, true));
    }
    return findings;
  }

  private static boolean moves(AnomalyStream stream, double value, MetricUnit unit) {
    double least = RELATIVE_FLOOR * Math.abs(value);
    return stream.recentRange()
        >= (unit == MetricUnit.PERCENT ? Math.max(PERCENT_FLOOR, least) : least);
  }

  /** The points from the one that alarms to the last that is still unusual. */
  private static final class Episode {

    private final Point first;
    private Point last;
    private Point peak;
    private double amount;
    private String reason = "";

    Episode(Point first) {
      this.first = first;
      this.last = first;
      this.peak = first;
    }

    void add(Point point, double evidence, String words) {
      last = point;
      if (evidence > amount) {
        amount = evidence;
        peak = point;
        reason = words;
      }
    }

    Finding finding(SeriesHistory history, boolean ongoing) {
      return new Finding(
          history.series(),
          history.unit(),
          NAME,
          Severity.WARNING,
          Instant.ofEpochSecond(first.epochSecond()),
          Instant.ofEpochSecond(last.epochSecond()),
          ongoing,
          ongoing ? last.value() : peak.value(),
          Math.max(0, amount - 1),
          reason,
          null);
    }
  }

  /**
   * When it speaks.
   *
   * @param threshold the score at which a point is alarming, above 0 and below 1
   */
  public record Settings(double threshold) {

    /** The threshold that is right for all series: {@link AnomalyStream#DEFAULT_THRESHOLD}. */
    public static final Settings DEFAULT = new Settings(AnomalyStream.DEFAULT_THRESHOLD);

    public Settings {
      AnomalyStream.requireThreshold(threshold);
    }

    double alarm() {
      return AnomalyStream.amount(threshold);
    }
  }
}
