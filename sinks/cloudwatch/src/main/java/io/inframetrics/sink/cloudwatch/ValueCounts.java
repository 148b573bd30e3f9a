package io.inframetrics.sink.cloudwatch;

import io.inframetrics.metric.MetricUnit;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The values of one metric in one minute, each with how often it came. No value is lost: values
 * that differ in one bit stay apart, except that negative zero counts as zero.
 */
final class ValueCounts {

  private final MetricIdentity identity;
  private final MetricUnit unit;
  private final long epochMinute;
  private final boolean counted;
  private final Map<Double, Integer> counts = new LinkedHashMap<>();

  /**
   * No values yet.
   *
   * @param counted whether its observations count in the result, as those of the most detailed
   *     metric do
   */
  ValueCounts(MetricIdentity identity, MetricUnit unit, long epochMinute, boolean counted) {
    this.identity = identity;
    this.unit = unit;
    this.epochMinute = epochMinute;
    this.counted = counted;
  }

  MetricIdentity identity() {
    return identity;
  }

  MetricUnit unit() {
    return unit;
  }

  long epochMinute() {
    return epochMinute;
  }

  boolean isCounted() {
    return counted;
  }

  /** How many different values there are. */
  int distinct() {
    return counts.size();
  }

  /** Adds a value; true if it was not there before. */
  boolean add(double value) {
    double plain = value + 0.0; // Turns -0.0 into 0.0.
    Integer before = counts.get(plain);
    counts.put(plain, before == null ? 1 : before + 1);
    return before == null;
  }

  /**
   * Moves the values to {@code requests} in groups of at most {@link Limits#MAX_VALUES}, in the
   * order in which they first came.
   *
   * @param fullOnly whether values that do not fill a group stay here
   */
  void drain(boolean fullOnly, Requests requests) {
    while (!counts.isEmpty() && !(fullOnly && counts.size() < Limits.MAX_VALUES)) {
      int size = Math.min(counts.size(), Limits.MAX_VALUES);
      double[] values = new double[size];
      int[] times = new int[size];
      Iterator<Map.Entry<Double, Integer>> first = counts.entrySet().iterator();
      for (int i = 0; i < size; i++) {
        Map.Entry<Double, Integer> entry = first.next();
        values[i] = entry.getKey();
        times[i] = entry.getValue();
        first.remove();
      }
      requests.add(this, values, times);
    }
  }
}
