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

  /** How far before {@code since} a listed series may have had its last observation. */
  Duration SERIES_SLACK = Duration.ofDays(7);

  /**
   * The series of a type that had an observation at {@code since} or later, sorted by id, each
   * once. The list may include series whose last observation is older by less than {@link
   * #SERIES_SLACK} or has just expired, because a store may track series by the week. To be
   * certain, read the points.
   */
  List<KnownSeries> series(MetricType type, Instant since, Deadline deadline);

  /**
   * The newest points of a series in {@code [from, to]}, oldest first, one a second.
   *
   * @param limit how many at most, at least 1
   */
  List<Point> points(Series series, Instant from, Instant to, int limit, Deadline deadline);

  record KnownSeries(Series series, MetricUnit unit, String region) {}
}
