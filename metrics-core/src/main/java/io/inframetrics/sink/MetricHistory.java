package io.inframetrics.sink;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Reads what {@link MetricRecordSink} stored, by series. */
public interface MetricHistory {

  /** How much longer than asked for a series of {@link #series} may have been silent. */
  Duration SERIES_SLACK = Duration.ofDays(7);

  /**
   * The series of a type that had an observation at {@code since} or later, sorted by id. There may
   * be others among them, whose last observation is older by less than {@link #SERIES_SLACK} or has
   * just expired: a store may keep track by the week. Who must know reads the points.
   *
   * @return each once
   */
  List<KnownSeries> series(MetricType type, Instant since, Deadline deadline);

  /**
   * The newest points of a series in {@code [from, to]}, oldest first, one a second.
   *
   * @param limit at most so many, at least 1
   */
  List<Point> points(Series series, Instant from, Instant to, int limit, Deadline deadline);

  /**
   * A series that has records.
   *
   * @param series which
   * @param unit of its values
   * @param region of its instance
   */
  record KnownSeries(Series series, MetricUnit unit, String region) {}
}
