package io.inframetrics.detect.threshold;

import io.inframetrics.detect.Detector;
import io.inframetrics.detect.Finding;
import io.inframetrics.detect.ReadableText;
import io.inframetrics.detect.RobustStatistics;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.Severity;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds values above a fixed limit of their type, with hysteresis as {@link Threshold} says; a type
 * without a limit, and a series in another unit than its limit, has no findings. Stateless and safe
 * to share.
 */
public final class ThresholdDetector implements Detector {

  /** The detector's name in findings. */
  public static final String NAME = "threshold";

  private final Map<MetricType, Threshold> thresholds;

  /** A detector with these limits by type, which are copied. */
  public ThresholdDetector(Map<MetricType, Threshold> thresholds) {
    this.thresholds = Map.copyOf(thresholds);
  }

  @Override
  public List<Finding> detect(SeriesHistory history) {
    Threshold threshold = thresholds.get(history.series().type());
    if (threshold == null || !threshold.isFor(history.unit())) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    List<Point> points = history.points();
    int first = -1; // First of the points above the limit; none if negative.
    boolean open = false;
    for (int i = 0; i < points.size(); i++) {
      double value = points.get(i).value();
      if (open) {
        if (value <= threshold.clear()) {
          findings.add(finding(history, threshold, first, i - 1, false));
          open = false;
          first = -1;
        }
      } else if (value > threshold.limit()) {
        first = first < 0 ? i : first;
        open = isSustained(threshold, points, first, i);
      } else {
        first = -1;
      }
    }
    if (open) {
      findings.add(finding(history, threshold, first, points.size() - 1, true));
    }
    return findings;
  }

  private static boolean isSustained(Threshold threshold, List<Point> points, int first, int last) {
    long start = points.get(first).epochSecond();
    long sustained = threshold.sustained().toSeconds();
    return points.get(last).epochSecond() - start >= sustained
        || (first > 0 && start - points.get(first - 1).epochSecond() > sustained);
  }

  private static Finding finding(
      SeriesHistory history, Threshold threshold, int first, int last, boolean ongoing) {
    List<Point> points = history.points();
    double peak = points.get(first).value();
    for (int i = first + 1; i <= last; i++) {
      peak = Math.max(peak, points.get(i).value());
    }
    double value = ongoing ? points.get(last).value() : peak;
    double limit = threshold.limit();
    // Between the limit and where it clears, an episode goes on without being above.
    String relation =
        value > limit ? "above the threshold of " : "not yet clear of the threshold of ";
    String more = value < peak ? ", peak " + ReadableText.value(peak, history.unit()) : "";
    String reason =
        "%s %s %s%s (%s%s)"
            .formatted(
                ReadableText.value(value, history.unit()),
                ongoing ? "is" : "was",
                relation,
                ReadableText.value(limit, history.unit()),
                ReadableText.count(last - first + 1L, "point"),
                more);
    double over = RobustStatistics.finite(value - limit) / Math.max(Math.abs(limit), 1);
    return new Finding(
        history.series(),
        history.unit(),
        NAME,
        value > threshold.critical() ? Severity.CRITICAL : Severity.WARNING,
        Instant.ofEpochSecond(points.get(first).epochSecond()),
        Instant.ofEpochSecond(points.get(last).epochSecond()),
        ongoing,
        value,
        Math.max(0, over),
        reason,
        null);
  }
}
