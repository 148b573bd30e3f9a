package io.inframetrics.detect;

import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The newest points of a series in order: oldest first, at most one a second, all finite.
 * Immutable.
 *
 * @param points in any order; points that are not finite are left out, and of several in the same
 *     second the last one given is kept
 */
public record SeriesHistory(Series series, MetricUnit unit, List<Point> points) {

  public SeriesHistory {
    points = inOrder(points);
  }

  private static List<Point> inOrder(List<Point> given) {
    List<Point> points = new ArrayList<>(given.size());
    boolean sorted = true;
    for (Point point : given) {
      if (Double.isFinite(point.value())) {
        sorted &=
            points.isEmpty() || points.get(points.size() - 1).epochSecond() < point.epochSecond();
        points.add(point);
      }
    }
    if (!sorted) {
      SortedMap<Long, Point> bySecond = new TreeMap<>();
      points.forEach(point -> bySecond.put(point.epochSecond(), point));
      return List.copyOf(bySecond.values());
    }
    return List.copyOf(points);
  }
}
