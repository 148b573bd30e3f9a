package io.inframetrics.sink.dynamodb;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The points that stand, of the items of runs, in a range of time that excludes its end. */
final class RunPoints {

  /** Only run and value decide which metric stands, so any series will do. */
  private static final Series ANY = Series.of(MetricType.CPU_UTILIZATION, "any");

  private final Instant from;
  private final Instant end;
  private final NavigableMap<Instant, Metric> newest = new TreeMap<>(Collections.reverseOrder());
  private Instant firstStartBeyond;

  RunPoints(Instant from, Instant end) {
    this.from = from;
    this.end = end;
    this.firstStartBeyond = end;
  }

  void add(Map<String, AttributeValue> item) {
    String region = Attributes.text(item, "region");
    CollectionRun run = RecordItem.run(item);
    Instant start = RecordItem.start(Key.of(item).sort());
    for (Point point : PackedPoints.unpack(Attributes.bytes(item, RecordItem.POINTS))) {
      Instant at = Instant.ofEpochSecond(point.epochSecond());
      if (at.isBefore(end) && !at.isBefore(from)) {
        newest.merge(
            at,
            new Metric(ANY, at, point.value(), MetricUnit.NONE, region, run),
            BinaryOperator.maxBy(Metric.PRECEDENCE));
      } else if (!at.isBefore(end) && start.isBefore(firstStartBeyond)) {
        firstStartBeyond = start;
      }
    }
  }

  int size() {
    return newest.size();
  }

  /** The time of the n-th newest point; there must be so many. */
  Instant timeOf(int n) {
    return newest.keySet().stream().skip(n - 1L).findFirst().orElseThrow();
  }

  List<Point> newestFirst() {
    return newest.values().stream().map(RunPoints::point).toList();
  }

  List<Point> oldestFirst() {
    return newest.descendingMap().values().stream().map(RunPoints::point).toList();
  }

  /** The first start of the items that have a point at the end or later; the end if none has. */
  Instant firstStartBeyond() {
    return firstStartBeyond;
  }

  private static Point point(Metric metric) {
    return new Point(metric.timestamp().getEpochSecond(), metric.value());
  }
}
