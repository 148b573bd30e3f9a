package io.inframetrics.collect.synthetic;

import static io.inframetrics.metric.MetricType.CPU_UTILIZATION;
import static io.inframetrics.metric.MetricType.MEMORY_USAGE;
import static io.inframetrics.metric.MetricType.NETWORK_TRAFFIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.inframetrics.collect.synthetic.Incident.Kind;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class IncidentTest {

  private static final Instant START = Instant.parse("2026-02-19T11:00:00Z");
  private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);
  private static final Instant LAST = START.plus(HALF_AN_HOUR).minusSeconds(1);

  private final SyntheticFleet healthy = fleet(List.of());

  @Test
  void aSpikeIsAddedThroughout() {
    SyntheticFleet fleet = fleet(List.of(incident(Kind.SPIKE, 25)));
    for (Instant instant : List.of(START, START.plusSeconds(60), LAST)) {
      assertThat(cpu(fleet, 1, instant)).isEqualTo(cpu(healthy, 1, instant) + 25);
    }
  }

  @Test
  void aLeakGrowsEvenlyAndEnds() {
    SyntheticFleet fleet = fleet(List.of(incident(Kind.LEAK, 30)));
    assertThat(cpu(fleet, 1, START)).isEqualTo(cpu(healthy, 1, START));
    for (int minute : List.of(10, 15, 20)) {
      Instant instant = START.plus(Duration.ofMinutes(minute));
      assertThat(cpu(fleet, 1, instant)).isCloseTo(cpu(healthy, 1, instant) + minute, within(1e-9));
    }
  }

  @Test
  void saturationHoldsTheValueUp() {
    SyntheticFleet fleet = fleet(List.of(incident(Kind.SATURATION, 97)));
    assertThat(cpu(fleet, 1, START)).isEqualTo(97);
    assertThat(cpu(fleet, 1, LAST)).isEqualTo(97);
    assertThat(cpu(fleet(List.of(incident(Kind.SATURATION, 1))), 1, START))
        .isEqualTo(cpu(healthy, 1, START));
  }

  @Test
  void aGapHidesPointsAndLeavesValues() {
    SyntheticFleet fleet = fleet(List.of(incident(Kind.GAP, 0)));
    Series series = Series.of(CPU_UTILIZATION, "i-00001");
    assertThat(fleet.hasGap(series, START)).isTrue();
    assertThat(fleet.hasGap(series, LAST)).isTrue();
    assertThat(fleet.hasGap(series, START.minusSeconds(1))).isFalse();
    assertThat(fleet.hasGap(series, LAST.plusSeconds(1))).isFalse();
    assertThat(fleet.hasGap(Series.of(CPU_UTILIZATION, "i-00002"), START)).isFalse();
    assertThat(cpu(fleet, 1, START)).isEqualTo(cpu(healthy, 1, START));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void strikesItsIntervalInstanceAndTypeAlone(Kind kind) {
    SyntheticFleet fleet = fleet(List.of(incident(kind, kind == Kind.GAP ? 0 : 90)));
    for (Instant instant : List.of(START.minusSeconds(1), LAST.plusSeconds(1))) {
      assertThat(cpu(fleet, 1, instant)).isEqualTo(cpu(healthy, 1, instant));
    }
    assertThat(cpu(fleet, 2, START.plusSeconds(60)))
        .isEqualTo(cpu(healthy, 2, START.plusSeconds(60)));
    assertThat(fleet.value(MEMORY_USAGE, 1, START.plusSeconds(60)))
        .isEqualTo(healthy.value(MEMORY_USAGE, 1, START.plusSeconds(60)));
  }

  @Test
  void allStrikesEveryInstanceAndType() {
    Incident incident =
        new Incident(Kind.SATURATION, MetricType.ALL, MetricType.ALL, START, HALF_AN_HOUR, 99);
    SyntheticFleet fleet = fleet(List.of(incident));
    assertThat(cpu(fleet, 0, START)).isEqualTo(99);
    assertThat(fleet.value(MEMORY_USAGE, 2, START)).isEqualTo(99);
  }

  @Test
  void valuesStayWithinTheirBounds() {
    Incident up = new Incident(Kind.SPIKE, "all", "all", START, HALF_AN_HOUR, 1e6);
    Incident down = new Incident(Kind.SPIKE, "all", "all", START, HALF_AN_HOUR, -1e9);
    Series network = healthy.series(NETWORK_TRAFFIC, 0).get(0);
    assertThat(cpu(fleet(List.of(up)), 0, START)).isEqualTo(100);
    assertThat(fleet(List.of(up)).value(network, START)).isGreaterThan(1e6);
    assertThat(cpu(fleet(List.of(down)), 0, START)).isZero();
    assertThat(fleet(List.of(down)).value(network, START)).isZero();
  }

  @Test
  void overlappingIncidentsActInTheirOrder() {
    Incident spike = incident(Kind.SPIKE, 5);
    Incident saturation = incident(Kind.SATURATION, 90);
    assertThat(cpu(fleet(List.of(saturation, spike)), 1, START)).isEqualTo(95);
    assertThat(cpu(fleet(List.of(spike, saturation)), 1, START)).isEqualTo(90);
  }

  @Test
  void readsItsTextForm() {
    assertThat(
            Incident.parseAll(
                " spike i-00003  cpu_utilization 2026-02-19T11:00:00Z PT30M 40 ;"
                    + "gap all all 2026-02-20T00:00:00Z PT1H;"))
        .containsExactly(
            new Incident(Kind.SPIKE, "i-00003", "cpu_utilization", START, HALF_AN_HOUR, 40),
            new Incident(
                Kind.GAP,
                "all",
                "all",
                Instant.parse("2026-02-20T00:00:00Z"),
                Duration.ofHours(1),
                0));
    assertThat(Incident.parseAll(" ; ")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "boom all all 2026-02-19T11:00:00Z PT1H 1|'boom' is not a kind of incident: use one of",
        "spike all all 2026-02-19T11:00:00Z PT1H|the magnitude is missing",
        "spike all all 2026-02-19T11:00:00Z PT1H x|the magnitude is not a number",
        "spike all all 2026-02-19T11:00:00Z PT1H NaN|is not a finite number",
        "spike all all yesterday PT1H 1|start or duration is not ISO-8601",
        "spike all all 2026-02-19T11:00:00Z 1h 1|start or duration is not ISO-8601",
        "spike all all 2026-02-19T11:00:00Z PT0S 1|is not positive",
        "spike all queue_depth 2026-02-19T11:00:00Z PT1H 1|'queue_depth' is not a metric type",
        "gap all all 2026-02-19T11:00:00Z PT1H 7|a gap has no magnitude",
        "spike all|it has 2 words",
      })
  void saysWhatIsWrongWithAText(String text, String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Incident.parseAll(text))
        .withMessageContaining(reason);
  }

  @Test
  void refusesAnInstanceThatIsNotThere() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> fleet(List.of(new Incident(Kind.GAP, "i-00009", "all", START, HALF_AN_HOUR, 0))))
        .withMessage(
            "there is no instance 'i-00009' for an incident: use 'i-00000' to 'i-00002', or 'all'");
  }

  private static Incident incident(Kind kind, double magnitude) {
    return new Incident(kind, "i-00001", "cpu_utilization", START, HALF_AN_HOUR, magnitude);
  }

  private static SyntheticFleet fleet(List<Incident> incidents) {
    return SyntheticFleet.builder().seed(42).instances(3).incidents(incidents).build();
  }

  private static double cpu(SyntheticFleet fleet, int instance, Instant instant) {
    return fleet.value(CPU_UTILIZATION, instance, instant);
  }
}
