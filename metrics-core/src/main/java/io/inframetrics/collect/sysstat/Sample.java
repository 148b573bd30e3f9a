package io.inframetrics.collect.sysstat;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What {@code sadf} prints of one moment.
 *
 * @param time the end of the interval
 * @param interval seconds that counters are divided by, from the machine's uptime
 * @param rows such as one for each network interface
 */
record Sample(Instant time, double interval, List<Row> rows) {

  /** A day file holds a day, and an hour more when summer time ends. */
  private static final double LONGEST_INTERVAL = 25 * 3_600;

  /**
   * Whether rates and shares of time mean something. After a restart without a mark in the file,
   * the interval is about 1.8e17 seconds, and all shares of time are zero.
   */
  boolean hasRates() {
    return interval >= 1 && interval <= LONGEST_INTERVAL;
  }

  /**
   * The values of one thing.
   *
   * @param name of the thing, such as {@code eth0}; empty for the machine
   * @param numbers by their names in the JSON
   */
  record Row(String name, Map<String, Double> numbers) {

    /** NaN if it is missing. */
    double number(String key) {
      return numbers.getOrDefault(key, Double.NaN);
    }

    double sum() {
      return numbers.values().stream().mapToDouble(Double::doubleValue).sum();
    }
  }
}
