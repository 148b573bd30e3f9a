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
import java.util.function.BiConsumer;

/**
 * Which series stopped reporting. Until when a series should have reported is known only when the
 * others of its type are: a source that is an hour late is late for all of them. A type that falls
 * silent as a whole has one window, the time between runs, to be late.
 *
 * <p>Keeps a few numbers of each series that has a rhythm, no points.
 */
final class SilenceWatch {

  private final List<Series> all = new ArrayList<>();
  private final Map<Series, Rhythm> rhythms = new HashMap<>();
  private final Map<MetricType, Long> newest = new HashMap<>();
  private final CollectionRun run;
  private final Duration window;

  SilenceWatch(CollectionRun run, Duration window) {
    this.run = run;
    this.window = window;
  }

  /** Takes a series that was read; it has points. */
  void add(SeriesHistory history) {
    Series series = history.series();
    long last = history.points().get(history.points().size() - 1).epochSecond();
    newest.merge(series.type(), last, Math::max);
    all.add(series);
    StaleSeries.rhythm(history).ifPresent(rhythm -> rhythms.put(series, rhythm));
  }

  /** The shortest usual time from point to point of each type; none of one without a rhythm. */
  Map<MetricType, Duration> intervals() {
    Map<MetricType, Duration> intervals = new HashMap<>();
    rhythms.forEach(
        (series, rhythm) ->
            intervals.merge(
                series.type(),
                Duration.ofSeconds(rhythm.interval()),
                (one, other) -> one.compareTo(other) <= 0 ? one : other));
    return intervals;
  }

  /** Tells of each series in turn, with its finding if it is stale. */
  void tell(BiConsumer<Series, Optional<Finding>> told) {
    for (Series series : all) {
      Rhythm rhythm = rhythms.get(series);
      told.accept(
          series,
          rhythm == null
              ? Optional.empty()
              : StaleSeries.finding(rhythm, expectedUntil(series.type())));
    }
  }

  private Instant expectedUntil(MetricType type) {
    Instant ofType = Instant.ofEpochSecond(newest.getOrDefault(type, 0L));
    Instant atLeast = run.observedAt().minus(window);
    return ofType.isBefore(atLeast) ? atLeast : ofType;
  }
}
