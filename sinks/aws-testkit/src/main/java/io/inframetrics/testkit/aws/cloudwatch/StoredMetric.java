package io.inframetrics.testkit.aws.cloudwatch;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongToDoubleFunction;

/**
 * A metric that CloudWatch has.
 *
 * @param account that owns it, 12 digits
 * @param spacing seconds between its values
 * @param active whether it had a value in the last three hours
 * @param values the value at a second since the epoch; NaN if there is none
 */
public record StoredMetric(
    String account,
    String region,
    String namespace,
    String name,
    SortedMap<String, String> dimensions,
    int spacing,
    boolean active,
    LongToDoubleFunction values) {

  /** A metric of {@link MetricReading#ACCOUNT} in eu-west-1, active, with a value each 300 s. */
  public static StoredMetric of(
      String namespace, String name, Map<String, String> dimensions, LongToDoubleFunction values) {
    return new StoredMetric(
        MetricReading.ACCOUNT,
        "eu-west-1",
        namespace,
        name,
        new TreeMap<>(dimensions),
        300,
        true,
        values);
  }

  public StoredMetric in(String anAccount, String aRegion) {
    return new StoredMetric(
        anAccount, aRegion, namespace, name, dimensions, spacing, active, values);
  }

  public StoredMetric every(int seconds) {
    return new StoredMetric(account, region, namespace, name, dimensions, seconds, active, values);
  }

  /** The same metric, last written more than three hours ago. */
  public StoredMetric inactive() {
    return new StoredMetric(account, region, namespace, name, dimensions, spacing, false, values);
  }

  String key() {
    return key(account, region, namespace, name, dimensions);
  }

  static String key(
      String account, String region, String namespace, String name, Map<String, String> dims) {
    return String.join("\n", account, region, namespace, name, new TreeMap<>(dims).toString());
  }

  /** The statistic of the values in {@code [start, start + period)}; NaN if there is none. */
  double statistic(String statistic, long start, int period) {
    double sum = 0;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    int count = 0;
    for (long at = (start + spacing - 1) / spacing * spacing; at < start + period; at += spacing) {
      double value = values.applyAsDouble(at);
      if (!Double.isNaN(value)) {
        sum += value;
        least = Math.min(least, value);
        most = Math.max(most, value);
        count++;
      }
    }
    if (count == 0) {
      return Double.NaN;
    }
    return switch (statistic) {
      case "Average" -> sum / count;
      case "Sum" -> sum;
      case "SampleCount" -> count;
      case "Minimum" -> least;
      default -> most;
    };
  }
}
