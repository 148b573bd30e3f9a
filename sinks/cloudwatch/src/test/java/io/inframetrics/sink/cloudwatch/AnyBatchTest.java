package io.inframetrics.sink.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.Metric;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.PutMetricData.Datum;
import io.inframetrics.testkit.aws.PutMetricData.Dimension;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever there is to publish: the service refuses no request, and what arrives is what was given
 * and could be sent, minute by minute and value by value.
 */
class AnyBatchTest {

  private static final Instant NOW = SampleMetrics.RUN.observedAt();
  private static final CloudWatchSettings SETTINGS =
      StandIn.SETTINGS.withSeriesBudget(100_000).withDimensions(Map.of("StackName", "blue"));

  @ParameterizedTest
  @EnumSource(DimensionPolicy.class)
  void isPublishedWithinTheLimitsAndWhole(DimensionPolicy policy) {
    for (long seed = 1; seed <= 25; seed++) {
      check(policy, seed);
    }
  }

  @Test
  @Tag("soak")
  void isPublishedWithinTheLimitsAndWholeForRandomSeeds() {
    long first = Long.getLong("inframetrics.soak.seed", new Random().nextLong());
    System.out.println("seed " + first + ": repeat with -Dinframetrics.soak.seed=" + first);
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    long rounds = 0;
    while (System.nanoTime() < end) {
      long seed = first + rounds++;
      check(DimensionPolicy.values()[(int) Math.floorMod(seed, 3L)], seed);
    }
    System.out.println(rounds + " batches");
  }

  private static void check(DimensionPolicy policy, long seed) {
    List<Metric> metrics = new RandomMetrics(seed).next();
    try (StandIn standIn = new StandIn()) {
      WriteResult result = standIn.publish(SETTINGS.withPolicy(policy), metrics);

      assertThat(standIn.server.refused()).as("requests refused, seed %d", seed).isEmpty();
      assertThat(arrived(standIn.data())).as("seed %d", seed).isEqualTo(expected(policy, metrics));
      assertThat(result.retryable()).as("seed %d", seed).isEmpty();
      assertThat(result.written() + points(result.rejected()))
          .as("seed %d: %s", seed, result)
          .isEqualTo(metrics.size());
    }
  }

  /** How often each value came, by metric, unit and minute. */
  private static Map<String, Map<Double, Double>> arrived(List<Datum> data) {
    Map<String, Map<Double, Double>> arrived = new HashMap<>();
    for (Datum datum : data) {
      Map<String, String> dimensions = new TreeMap<>();
      for (Dimension dimension : datum.dimensions()) {
        dimensions.put(dimension.name(), dimension.value());
      }
      Map<Double, Double> weights =
          arrived.computeIfAbsent(
              key(datum.metricName(), dimensions, datum.unit(), datum.timestamp()),
              k -> new TreeMap<>());
      datum.weights().forEach((value, count) -> weights.merge(value, count, Double::sum));
    }
    return arrived;
  }

  private static Map<String, Map<Double, Double>> expected(
      DimensionPolicy policy, List<Metric> metrics) {
    Map<String, Map<Double, Double>> expected = new HashMap<>();
    for (Metric metric : metrics) {
      Instant minute = metric.timestamp().truncatedTo(ChronoUnit.MINUTES);
      double magnitude = Math.abs(metric.value());
      if (minute.isBefore(NOW.minus(Duration.ofDays(14)).plusSeconds(300))
          || minute.isAfter(NOW.plus(Duration.ofHours(2)).minusSeconds(300))
          || magnitude > Math.pow(2, 360)
          || (magnitude > 0 && magnitude < 8.515920e-109)) {
        continue;
      }
      Map<String, String> dimensions = new TreeMap<>(SETTINGS.dimensions());
      if (policy != DimensionPolicy.INSTANCE) {
        count(expected, metric, dimensions, minute);
      }
      dimensions.putAll(metric.series().dimensions());
      dimensions.put("InstanceId", metric.series().instanceId());
      dimensions.put("Region", metric.region());
      if (policy != DimensionPolicy.FLEET && dimensions.size() <= 30 && legal(dimensions)) {
        count(expected, metric, dimensions, minute);
      }
    }
    return expected;
  }

  private static boolean legal(Map<String, String> dimensions) {
    return dimensions.entrySet().stream()
        .allMatch(
            entry ->
                entry.getKey().matches("[ -9;-~][ -~]{0,254}")
                    && entry.getValue().matches("[ -~]{1,1024}")
                    && !entry.getKey().isBlank()
                    && !entry.getValue().isBlank());
  }

  private static void count(
      Map<String, Map<Double, Double>> counts,
      Metric metric,
      Map<String, String> dimensions,
      Instant minute) {
    counts
        .computeIfAbsent(
            key(metric.series().type().name(), dimensions, metric.unit().wireName(), minute),
            k -> new TreeMap<>())
        .merge(metric.value() + 0.0, 1.0, Double::sum);
  }

  private static String key(
      String name, Map<String, String> dimensions, String unit, Instant minute) {
    return name + "|" + dimensions + "|" + unit + "|" + minute;
  }

  /** Data points that failed: the last item counts those that are not named. */
  private static long points(List<Failed> failed) {
    return failed.stream()
        .mapToLong(
            item ->
                item.id().equals("others")
                    ? Long.parseLong(item.reason().substring(0, item.reason().indexOf(' ')))
                    : 1)
        .sum();
  }
}
