package io.inframetrics.sink.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.PutMetricData.Datum;
import io.inframetrics.testkit.aws.PutMetricData.Dimension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FoldingTest {

  private static final Instant NOW = SampleMetrics.RUN.observedAt();
  private static final Instant MINUTE = Instant.parse("2026-02-19T11:27:00Z");
  private static final CloudWatchSettings INSTANCE =
      StandIn.SETTINGS.withPolicy(DimensionPolicy.INSTANCE);

  private final StandIn standIn = new StandIn();

  @AfterEach
  void close() {
    assertThat(standIn.server.refused()).isEmpty();
    standIn.close();
  }

  @Test
  void theFleetsDefaultIsFourMetricsWithoutDimensions() {
    for (MetricType type : MetricType.builtIn()) {
      standIn.publish(StandIn.SETTINGS, SampleMetrics.fleet(type, 50, 5));
    }

    assertThat(standIn.data())
        .extracting(datum -> datum.metricName() + datum.dimensions())
        .containsOnly("cpu_utilization[]", "memory_usage[]", "disk_usage[]", "network_traffic[]");
    assertThat(standIn.server.calls()).isEqualTo(4);
  }

  @Test
  void fixedDimensionsKeepStacksApart() {
    standIn.publish(
        StandIn.SETTINGS.withDimensions(Map.of("StackName", "blue")), SampleMetrics.EXAMPLE);

    assertThat(standIn.data().get(0).dimensions())
        .containsExactly(new Dimension("StackName", "blue"));
  }

  @Test
  void aSeriesIsNamedByInstanceRegionAndItsOwnDimensions() {
    Series series = Series.of(MetricType.DISK_USAGE, "i-0abc", Map.of("device", "/"));

    standIn.publish(
        INSTANCE.withDimensions(Map.of("StackName", "blue")),
        SampleMetrics.metric(series, NOW, 82.25));

    assertThat(standIn.data())
        .containsExactly(
            new Datum(
                "disk_usage",
                List.of(
                    new Dimension("StackName", "blue"),
                    new Dimension("InstanceId", "i-0abc"),
                    new Dimension("Region", "eu-west-1"),
                    new Dimension("device", "/")),
                MINUTE,
                82.25,
                List.of(),
                List.of(),
                "Percent",
                null));
  }

  @Test
  void valuesOfOneMinuteBecomeOneDatumWithTheirCounts() {
    standIn.publish(
        StandIn.SETTINGS, cpu("a", NOW, 5), cpu("b", NOW.minusSeconds(43), 7), cpu("c", NOW, 5));

    assertThat(standIn.data()).hasSize(1);
    assertThat(standIn.data().get(0).timestamp()).isEqualTo(MINUTE);
    assertThat(standIn.data().get(0).weights()).isEqualTo(Map.of(5.0, 2.0, 7.0, 1.0));
  }

  @Test
  void onlyLargeRequestsAreCompressed() {
    // 9 bytes a value.
    standIn.publish(
        StandIn.SETTINGS,
        IntStream.range(0, 2_000).mapToObj(i -> cpu("i-" + i, NOW, i + 0.1)).toList());
    long small = standIn.server.wireBytes();
    assertThat(small).isGreaterThan(2_000 * 9);

    standIn.publish(
        INSTANCE.withSeriesBudget(1_000),
        IntStream.range(0, 1_000).mapToObj(i -> cpu("instance-with-a-name-" + i, NOW, i)).toList());

    assertThat(standIn.server.putMetricData()).hasSize(2);
    assertThat(standIn.server.wireBytes() - small).isLessThan(Requests.GZIP_FROM_BYTES / 2);
  }

  @Test
  void neighbouringMinutesStayApart() {
    standIn.publish(StandIn.SETTINGS, cpu("a", MINUTE, 5), cpu("b", MINUTE.minusSeconds(1), 5));

    assertThat(standIn.data())
        .extracting(Datum::timestamp)
        .containsExactly(MINUTE, MINUTE.minusSeconds(60));
  }

  @Test
  void unitsStayApart() {
    Series series = Series.of(new MetricType("traffic"), "a");
    standIn.publish(
        StandIn.SETTINGS,
        new Metric(series, NOW, 1, MetricUnit.BYTES, "r", SampleMetrics.RUN),
        new Metric(series, NOW, 1, MetricUnit.BITS, "r", SampleMetrics.RUN));

    assertThat(standIn.data()).extracting(Datum::unit).containsExactly("Bytes", "Bits");
  }

  @ParameterizedTest
  @EnumSource(MetricUnit.class)
  void everyUnitKeepsItsName(MetricUnit unit) {
    standIn.publish(
        StandIn.SETTINGS,
        new Metric(
            Series.of(MetricType.CPU_UTILIZATION, "a"), NOW, 1, unit, "r", SampleMetrics.RUN));

    assertThat(standIn.data()).extracting(Datum::unit).containsExactly(unit.wireName());
  }

  @Test
  void aDatumHasOneHundredAndFiftyValuesAndTheNextTheRest() {
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < Limits.MAX_VALUES; i++) {
      metrics.add(cpu("i-" + i, NOW, i + 0.5));
    }
    standIn.publish(StandIn.SETTINGS, metrics);
    assertThat(standIn.data()).extracting(datum -> datum.values().size()).containsExactly(150);

    metrics.add(cpu("one-more", NOW, 1_000));
    standIn.publish(StandIn.SETTINGS, metrics);
    assertThat(standIn.data().subList(1, 3))
        .extracting(datum -> datum.weights().size())
        .containsExactly(150, 1);
  }

  @Test
  void valuesDifferIfTheyDifferInOneBitAndZeroHasNoSign() {
    standIn.publish(
        StandIn.SETTINGS,
        cpu("a", NOW, 0.1),
        cpu("b", NOW, Math.nextUp(0.1)),
        cpu("c", NOW, 0.0),
        cpu("d", NOW, -0.0));

    assertThat(standIn.data().get(0).weights())
        .isEqualTo(Map.of(0.0, 2.0, 0.1, 1.0, Math.nextUp(0.1), 1.0));
  }

  @Test
  void aRequestHasAThousandDataAndTheNextTheRest() {
    CloudWatchSettings settings = INSTANCE.withSeriesBudget(2_000);

    standIn.publish(settings, SampleMetrics.fleet(MetricType.CPU_UTILIZATION, 1_000, 1));
    assertThat(standIn.server.putMetricData())
        .extracting(request -> request.data().size())
        .containsExactly(1_000);

    standIn.publish(settings, SampleMetrics.fleet(MetricType.CPU_UTILIZATION, 1_001, 1));
    assertThat(standIn.server.putMetricData())
        .extracting(request -> request.data().size())
        .containsExactly(1_000, 1_000, 1);
  }

  @Test
  void aRequestIsSplitBeforeAMegabyteAndNotMuchEarlier() {
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      String value = "v".repeat(250);
      Series series =
          Series.of(
              MetricType.CPU_UTILIZATION,
              "i-%04d".formatted(i) + "x".repeat(240),
              Map.of("a", value, "b", value, "c", value, "d", value));
      metrics.add(SampleMetrics.metric(series, NOW, 1));
    }

    standIn.publish(INSTANCE.withSeriesBudget(1_000), metrics);

    assertThat(standIn.server.putMetricData()).hasSize(2);
    assertThat(standIn.server.putMetricData().get(0).bodyBytes())
        .isBetween(998_000, Limits.MAX_REQUEST_BYTES);
  }

  @Test
  void largeRequestsAreCompressed() {
    standIn.publish(
        INSTANCE.withSeriesBudget(1_000),
        SampleMetrics.fleet(MetricType.CPU_UTILIZATION, 1_000, 1));

    assertThat(standIn.server.putMetricData().get(0).wireBytes())
        .isLessThan(standIn.server.putMetricData().get(0).bodyBytes() / 5);
  }

  @Test
  void openValuesAreBoundedAndNothingIsLost() {
    int instances = Publication.MAX_FLEET_VALUES / 4;
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < instances; i++) {
      for (int minute = 0; minute < 10; minute++) {
        metrics.add(cpu("i-" + i, NOW.minus(Duration.ofMinutes(minute)), i + minute / 10.0));
      }
    }

    WriteResult result = standIn.publish(StandIn.SETTINGS, metrics);

    assertThat(result).isEqualTo(WriteResult.written(metrics.size()));
    assertThat(
            standIn.data().stream()
                .flatMap(datum -> datum.weights().values().stream())
                .mapToDouble(Double::doubleValue)
                .sum())
        .isEqualTo(metrics.size());
    int fewest = 10 * ((instances + Limits.MAX_VALUES - 1) / Limits.MAX_VALUES);
    assertThat(standIn.data()).hasSize(fewest);
  }

  @Test
  void manyMinutesAtOnceAreOneDatumEach() {
    int minutes = 2_000;
    List<Metric> metrics = new ArrayList<>();
    for (String instance : List.of("i-1", "i-2", "i-3")) {
      for (int minute = 0; minute < minutes; minute++) {
        metrics.add(cpu(instance, NOW.minus(Duration.ofMinutes(minute)), metrics.size()));
      }
    }

    assertThat(standIn.publish(StandIn.SETTINGS, metrics))
        .isEqualTo(WriteResult.written(metrics.size()));

    assertThat(standIn.data()).hasSize(minutes).allMatch(datum -> datum.weights().size() == 3);
  }

  private static Metric cpu(String instance, Instant time, double value) {
    return SampleMetrics.metric(MetricType.CPU_UTILIZATION, instance, time, value);
  }
}
