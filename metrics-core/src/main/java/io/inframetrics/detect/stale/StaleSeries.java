package io.inframetrics.detect.stale;

import io.inframetrics.detect.Detector;
import io.inframetrics.detect.Finding;
import io.inframetrics.detect.ReadableText;
import io.inframetrics.detect.RobustStatistics;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.Severity;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds series that stopped reporting, by the rhythm of their own points. It is not a {@link
 * Detector}: silence shows only against a time until which points were expected, which a history
 * does not know.
 *
 * <p>A series has a rhythm if it has {@value #MIN_GAPS} gaps between its points and at least four
 * in five of them are no longer than one and a half times the usual one. It is stale when it was
 * silent for longer than three usual gaps and for longer than any gap but its longest: a gap that
 * was seen twice is normal. A series without a rhythm is never stale.
 *
 * <p>Stateless and safe to share.
 */
public final class StaleSeries {

  /** The name in findings. */
  public static final String NAME = "stale";

  /** Gaps that a rhythm needs: a day every three hours. */
  public static final int MIN_GAPS = 8;

  /** Multiple of the median gap up to which a gap is usual. */
  private static final double USUAL = 1.5;

  /** Share of the gaps that must be usual. */
  private static final double REGULAR = 0.8;

  /**
   * Usual gaps that a silence must exceed. A choice: half reports one late point, double a silence
   * that is twice as long.
   */
  private static final int MISSED = 3;

  private StaleSeries() {}

  /** The rhythm of a history; empty if it has none. */
  public static Optional<Rhythm> rhythm(SeriesHistory history) {
    List<Point> points = history.points();
    int n = points.size() - 1;
    if (n < MIN_GAPS) {
      return Optional.empty();
    }
    double[] gaps = new double[n];
    for (int i = 0; i < n; i++) {
      gaps[i] = points.get(i + 1).epochSecond() - points.get(i).epochSecond();
    }
    Arrays.sort(gaps);
    double usual = RobustStatistics.medianOfSorted(gaps, n);
    long regular = Arrays.stream(gaps).filter(gap -> gap <= USUAL * usual).count();
    if (regular < REGULAR * n) {
      return Optional.empty();
    }
    return Optional.of(
        new Rhythm(
            history.series(),
            history.unit(),
            points.get(n),
            Math.max(1, Math.round(usual)),
            (long) Math.max(MISSED * usual, gaps[n - 2])));
  }

  /**
   * An ongoing finding that starts at the last point, if the series is stale.
   *
   * @param expectedUntil until when points of series like this one were stored
   */
  public static Optional<Finding> finding(Rhythm rhythm, Instant expectedUntil) {
    long silent = expectedUntil.getEpochSecond() - rhythm.newest().epochSecond();
    if (silent <= rhythm.longestSilence()) {
      return Optional.empty();
    }
    Instant last = Instant.ofEpochSecond(rhythm.newest().epochSecond());
    String reason =
        "silent since %s: usually reports every %s, %s points are missing"
            .formatted(
                ReadableText.time(last),
                ReadableText.every(Duration.ofSeconds(rhythm.interval())),
                // More than three usual gaps, so never one.
                ReadableText.number(Math.floor(silent / (double) rhythm.interval())));
    return Optional.of(
        new Finding(
            rhythm.series(),
            rhythm.unit(),
            NAME,
            Severity.WARNING,
            last,
            last,
            true,
            rhythm.newest().value(),
            silent / (double) rhythm.longestSilence() - 1,
            reason,
            null));
  }

  /**
   * How a series reports.
   *
   * @param newest its last point
   * @param interval seconds from point to point, usually, at least 1
   * @param longestSilence seconds after which it is stale
   */
  public record Rhythm(
      Series series, MetricUnit unit, Point newest, long interval, long longestSilence) {}
}
