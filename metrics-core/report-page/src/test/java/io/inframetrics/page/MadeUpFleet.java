package io.inframetrics.page;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;

/** Series with points at regular times that a test makes up, as a store of records gives them. */
final class MadeUpFleet implements MetricHistory {

  private final Map<Series, Line> lines = new TreeMap<>();

  private record Line(KnownSeries known, Instant first, Duration step, double[] values) {

    long at(int index) {
      return first.getEpochSecond() + index * step.toSeconds();
    }

    /** Those of them in the range, oldest first. */
    List<Point> points(Instant from, Instant to) {
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < values.length; i++) {
        if (!Double.isNaN(values[i])
            && at(i) >= from.getEpochSecond()
            && at(i) <= to.getEpochSecond()) {
          points.add(new Point(at(i), values[i]));
        }
      }
      return points;
    }
  }

  /**
   * Adds a series.
   *
   * @param until time of the newest point
   * @param valueAt by the point's number, from 0; NaN where there is none
   */
  void add(
      KnownSeries known, Instant until, Duration step, int count, IntToDoubleFunction valueAt) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = valueAt.applyAsDouble(i);
    }
    lines.put(
        known.series(), new Line(known, until.minus(step.multipliedBy(count - 1)), step, values));
  }

  @Override
  public List<KnownSeries> series(MetricType type, Instant since, Deadline deadline) {
    return lines.values().stream()
        .map(Line::known)
        .filter(known -> known.series().type().equals(type))
        .toList();
  }

  @Override
  public List<Point> points(Series series, Instant from, Instant to, int limit, Deadline deadline) {
    Line line = lines.get(series);
    if (line == null) {
      return List.of();
    }
    List<Point> points = line.points(from, to);
    return points.subList(Math.max(0, points.size() - limit), points.size());
  }
}
