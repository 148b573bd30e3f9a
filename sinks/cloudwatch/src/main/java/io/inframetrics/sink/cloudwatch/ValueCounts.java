package io.inframetrics.sink.cloudwatch;

import io.inframetrics.metric.MetricUnit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of one metric in one minute, each with its count. No value is lost: values that differ
 * in one bit stay apart, except that negative zero counts as zero.
 *
 * @param minute when it starts
 * @param counted whether its observations count in the result, as those of the most detailed metric
 *     do
 */
record ValueCounts(
    MetricIdentity identity,
    MetricUnit unit,
    Instant minute,
    boolean counted,
    Map<Double, Integer> counts) {

  ValueCounts(MetricIdentity identity, MetricUnit unit, Instant minute, boolean counted) {
    this(identity, unit, minute, counted, new LinkedHashMap<>());
  }

  /** Adds a value; true if it is new. */
  boolean add(double value) {
    return counts.merge(value + 0.0, 1, Integer::sum) == 1; // -0.0 + 0.0 is 0.0
  }

  /**
   * Moves the values to {@code requests} in groups of at most {@link Limits#MAX_VALUES}, in order
   * of first occurrence.
   *
   * @param fullOnly keeps the values that do not fill a group
   */
  void drain(boolean fullOnly, Requests requests) {
    Iterator<Map.Entry<Double, Integer>> left = counts.entrySet().iterator();
    while (counts.size() >= (fullOnly ? Limits.MAX_VALUES : 1)) {
      List<Double> values = new ArrayList<>();
      List<Double> times = new ArrayList<>();
      while (values.size() < Limits.MAX_VALUES && left.hasNext()) {
        Map.Entry<Double, Integer> entry = left.next();
        values.add(entry.getKey());
        times.add(entry.getValue().doubleValue());
        left.remove();
      }
      requests.add(this, values, times);
    }
  }
}
