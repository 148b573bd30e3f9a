package io.inframetrics.sink.cloudwatch;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.testkit.SampleMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Metrics of every kind that the core lets be: any dimensions, values, times and characters. */
final class RandomMetrics {

  private static final Instant NOW = SampleMetrics.RUN.observedAt();
  private static final long WEEK = 7 * 24 * 3_600;
  private static final double[] EDGES = {
    0,
    -0.0,
    0x1p360,
    -0x1p360,
    Math.nextUp(0x1p360),
    Double.MAX_VALUE,
    Double.MIN_VALUE,
    8.515920e-109,
    1e-110,
    0.1,
    1,
    4294967296.0
  };

  private final Random random;
  private final MetricType type;

  RandomMetrics(long seed) {
    this.random = new Random(seed);
    this.type =
        random.nextBoolean()
            ? MetricType.CPU_UTILIZATION
            : new MetricType("m" + "x".repeat(random.nextInt(64)));
  }

  List<Metric> next() {
    int count = (int) Math.pow(10, random.nextDouble() * 3.9) - 1;
    List<Series> series = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(1 + count); i++) {
      series.add(series());
    }
    // Some fleets are alike in every way, others in none.
    int oddTimes = random.nextInt(3);
    int oddValues = random.nextInt(3);
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      metrics.add(
          metric(
              series.get(random.nextInt(series.size())),
              time(random.nextInt(4) < oddTimes),
              value(random.nextInt(4) < oddValues),
              random.nextInt(5) == 0
                  ? MetricUnit.values()[random.nextInt(MetricUnit.values().length)]
                  : MetricUnit.PERCENT,
              random.nextInt(50) == 0 ? region() : SampleMetrics.REGION));
    }
    return metrics;
  }

  private static Metric metric(
      Series series, Instant time, double value, MetricUnit unit, String region) {
    return new Metric(series, time, value, unit, region, SampleMetrics.RUN);
  }

  private String region() {
    Series any = Series.of(type, "any");
    while (true) {
      String region = text(20);
      try {
        return metric(any, NOW, 1, MetricUnit.PERCENT, region).region();
      } catch (IllegalArgumentException e) {
        continue; // It has a character that the core lets no text have.
      }
    }
  }

  private Instant time(boolean odd) {
    return odd
        ? NOW.plusSeconds(Math.round((random.nextDouble() * 6 - 3) * WEEK))
        : NOW.minusSeconds(random.nextInt(600));
  }

  private double value(boolean odd) {
    if (!odd) {
      return random.nextInt(10_000) / 100.0;
    }
    if (random.nextInt(4) == 0) {
      return EDGES[random.nextInt(EDGES.length)];
    }
    while (true) {
      double any = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(any)) {
        return any;
      }
    }
  }

  private Series series() {
    while (true) {
      try {
        Map<String, String> dimensions = new TreeMap<>();
        int count = random.nextInt(8) == 0 ? random.nextInt(30) : random.nextInt(3);
        for (int i = 0; i < count; i++) {
          dimensions.put(text(8), text(30));
        }
        Series series = Series.of(type, text(40), dimensions);
        metric(series, NOW, 1, MetricUnit.PERCENT, SampleMetrics.REGION);
        return series;
      } catch (IllegalArgumentException e) {
        continue; // The core does not let such a series be: the next one.
      }
    }
  }

  private String text(int longest) {
    StringBuilder text = new StringBuilder("a");
    int length = random.nextInt(longest);
    boolean ascii = random.nextInt(10) > 0;
    for (int i = 0; i < length; i++) {
      int codePoint = ascii ? ' ' + random.nextInt(95) : random.nextInt(0x110000);
      text.appendCodePoint(codePoint);
    }
    return random.nextInt(20) == 0 ? text.reverse().toString() : text.toString();
  }
}
