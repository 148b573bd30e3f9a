package io.inframetrics.sink.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.PublishOutcome;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CborSizeTest {

  /** Numbers around every length that CBOR has, and texts around every length of theirs. */
  private static final double[] VALUES = {
    0,
    1,
    23,
    24,
    255,
    256,
    65_535,
    65_536,
    4294967295.0,
    4294967296.0,
    -1,
    -24,
    -25,
    -256,
    -257,
    0.5,
    0.1,
    37.66,
    1e10,
    1e19,
    1e100,
    -0.25,
    0x1p360,
    1 / 3.0,
    3.4028234663852886e38,
    1e-50
  };

  private static final int[] LENGTHS = {1, 23, 24, 200, 255};

  @Test
  void saysExactlyWhatTheSdkWrites() {
    Random random = new Random(7);
    try (StandIn standIn = new StandIn()) {
      for (int length : LENGTHS) {
        for (int values = 1; values <= Limits.MAX_VALUES; values += 1 + values / 3) {
          Requests requests = requests(standIn);
          int data = 0;
          for (int datum = 0; datum < 1 + random.nextInt(40); datum++) {
            ValueCounts minute =
                minute(length, random.nextInt(100_000), random.nextInt(1 + 600 / (length + 100)));
            for (int i = 0; i < values; i++) {
              double value =
                  random.nextBoolean()
                      ? VALUES[random.nextInt(VALUES.length)]
                      : random.nextInt(10_000) / 100.0;
              for (int times = random.nextInt(3); times >= 0; times--) {
                minute.add(value);
              }
            }
            minute.drain(false, requests);
            data++;
          }
          int said = requests.bytes();
          requests.flush();

          int sent =
              standIn
                  .server
                  .putMetricData()
                  .get(standIn.server.putMetricData().size() - 1)
                  .bodyBytes();
          // The list's head is taken for the longest one.
          assertThat(said - sent)
              .as("data of %d bytes", sent)
              .isEqualTo(CborSize.head(Limits.MAX_DATA) - CborSize.head(data));
        }
      }
    }
  }

  private static ValueCounts minute(int length, int minutesAgo, int dimensions) {
    Map<String, String> own = new TreeMap<>();
    for (int i = 0; i < dimensions; i++) {
      own.put("n".repeat(length - 1) + i, "v".repeat(length));
    }
    Series series = Series.of(MetricType.CPU_UTILIZATION, "i".repeat(length), own);
    Metric metric =
        new Metric(
            series, SampleMetrics.RUN.observedAt(), 1, MetricUnit.NONE, "r", SampleMetrics.RUN);
    Instant minute =
        SampleMetrics.RUN
            .observedAt()
            .truncatedTo(ChronoUnit.MINUTES)
            .minus(minutesAgo % 20_000, ChronoUnit.MINUTES);
    MetricUnit[] units = MetricUnit.values();
    return new ValueCounts(
        new MetricIdentities(new TreeMap<>()).series(metric),
        units[minutesAgo % units.length],
        minute,
        true);
  }

  private static Requests requests(StandIn standIn) {
    return new Requests(
        standIn.client, "Test", standIn.calls, Deadlines.never(), new PublishOutcome());
  }
}
