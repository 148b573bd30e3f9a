package io.inframetrics.collect.host;

import io.inframetrics.collect.host.Meter.Sample;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/** A bounded number of readings, at most one a second, oldest first. Thread-safe. */
final class Readings {

  private final int capacity;
  private final ArrayDeque<Reading> readings = new ArrayDeque<>();

  Readings(int capacity) {
    this.capacity = capacity;
  }

  record Reading(long epochSecond, Map<MetricType, List<Sample>> samples) {}

  /**
   * Adds a reading and drops the oldest if there are too many. Readings of the same second or later
   * are dropped too: the clock was set back, and a second has one reading.
   *
   * @return how many later ones were dropped
   */
  synchronized int add(Reading reading) {
    int dropped = 0;
    while (!readings.isEmpty() && readings.getLast().epochSecond() >= reading.epochSecond()) {
      readings.removeLast();
      dropped++;
    }
    if (readings.size() == capacity) {
      readings.removeFirst();
    }
    readings.addLast(reading);
    return dropped;
  }

  /** The points of a type at the seconds that {@code counts} accepts, by series; oldest first. */
  synchronized Map<Series, List<Point>> points(MetricType type, LongPredicate counts) {
    Map<Series, List<Point>> points = new LinkedHashMap<>();
    for (Reading reading : readings) {
      if (counts.test(reading.epochSecond())) {
        for (Sample sample : reading.samples().getOrDefault(type, List.of())) {
          points
              .computeIfAbsent(sample.series(), series -> new ArrayList<>())
              .add(new Point(reading.epochSecond(), sample.value()));
        }
      }
    }
    return points;
  }

  synchronized int size() {
    return readings.size();
  }
}
