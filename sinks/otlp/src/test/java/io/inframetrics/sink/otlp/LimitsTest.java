package io.inframetrics.sink.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.SampleMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each limit, and one past it. */
class LimitsTest {

  private static final Instant NOW = SampleMetrics.RUN.observedAt();

  private final StandIn standIn = new StandIn();

  @AfterEach
  void close() {
    standIn.close();
  }

  @Test
  void aThousandPointsARequest() {
    standIn.publish(standIn.settings(), fleet(1_000));
    assertThat(standIn.received).hasSize(1);

    standIn.publish(standIn.settings(), fleet(1_001));
    assertThat(standIn.received.stream().skip(1))
        .extracting(request -> StandIn.points(request.decoded()).size())
        .containsExactly(1_000, 1);
  }

  @Test
  void aMegabyteARequest() {
    // A thousand points of these would have more than a megabyte.
    Map<String, String> dimensions = new TreeMap<>();
    for (int i = 0; i < 10; i++) {
      dimensions.put("dimension-with-a-long-name-" + i, "v".repeat(100));
    }
    Series series = Series.of(MetricType.DISK_USAGE, "i-0abc", dimensions);
    List<Metric> metrics =
        IntStream.range(0, 1_000)
            .mapToObj(i -> SampleMetrics.metric(series, NOW.minusSeconds(i), i))
            .toList();
    for (boolean json : new boolean[] {false, true}) {
      int before = standIn.received.size();
      standIn.publish(standIn.settings().withJson(json), metrics);

      List<StandIn.Received> requests = standIn.received.subList(before, standIn.received.size());
      // The bound that is kept is a little above what is written.
      assertThat(requests.subList(0, requests.size() - 1))
          .isNotEmpty()
          .allSatisfy(request -> assertThat(request.body()).hasSizeBetween(970_000, 1_000_000));
    }
    assertThat(standIn.points()).hasSize(2_000);
  }

  @Test
  void fourteenDaysBackAndTenMinutesAheadLessAMinute() {
    Duration back = Duration.ofDays(14).minusMinutes(1);
    Duration ahead = Duration.ofMinutes(9);
    WriteResult taken =
        standIn.publish(standIn.settings(), List.of(at(NOW.minus(back)), at(NOW.plus(ahead))));
    assertThat(taken).isEqualTo(WriteResult.written(2));

    WriteResult refused =
        standIn.publish(
            standIn.settings(),
            List.of(at(NOW.minus(back).minusSeconds(1)), at(NOW.plus(ahead).plusSeconds(1))));
    assertThat(refused.written()).isZero();
    assertThat(refused.rejected())
        .hasSize(2)
        .allSatisfy(
            failed ->
                assertThat(failed.reason())
                    .contains("two weeks back to ten minutes ahead")
                    .startsWith("timestamp 2026-0"));
    assertThat(standIn.received).hasSize(1);
  }

  @Test
  void aHundredAndFiftyLabels() {
    Map<String, String> resource = attributes(119);
    Map<String, String> dimensions = new TreeMap<>();
    for (int i = 0; i < Series.MAX_DIMENSIONS; i++) {
      dimensions.put("d" + i, "v");
    }
    Series series = Series.of(MetricType.DISK_USAGE, "i-0abc", dimensions);

    standIn.publish(
        standIn.settings().withResource(resource), List.of(SampleMetrics.metric(series, NOW, 1)));

    var sent = standIn.received.get(0).decoded().getResourceMetrics(0);
    assertThat(
            sent.getResource().getAttributesCount()
                + sent.getScopeMetrics(0)
                    .getMetrics(0)
                    .getGauge()
                    .getDataPoints(0)
                    .getAttributesCount())
        .isEqualTo(150);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> standIn.settings().withResource(attributes(120)))
        .withMessage("there are 120 resource attributes: use at most 119");
  }

  @Test
  void aThousandAndTwentyFourCharactersAValue() {
    WriteResult result =
        standIn.publish(
            standIn.settings().withResource(Map.of("long", "v".repeat(1_024))),
            List.of(inRegion("r".repeat(1_024)), inRegion("r".repeat(1_025))));

    assertThat(result.written()).isEqualTo(1);
    assertThat(result.rejected())
        .extracting(WriteResult.Failed::reason)
        .containsExactly("the region has 1025 characters: use at most 1024");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> standIn.settings().withResource(Map.of("long", "v".repeat(1_025))))
        .withMessageContaining("a value of at most 1024");
  }

  @Test
  void fortyKilobytesOfLabels() {
    Map<String, String> resource = new TreeMap<>();
    for (int i = 10; i < 41; i++) {
      resource.put("a-" + i, "v".repeat(1_024)); // 1,028 bytes each
    }
    standIn.settings().withResource(resource);
    resource.put("more", "v".repeat(129));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> standIn.settings().withResource(resource))
        .withMessage("the resource attributes have 32,001 bytes: use at most 32,000");
  }

  @Test
  void eachLabelOnce() {
    Map<String, String> clash = Map.of("device", "sda", "system.device", "sda");
    WriteResult result =
        standIn.publish(
            standIn.settings(),
            List.of(
                SampleMetrics.metric(Series.of(MetricType.DISK_USAGE, "i-0abc", clash), NOW, 1),
                SampleMetrics.metric(
                    Series.of(MetricType.DISK_USAGE, "i-0abc", Map.of("host.id", "x")), NOW, 1),
                SampleMetrics.metric(Series.of(MetricType.MEMORY_USAGE, "i-0abc", clash), NOW, 1)));

    assertThat(result.written()).isEqualTo(1);
    assertThat(result.rejected())
        .extracting(WriteResult.Failed::reason)
        .containsExactly(
            "label 'system.device' occurs twice: rename the dimension of the series",
            "label 'host.id' occurs twice: rename the dimension of the series");
  }

  private static Map<String, String> attributes(int count) {
    Map<String, String> attributes = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      attributes.put("a" + i, "v");
    }
    return attributes;
  }

  private static List<Metric> fleet(int instances) {
    return SampleMetrics.fleet(MetricType.CPU_UTILIZATION, instances, 1);
  }

  private static Metric at(Instant time) {
    return SampleMetrics.metric(MetricType.CPU_UTILIZATION, "i-0abc", time, 1);
  }

  private static Metric inRegion(String region) {
    return new Metric(
        Series.of(MetricType.CPU_UTILIZATION, "i-0abc"),
        NOW,
        1,
        MetricUnit.PERCENT,
        region,
        SampleMetrics.RUN);
  }
}
