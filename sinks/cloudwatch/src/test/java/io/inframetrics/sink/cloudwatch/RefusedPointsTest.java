package io.inframetrics.sink.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.PublishOutcome;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.testkit.SampleMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What CloudWatch would refuse is refused before it is sent, alone, by a sentence. */
class RefusedPointsTest {

  private static final Instant NOW = SampleMetrics.RUN.observedAt();
  private static final CloudWatchSettings INSTANCE =
      StandIn.SETTINGS.withPolicy(DimensionPolicy.INSTANCE);

  private final StandIn standIn = new StandIn();

  @AfterEach
  void theServiceHadNothingToRefuse() {
    assertThat(standIn.server.refused()).isEmpty();
    standIn.close();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0x1p360, -0x1p360, 8.515920e-109, -8.515920e-109, 0, -0.0})
  void takesTheOutermostValues(double value) {
    assertTaken(at(NOW, value));
  }

  @Test
  void refusesTheValuesNextToThem() {
    assertRefused(at(NOW, Math.nextUp(0x1p360)), "beyond +-2^360");
    assertRefused(at(NOW, Math.nextDown(-0x1p360)), "beyond +-2^360");
    assertRefused(at(NOW, Math.nextDown(8.515920e-109)), "nearer to zero than");
    assertRefused(at(NOW, -Double.MIN_VALUE), "nearer to zero than");
  }

  @Test
  void takesTheOldestMinuteAndRefusesTheOneBeforeIt() {
    Instant oldest = NOW.minus(Limits.MAX_AGE).plus(Limits.TIME_MARGIN);
    // The minute that the oldest instant lies in began before it.
    Instant oldestMinute = oldest.plusSeconds(60 - oldest.getEpochSecond() % 60);

    assertTaken(at(oldestMinute, 1));
    assertRefused(at(oldestMinute.minusSeconds(1), 1), "two weeks back");
  }

  @Test
  void takesTheNewestMinuteAndRefusesTheOneAfterIt() {
    Instant newest = NOW.plus(Limits.MAX_AHEAD).minus(Limits.TIME_MARGIN);
    Instant minuteAfter = newest.plusSeconds(60 - newest.getEpochSecond() % 60);

    assertTaken(at(minuteAfter.minusSeconds(1), 1));
    assertRefused(at(minuteAfter, 1), "two hours ahead");
  }

  @Test
  void aMetricHasThirtyDimensions() {
    assertTaken(series(dimensions(28)));
    assertRefused(series(dimensions(29)), "there are 31 dimensions");
  }

  @Test
  void dimensionsAreAscii() {
    assertTaken(series(Map.of("name !~", "value !~")));
    assertRefused(series(Map.of("größe", "1")), "dimension name 'größe'");
    assertRefused(series(Map.of("size", "groß")), "value 'groß' of dimension 'size'");
    assertRefused(series(Map.of("size", "\uD83D\uDE80")), "value");
  }

  @Test
  void dimensionNamesDoNotStartWithAColon() {
    assertTaken(series(Map.of("a:", ":")));
    assertRefused(series(Map.of(":a", "1")), "dimension name ':a'");
  }

  @Test
  void aDimensionIsThereOnce() {
    assertRefused(series(Map.of("Region", "moon")), "dimension 'Region' occurs twice");
    assertRefused(series(Map.of("InstanceId", "x")), "dimension 'InstanceId' occurs twice");
  }

  @Test
  void namesHave255CharactersAndValues1024() {
    assertThat(MetricIdentities.refusal("n".repeat(255), "v".repeat(1_024))).isNull();
    assertThat(MetricIdentities.refusal("n".repeat(256), "v")).contains("1 to 255");
    assertThat(MetricIdentities.refusal("n", "v".repeat(1_025))).contains("1 to 1024");
    assertThat(MetricIdentities.refusal("", "v")).isNotNull();
    assertThat(MetricIdentities.refusal("n", "")).isNotNull();
    assertThat(MetricIdentities.refusal("  ", "v")).isNotNull();
    assertThat(MetricIdentities.refusal("n", "  ")).isNotNull();
  }

  @Test
  void aSeriesThatCannotBeNamedStillCountsInTheFleet() {
    WriteResult result =
        standIn.publish(INSTANCE.withPolicy(DimensionPolicy.BOTH), series(Map.of("größe", "1")));

    assertThat(result.rejected()).hasSize(1);
    assertThat(standIn.data()).hasSize(1);
    assertThat(standIn.data().get(0).dimensions()).isEmpty();
  }

  @Test
  void manyRefusalsAreNamedInPartAndCounted() {
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      metrics.add(SampleMetrics.metric(MetricType.DISK_USAGE, "i-" + i, NOW, Double.MAX_VALUE));
    }

    WriteResult result = standIn.publish(StandIn.SETTINGS, metrics);

    assertThat(result.rejected()).hasSize(PublishOutcome.MAX_NAMED + 1);
    assertThat(result.rejected().get(PublishOutcome.MAX_NAMED))
        .isEqualTo(new Failed("others", "4980 more data points failed like these"));
    assertThat(standIn.server.calls()).isZero();
  }

  @Test
  void asManySeriesAsTheBudgetHasArePublished() {
    WriteResult result =
        standIn.publish(
            INSTANCE.withSeriesBudget(7), SampleMetrics.fleet(MetricType.CPU_UTILIZATION, 7, 3));

    assertThat(result).isEqualTo(WriteResult.written(21));
  }

  @Test
  void publishesNothingAboveTheSeriesBudgetAndReportsTheCost() {
    WriteResult result =
        standIn.publish(
            INSTANCE.withSeriesBudget(7), SampleMetrics.fleet(MetricType.CPU_UTILIZATION, 8, 3));

    assertThat(result.written()).isZero();
    assertThat(result.rejected())
        .containsExactly(
            new Failed(
                "points",
                "there are more than 7 series, which would cost more than 2.10 USD a month at"
                    + " 0.30 USD each: raise the series budget above 7 if you accept that, or use"
                    + " the fleet policy"));
    assertThat(standIn.server.calls()).isZero();
  }

  @Test
  void theSameInstanceInTwoRegionsIsTwoSeries() {
    Metric here = at(NOW, 1);
    Metric there =
        new Metric(here.series(), NOW, 1, MetricUnit.PERCENT, "us-east-1", SampleMetrics.RUN);

    assertThat(standIn.publish(INSTANCE.withSeriesBudget(1), here, there).written()).isZero();
    assertThat(standIn.publish(INSTANCE.withSeriesBudget(2), here, there).written()).isEqualTo(2);
  }

  @Test
  void theFleetIsPublishedWhenItsSeriesAreTooMany() {
    WriteResult result =
        standIn.publish(
            INSTANCE.withPolicy(DimensionPolicy.BOTH).withSeriesBudget(1),
            SampleMetrics.fleet(MetricType.CPU_UTILIZATION, 8, 1));

    assertThat(result.written()).isEqualTo(8);
    assertThat(result.rejected()).hasSize(1);
    assertThat(standIn.data()).hasSize(1);
  }

  private void assertTaken(Metric metric) {
    assertThat(standIn.publish(INSTANCE, metric)).isEqualTo(WriteResult.written(1));
  }

  /** Refused alone: a good one beside it is published. */
  private void assertRefused(Metric metric, String because) {
    WriteResult result = standIn.publish(INSTANCE, metric, SampleMetrics.EXAMPLE);
    assertThat(result.written()).isEqualTo(1);
    assertThat(result.rejected()).extracting(Failed::id).containsExactly(metric.id());
    assertThat(result.rejected().get(0).reason()).contains(because);
    assertThat(result.retryable()).isEmpty();
  }

  private static Metric at(Instant time, double value) {
    return SampleMetrics.metric(MetricType.DISK_USAGE, "i-1", time, value);
  }

  private static Metric series(Map<String, String> dimensions) {
    return SampleMetrics.metric(Series.of(MetricType.DISK_USAGE, "i-1", dimensions), NOW, 1);
  }

  private static Map<String, String> dimensions(int count) {
    Map<String, String> dimensions = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      dimensions.put("d" + i, "v" + i);
    }
    return dimensions;
  }
}
