package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.stale.StaleSeries;
import io.inframetrics.detect.stale.StaleSeries.Rhythm;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which series stopped reporting. Until when a series should have reported is known only when the
 * others of its type are: a source that is an hour late is late for all of them. A type of which
 * all series stopped has one window, the time between runs, to be late.
 *
 * <p>Keeps a few numbers for each series with regular points, but no points.
 */
final class StaleSeriesCheck {

  private final List<Series> series = new ArrayList<>();
  private final Map<Series, Rhythm> rhythms = new HashMap<>();
  private final Map<MetricType, Instant> expectedUntil = new HashMap<>();
  private final Instant windowStart;

  StaleSeriesCheck(CollectionRun run, Duration window) {
    this.windowStart = run.observedAt().minus(window);
  }

  /** Takes a series that was read; it has points. */
  void add(SeriesHistory history) {
    Series added = history.series();
    long last = history.points().get(history.points().size() - 1).epochSecond();
    series.add(added);
    expectedUntil.merge(
        added.type(), later(Instant.ofEpochSecond(last), windowStart), StaleSeriesCheck::later);
    StaleSeries.rhythm(history).ifPresent(rhythm -> rhythms.put(added, rhythm));
  }

  /** The series that were added, in that order. */
  List<Series> series() {
    return series;
  }

  /** A finding if the series, one of those added, is stale; after all are added. */
  Optional<Finding> finding(Series one) {
    Instant until = expectedUntil.getOrDefault(one.type(), windowStart);
    return Optional.ofNullable(rhythms.get(one))
        .flatMap(rhythm -> StaleSeries.finding(rhythm, until));
  }

  /** The shortest usual time from point to point of each type; none of one without a rhythm. */
  Map<MetricType, Duration> intervals() {
    Map<MetricType, Duration> intervals = new HashMap<>();
    rhythms.forEach(
        (one, rhythm) ->
            intervals.merge(
                one.type(),
                Duration.ofSeconds(rhythm.interval()),
                (first, second) -> first.compareTo(second) <= 0 ? first : second));
    return intervals;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isBefore(other) ? other : one;
  }
}
