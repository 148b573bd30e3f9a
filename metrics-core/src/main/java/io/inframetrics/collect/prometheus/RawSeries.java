package io.inframetrics.collect.prometheus;

import java.util.Arrays;
import java.util.Map;

/**
 * Samples of one Prometheus series as they were scraped, oldest first. Counters are still counters.
 * Not thread-safe.
 */
final class RawSeries {

  /**
   * What identifies a series.
   *
   * @param labels without the metric's name and without empty values
   */
  record Key(String metric, Map<String, String> labels) {}

  static final long NEVER = Long.MIN_VALUE;

  private final Key key;
  private long earlierTime = NEVER;
  private double earlierValue = Double.NaN;
  private long[] times;
  private double[] values;
  private int size;

  /**
   * An empty series.
   *
   * @param expected how many samples will be added, more or less
   */
  RawSeries(Key key, int expected) {
    this.key = key;
    this.times = new long[expected];
    this.values = new double[expected];
  }

  Key key() {
    return key;
  }

  String metric() {
    return key.metric();
  }

  Map<String, String> labels() {
    return key.labels();
  }

  /** The label's value; empty if the series does not have it, as Prometheus says it. */
  String label(String name) {
    return key.labels().getOrDefault(name, "");
  }

  /** The time of the sample before the first one, or {@link #NEVER}. */
  long earlierTime() {
    return earlierTime;
  }

  /** The value of the sample before the first one; NaN if there is none. */
  double earlierValue() {
    return earlierValue;
  }

  /** Remembers a sample that was read before, from which the first increase counts. */
  void startsAfter(long time, double value) {
    earlierTime = time;
    earlierValue = value;
  }

  /** Remembers the last sample of the same series, which was read before. */
  void startsAfter(RawSeries before) {
    for (int i = before.size - 1; i >= 0; i--) {
      if (!Double.isNaN(before.values[i])) {
        startsAfter(before.times[i], before.values[i]);
        return;
      }
    }
    startsAfter(before.earlierTime, before.earlierValue);
  }

  int size() {
    return size;
  }

  /** Milliseconds since 1970. */
  long time(int index) {
    return times[index];
  }

  double value(int index) {
    return values[index];
  }

  void add(long time, double value) {
    if (size == times.length) {
      int larger = Math.max(8, 2 * size);
      times = Arrays.copyOf(times, larger);
      values = Arrays.copyOf(values, larger);
    }
    times[size] = time;
    values[size] = value;
    size++;
  }
}
