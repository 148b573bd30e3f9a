package io.inframetrics.collect.synthetic;

import static io.inframetrics.metric.MetricType.CPU_UTILIZATION;
import static io.inframetrics.metric.MetricType.DISK_USAGE;
import static io.inframetrics.metric.MetricType.MEMORY_USAGE;
import static io.inframetrics.metric.MetricType.NETWORK_TRAFFIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SyntheticFleetTest {

  /** A Monday. */
  private static final Instant MONDAY = Instant.parse("2026-02-16T00:00:00Z");

  private static final Instant THURSDAY_NOON = Instant.parse("2026-02-19T12:00:00Z");

  private final SyntheticFleet fleet = SyntheticFleet.builder().seed(42).instances(8).build();

  @Test
  void pinsExactValues() {
    Map<String, Double> values = new HashMap<>();
    for (Series series : allSeries(fleet, 3)) {
      values.put(series.id(), fleet.value(series, THURSDAY_NOON));
    }
    assertThat(values)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "cpu_utilization#i-00003", 52.53527637551796,
                "memory_usage#i-00003", 57.056033623349116,
                "disk_usage#i-00003#device=/", 42.55626130178481,
                "disk_usage#i-00003#device=/data", 34.96926127052479,
                "network_traffic#i-00003#interface=eth0", 308.2454004510897,
                "network_traffic#i-00003#interface=eth1", 78.08613282627016));
  }

  @Test
  void doesNotDependOnWhatWasAskedBefore() {
    record Question(Series series, Instant instant) {}
    List<Question> questions = new ArrayList<>();
    for (int instance = 0; instance < fleet.instances(); instance++) {
      for (Series series : allSeries(fleet, instance)) {
        for (int hour = 0; hour < 48; hour++) {
          questions.add(new Question(series, MONDAY.plus(Duration.ofHours(hour))));
        }
      }
    }
    Map<Question, Double> inOrder = new HashMap<>();
    questions.forEach(q -> inOrder.put(q, fleet.value(q.series(), q.instant())));

    Collections.shuffle(questions, new Random(1));
    SyntheticFleet again = SyntheticFleet.builder().seed(42).instances(8).build();
    Map<Question, Double> shuffled = new HashMap<>();
    questions.parallelStream()
        .map(q -> Map.entry(q, again.value(q.series(), q.instant())))
        .toList()
        .forEach(entry -> shuffled.put(entry.getKey(), entry.getValue()));

    assertThat(shuffled).isEqualTo(inOrder);
  }

  @Test
  void doesNotDependOnTheSizeOfTheFleet() {
    SyntheticFleet large = SyntheticFleet.builder().seed(42).instances(10_000).build();
    assertThat(large.value(CPU_UTILIZATION, 5, THURSDAY_NOON))
        .isEqualTo(fleet.value(CPU_UTILIZATION, 5, THURSDAY_NOON));
  }

  @Test
  void anotherSeedIsAnotherFleet() {
    SyntheticFleet other = SyntheticFleet.builder().seed(43).instances(8).build();
    assertThat(other.value(CPU_UTILIZATION, 0, THURSDAY_NOON))
        .isNotEqualTo(fleet.value(CPU_UTILIZATION, 0, THURSDAY_NOON));
  }

  @Test
  void isBusierByDayThanByNight() {
    for (int instance = 0; instance < fleet.instances(); instance++) {
      Series cpu = Series.of(CPU_UTILIZATION, fleet.instanceId(instance));
      double peak = mean(cpu, MONDAY.plus(Duration.ofHours(13)), Duration.ofHours(2));
      double night = mean(cpu, MONDAY.plus(Duration.ofHours(1)), Duration.ofHours(2));
      assertThat(peak).isFinite().isGreaterThan(night + 20);
    }
  }

  @Test
  void restsAtWeekends() {
    Series cpu = Series.of(CPU_UTILIZATION, fleet.instanceId(0));
    Duration day = Duration.ofDays(1);
    double tuesday = mean(cpu, MONDAY.plus(day), day);
    for (int weekendDay : List.of(5, 6)) {
      assertThat(mean(cpu, MONDAY.plus(day.multipliedBy(weekendDay)), day)).isLessThan(tuesday - 5);
    }
    assertThat(mean(cpu, MONDAY.plus(day.multipliedBy(7)), day)).isCloseTo(tuesday, within(2.0));
  }

  @Test
  void processorMemoryAndNetworkMoveTogether() {
    for (int instance = 0; instance < fleet.instances(); instance++) {
      double[] cpu = week(fleet.series(CPU_UTILIZATION, instance).get(0));
      assertThat(correlation(cpu, week(fleet.series(NETWORK_TRAFFIC, instance).get(0))))
          .isFinite()
          .isGreaterThan(0.9);
      assertThat(correlation(cpu, week(fleet.series(MEMORY_USAGE, instance).get(0))))
          .isFinite()
          .isGreaterThan(0.9);
      assertThat(correlation(cpu, week(fleet.series(DISK_USAGE, instance).get(0)))).isLessThan(0.5);
    }
  }

  @Test
  void instancesShareALoadAndKeepOneOfTheirOwn() {
    double[] one = week(fleet.series(CPU_UTILIZATION, 0).get(0));
    double[] other = week(fleet.series(CPU_UTILIZATION, 1).get(0));
    assertThat(correlation(one, other)).isBetween(0.8, 0.995);
  }

  @Test
  void noiseIsThereAndSmall() {
    double[] cpu = week(fleet.series(CPU_UTILIZATION, 0).get(0));
    double[] steps = IntStream.range(1, cpu.length).mapToDouble(i -> cpu[i] - cpu[i - 1]).toArray();
    // Two independent noises of deviation 1.2, and a little of the season and the wandering.
    assertThat(deviation(steps)).isBetween(1.5, 2.5);
  }

  @Test
  void disksFillSlowlyAndAreEmptiedAtLast() {
    Series disk = fleet.series(DISK_USAGE, 1).get(1);
    double[] days =
        IntStream.range(0, 240)
            .mapToDouble(day -> fleet.value(disk, MONDAY.plus(Duration.ofDays(day))))
            .toArray();
    double[] steps =
        IntStream.range(1, days.length).mapToDouble(i -> days[i] - days[i - 1]).toArray();
    assertThat(DoubleStream.of(steps).max().orElseThrow()).isLessThan(1.1);
    assertThat(DoubleStream.of(steps).filter(step -> step > 0).count()).isGreaterThan(200);
    assertThat(DoubleStream.of(steps).filter(step -> step < -15).count()).isBetween(1L, 6L);
  }

  @Test
  void aHealthyFleetStaysBelowTheThresholds() {
    SyntheticFleet many = SyntheticFleet.builder().seed(7).instances(200).build();
    for (int instance = 0; instance < many.instances(); instance++) {
      for (Series series : allSeries(many, instance)) {
        for (int hour = 0; hour < 7 * 24; hour++) {
          double value = many.value(series, MONDAY.plus(Duration.ofHours(hour)));
          assertThat(value).isFinite().isNotNegative();
          if (!series.type().equals(NETWORK_TRAFFIC)) {
            assertThat(value).isLessThan(85);
          }
        }
      }
    }
  }

  @Test
  void hasValuesBefore1970Too() {
    assertThat(fleet.value(CPU_UTILIZATION, 0, Instant.parse("1969-07-20T20:17:40Z")))
        .isBetween(0.0, 100.0);
  }

  @Test
  void everyInstanceHasItsDisksAndInterfaces() {
    assertThat(fleet.series(DISK_USAGE, 0))
        .extracting(Series::id)
        .containsExactly("disk_usage#i-00000#device=/");
    assertThat(fleet.series(DISK_USAGE, 1)).hasSize(2);
    assertThat(fleet.series(NETWORK_TRAFFIC, 2)).hasSize(1);
    assertThat(fleet.series(NETWORK_TRAFFIC, 3)).hasSize(2);
  }

  @Test
  void refusesWhatItDoesNotHave() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fleet.value(Series.of(CPU_UTILIZATION, "i-00008"), MONDAY))
        .withMessage(
            "the fleet has no series 'cpu_utilization#i-00008': series() returns those it has");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fleet.value(Series.of(CPU_UTILIZATION, "i-3"), MONDAY));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fleet.value(Series.of(CPU_UTILIZATION, "i-x"), MONDAY));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fleet.value(Series.of(DISK_USAGE, "i-00003"), MONDAY));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fleet.series(new MetricType("queue_depth"), 0))
        .withMessageContaining("does not have the metric type 'queue_depth'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fleet.instanceId(8))
        .withMessage("there is no instance 8: use 0 to 7");
  }

  @Test
  void refusesAnInvalidFleet() {
    SyntheticFleet.Builder builder = SyntheticFleet.builder();
    assertThatIllegalArgumentException().isThrownBy(() -> builder.instances(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.instances(SyntheticFleet.MAX_INSTANCES + 1));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.region(" "));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.step(Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.step(Duration.ofMillis(1_500)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.step(SyntheticFleet.MAX_STEP.plusSeconds(1)))
        .withMessage("the step PT24H1S is not valid: use whole seconds, PT1S to P1D");
  }

  private double mean(Series series, Instant from, Duration time) {
    return LongStream.range(0, time.toMinutes())
        .mapToDouble(minute -> fleet.value(series, from.plus(Duration.ofMinutes(minute))))
        .average()
        .orElseThrow();
  }

  /** A week of five-minute points. */
  private double[] week(Series series) {
    return IntStream.range(0, 7 * 288)
        .mapToDouble(i -> fleet.value(series, MONDAY.plus(Duration.ofMinutes(5L * i))))
        .toArray();
  }

  private static List<Series> allSeries(SyntheticFleet fleet, int instance) {
    Stream<MetricType> types = MetricType.builtIn().stream();
    return types.flatMap(type -> fleet.series(type, instance).stream()).toList();
  }

  private static double deviation(double[] values) {
    double mean = DoubleStream.of(values).average().orElseThrow();
    return Math.sqrt(
        DoubleStream.of(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }

  private static double correlation(double[] a, double[] b) {
    ToDoubleFunction<double[]> mean = values -> DoubleStream.of(values).average().orElseThrow();
    double meanA = mean.applyAsDouble(a);
    double meanB = mean.applyAsDouble(b);
    double covariance =
        IntStream.range(0, a.length)
            .mapToDouble(i -> (a[i] - meanA) * (b[i] - meanB))
            .average()
            .orElseThrow();
    return covariance / (deviation(a) * deviation(b));
  }
}
