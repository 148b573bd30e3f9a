package io.inframetrics.sink.cloudwatch;

import io.inframetrics.metric.MetricUnit;
import java.util.Arrays;

/**
 * The values of one metric in one minute, each with how often it came. Not a value is lost: what
 * differs in one bit stays apart, save that the negative zero counts as zero.
 */
final class Fold {

  private static final int FIRST_CAPACITY = 16;

  private final MetricIdentity identity;
  private final MetricUnit unit;
  private final long epochMinute;
  private final boolean counted;

  private int distinct;
  // Most folds hold one value and never need a table.
  private double only;
  private int onlyCount;
  // Open addressing; a count of zero marks a free place.
  private double[] values = {};
  private int[] counts = {};

  /**
   * An empty one.
   *
   * @param counted whether its observations count in the result, as those of the most detailed
   *     metric do
   */
  Fold(MetricIdentity identity, MetricUnit unit, long epochMinute, boolean counted) {
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

  int distinct() {
    return distinct;
  }

  /** Adds a value; true if it was not there before. */
  boolean add(double value) {
    double plain = value + 0.0; // turns the negative zero into zero
    if (values.length > 0) {
      return put(plain, 1);
    }
    if (distinct == 0) {
      only = plain;
      onlyCount = 1;
      distinct = 1;
      return true;
    }
    if (plain == only) {
      onlyCount++;
      return false;
    }
    grow(FIRST_CAPACITY);
    return put(plain, 1);
  }

  /**
   * Hands on the values in groups of at most {@link Limits#MAX_VALUES}, in no order.
   *
   * @param fullOnly whether to keep what does not make a full group
   */
  void drain(boolean fullOnly, Requests requests) {
    if (fullOnly && distinct < Limits.MAX_VALUES) {
      return;
    }
    if (values.length == 0) {
      if (distinct == 1) {
        requests.add(this, new double[] {only}, new int[] {onlyCount});
      }
      distinct = 0;
      return;
    }
    double[] group = new double[Limits.MAX_VALUES];
    int[] times = new int[Limits.MAX_VALUES];
    int size = 0;
    for (int i = 0; i < values.length; i++) {
      if (counts[i] > 0) {
        group[size] = values[i];
        times[size++] = counts[i];
        if (size == Limits.MAX_VALUES) {
          requests.add(this, group, times);
          size = 0;
        }
      }
    }
    Arrays.fill(counts, 0);
    distinct = 0;
    if (fullOnly) {
      for (int i = 0; i < size; i++) {
        put(group[i], times[i]);
      }
    } else if (size > 0) {
      requests.add(this, Arrays.copyOf(group, size), Arrays.copyOf(times, size));
    }
  }

  private boolean put(double value, int count) {
    int place = place(value);
    boolean fresh = counts[place] == 0;
    values[place] = value;
    counts[place] += count;
    if (fresh && ++distinct * 2 > values.length) {
      grow(values.length * 2);
    }
    return fresh;
  }

  /** Where a value is, or would be. */
  private int place(double value) {
    int mask = values.length - 1;
    // Of a product the upper bits depend on all bits of the value.
    long product = Double.doubleToRawLongBits(value) * 0x9E3779B97F4A7C15L;
    int place = (int) (product >>> Long.numberOfLeadingZeros(mask));
    while (counts[place] != 0 && values[place] != value) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private void grow(int capacity) {
    double[] oldValues = values;
    int[] oldCounts = counts;
    values = new double[capacity];
    counts = new int[capacity];
    distinct = 0;
    if (oldValues.length == 0) {
      put(only, onlyCount);
    }
    for (int i = 0; i < oldValues.length; i++) {
      if (oldCounts[i] > 0) {
        put(oldValues[i], oldCounts[i]);
      }
    }
  }
}
