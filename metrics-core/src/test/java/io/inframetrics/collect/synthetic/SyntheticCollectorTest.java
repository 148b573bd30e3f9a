package io.inframetrics.collect.synthetic;

import static io.inframetrics.collect.Requests.collect;
import static io.inframetrics.collect.Requests.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SyntheticCollectorTest {

  private final SyntheticFleet fleet = SyntheticFleet.builder().seed(42).instances(4).build();

  @Test
  void thereIsOneForEachBuiltInType() {
    assertThat(fleet.collectors())
        .extracting(MetricCollector::type)
        .containsExactlyElementsOf(MetricType.builtIn());
    assertThat(fleet.collectors()).extracting(MetricCollector::name).containsOnly("synthetic");
  }

  @Test
  void pushesTheAlignedPointsOfTheWindow() throws Exception {
    List<Observation> observations =
        collect(cpu(), window("2026-02-19T11:00:00Z", "2026-02-19T11:17:43Z"));
    assertThat(observations)
        .filteredOn(o -> o.series().instanceId().equals("i-00002"))
        .extracting(Observation::timestamp)
        .containsExactly(
            Instant.parse("2026-02-19T11:05:00Z"),
            Instant.parse("2026-02-19T11:10:00Z"),
            Instant.parse("2026-02-19T11:15:00Z"));
    assertThat(observations)
        .allSatisfy(
            o -> {
              assertThat(o.value()).isEqualTo(fleet.value(o.series(), o.timestamp()));
              assertThat(o.unit()).isEqualTo(MetricUnit.PERCENT);
              assertThat(o.region()).isEqualTo("eu-west-1");
            });
  }

  @Test
  void theEndOfTheWindowBelongsToItAndTheStartDoesNot() throws Exception {
    assertThat(collect(cpu(), window("2026-02-19T11:00:00Z", "2026-02-19T11:05:00Z")))
        .extracting(Observation::timestamp)
        .containsOnly(Instant.parse("2026-02-19T11:05:00Z"));
    assertThat(collect(cpu(), window("2026-02-19T10:59:59.999Z", "2026-02-19T11:04:59Z")))
        .extracting(Observation::timestamp)
        .containsOnly(Instant.parse("2026-02-19T11:00:00Z"));
  }

  @Test
  void aWindowBetweenTwoStepsGetsAPointAtItsEnd() throws Exception {
    assertThat(collect(cpu(), window("2026-02-19T11:00:00Z", "2026-02-19T11:00:05Z")))
        .hasSize(4)
        .extracting(Observation::timestamp)
        .containsOnly(Instant.parse("2026-02-19T11:00:05Z"));
  }

  @Test
  void seriesComeOneAfterAnotherOldestFirst() throws Exception {
    MetricCollector network = fleet.collectors().get(3);
    List<Observation> observations =
        collect(network, window("2026-02-19T11:00:00Z", "2026-02-19T12:00:00Z"));
    assertThat(observations).hasSize(5 * 12);
    List<Series> order = new ArrayList<>();
    for (int i = 0; i < observations.size(); i++) {
      Observation o = observations.get(i);
      assertThat(o.unit()).isEqualTo(MetricUnit.MEGABITS_PER_SECOND);
      if (i % 12 == 0) {
        order.add(o.series());
      } else {
        assertThat(o.series()).isEqualTo(observations.get(i - 1).series());
        assertThat(o.timestamp()).isAfter(observations.get(i - 1).timestamp());
      }
    }
    assertThat(order).doesNotHaveDuplicates().hasSize(5);
  }

  @Test
  void aGapLeavesPointsOut() throws Exception {
    SyntheticFleet broken =
        SyntheticFleet.builder()
            .instances(1)
            .incidents(Incident.parseAll("gap i-00000 all 2026-02-19T11:05:00Z PT10M"))
            .build();
    assertThat(
            collect(
                broken.collectors().get(0), window("2026-02-19T11:00:00Z", "2026-02-19T11:20:00Z")))
        .extracting(Observation::timestamp)
        .containsExactly(
            Instant.parse("2026-02-19T11:15:00Z"), Instant.parse("2026-02-19T11:20:00Z"));
  }

  @Test
  void tenThousandInstancesStream() throws Exception {
    SyntheticFleet large = SyntheticFleet.builder().instances(10_000).build();
    AtomicLong count = new AtomicLong();
    large
        .collectors()
        .get(0)
        .collect(
            window("2026-02-19T09:00:00Z", "2026-02-19T12:00:00Z"), o -> count.incrementAndGet());
    assertThat(count).hasValue(360_000);
  }

  @Test
  void stopsWhenInterrupted() {
    CollectionRequest request = window("2026-02-19T11:00:00Z", "2026-02-19T11:05:00Z");
    List<Observation> pushed = new ArrayList<>();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(
            () ->
                cpu()
                    .collect(
                        request,
                        o -> {
                          pushed.add(o);
                          Thread.currentThread().interrupt();
                        }));
    assertThat(pushed).hasSize(1);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void letsTheConsumersCancellationThrough() {
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(
            () ->
                cpu()
                    .collect(
                        window("2026-02-19T11:00:00Z", "2026-02-19T11:05:00Z"),
                        o -> {
                          throw new CancellationException("over");
                        }));
  }

  @Test
  void theFactoryReadsItsSettings() throws Exception {
    List<MetricCollector> collectors =
        create(
            Map.of(
                "seed", "-7",
                "instances", "2",
                "region", "us-east-1",
                "step", "PT1M",
                "incidents", "saturation i-00001 cpu_utilization 2026-02-19T11:00:00Z PT1H 99"));
    List<Observation> observations =
        collect(collectors.get(0), window("2026-02-19T11:00:00Z", "2026-02-19T11:02:00Z"));
    assertThat(observations).hasSize(4);
    assertThat(observations.get(3).value()).isEqualTo(99);
    assertThat(observations.get(0).region()).isEqualTo("us-east-1");
    SyntheticFleet same = SyntheticFleet.builder().seed(-7).instances(2).build();
    assertThat(observations.get(0).value())
        .isEqualTo(same.value(MetricType.CPU_UTILIZATION, 0, observations.get(0).timestamp()));
  }

  @Test
  void theFactoryReportsEveryMistakeAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                create(
                    Map.of(
                        "seed", "lucky",
                        "instances", "0",
                        "step", "PT0.5S",
                        "incidents", "boom all all 2026-02-19T11:00:00Z PT1H 1",
                        "sed", "1")))
        .withMessageContainingAll(
            "INFRAMETRICS_COLLECTOR_SYNTHETIC_SEED is 'lucky': use a whole number",
            "INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCES is '0': use a whole number from 1 to 1000000",
            "the step PT0.5S is not valid",
            "'boom' is not a kind of incident",
            "source 'synthetic' has no setting INFRAMETRICS_COLLECTOR_SYNTHETIC_SED");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> create(Map.of("incidents", "spike i-77 all 2026-02-19T11:00:00Z PT1H 1")))
        .withMessageContaining("there is no instance 'i-77' for an incident");
  }

  private MetricCollector cpu() {
    return fleet.collectors().get(0);
  }

  private static List<MetricCollector> create(Map<String, String> values) {
    return new SyntheticCollectorFactory()
        .create(new CollectorSettings("synthetic", values, Clock.systemUTC()));
  }
}
