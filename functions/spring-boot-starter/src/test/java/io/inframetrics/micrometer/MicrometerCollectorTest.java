package io.inframetrics.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.contract.MetricCollectorContract;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MicrometerCollectorTest {

  private static final MetricType TYPE = new MetricType("answers");

  private final MockClock clock = new MockClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
  private final List<String> notes = new ArrayList<>();

  @Test
  void aGaugeShowsItsValueOfNow() throws Exception {
    AtomicInteger depth = registry.gauge("queue", new AtomicInteger(3));
    MicrometerCollector collector = collector("queue", Statistic.VALUE, 100);

    depth.set(4);

    assertThat(collect(collector)).containsExactly("answers#shop 400.0");
  }

  @Test
  void aRateCoversTheTimeSinceTheLastRun() throws Exception {
    Counter counter = registry.counter("orders");
    counter.increment(1_000); // Before the collector was there.
    MicrometerCollector collector = collector("orders", Statistic.RATE, 1);

    counter.increment(30);
    clock.addSeconds(10);
    assertThat(collect(collector)).containsExactly("answers#shop 3.0");
    clock.addSeconds(5);
    assertThat(collect(collector)).containsExactly("answers#shop 0.0");
    assertThat(collect(collector)).as("no time has passed").isEmpty();
  }

  @Test
  void aMeterThatIsNewOrWasRemovedCountsFromZero() throws Exception {
    MicrometerCollector collector = collector("orders", Statistic.RATE, 1);
    Counter counter = registry.counter("orders");
    counter.increment(20);
    clock.addSeconds(10);
    assertThat(collect(collector)).containsExactly("answers#shop 2.0");

    registry.remove(counter);
    registry.counter("orders").increment(5);
    clock.addSeconds(10);
    assertThat(collect(collector)).containsExactly("answers#shop 0.5");
  }

  @Test
  void metersAreAddedUpByTheTagsAsked() throws Exception {
    MicrometerCollector collector =
        new MicrometerCollector(
            registry,
            TYPE,
            MetricUnit.SECONDS,
            new MeterSelection(
                "http", Statistic.MEAN, Map.of("kind", "web"), List.of("path", "none"), 1),
            "shop",
            "local");
    record("web", "/a", "200", 1);
    record("web", "/a", "500", 3);
    record("web", "/b", "200", 5);
    record("batch", "/a", "200", 99);
    record("web", "", "200", 7);

    assertThat(collect(collector))
        .containsExactlyInAnyOrder(
            "answers#shop#path=/a 2.0", "answers#shop#path=/b 5.0", "answers#shop 7.0");
    assertThat(collect(collector)).as("nothing was recorded since").isEmpty();
    record("web", "/a", "200", 4);
    assertThat(collect(collector)).containsExactly("answers#shop#path=/a 4.0");
  }

  private void record(String kind, String path, String status, long seconds) {
    Timer.builder("http")
        .tags("kind", kind, "path", path, "status", status)
        .register(registry)
        .record(Duration.ofSeconds(seconds));
  }

  @Test
  void everyKindOfMeterHasItsStatistics() throws Exception {
    DistributionSummary.builder("sizes").register(registry).record(8);
    FunctionCounter.builder("hits", this, test -> 12).register(registry);
    TimeGauge.builder("age", () -> 1_500, TimeUnit.MILLISECONDS).register(registry);
    LongTaskTimer.builder("tasks").register(registry).start();
    registry.more().timer("cache", List.of(), this, test -> 4, test -> 2, TimeUnit.SECONDS);

    assertThat(collect(collector("sizes", Statistic.MAX, 1))).containsExactly("answers#shop 8.0");
    assertThat(collect(collector("age", Statistic.VALUE, 1))).containsExactly("answers#shop 1.5");
    assertThat(collect(collector("tasks", Statistic.VALUE, 1))).containsExactly("answers#shop 1.0");
    MicrometerCollector hits = collector("hits", Statistic.RATE, 1);
    MicrometerCollector calls = collector("cache", Statistic.RATE, 1);
    clock.addSeconds(1);
    assertThat(collect(hits))
        .as("a function that stands still")
        .containsExactly("answers#shop 0.0");
    assertThat(collect(calls)).containsExactly("answers#shop 0.0");
    assertThat(collect(collector("hits", Statistic.VALUE, 1)))
        .as("a counter has no value of now")
        .isEmpty();
    assertThat(collect(collector("age", Statistic.MEAN, 1))).isEmpty();
  }

  @Test
  void aGaugeWhoseObjectIsGoneIsLeftOut() throws Exception {
    registry.gauge("queue", Double.NaN);

    assertThat(collect(collector("queue", Statistic.VALUE, 1))).isEmpty();
  }

  @Test
  void noSuchMeterIsANote() throws Exception {
    assertThat(collect(collector("nothing", Statistic.VALUE, 1))).isEmpty();

    assertThat(notes).containsExactly("no meter is named nothing: answers has nothing to observe");
  }

  @Test
  void aTagThatIsTooLongIsLeftOutWithANote() throws Exception {
    registry.counter("orders", "who", "x".repeat(300)).increment();
    registry.counter("orders", "who", "me").increment();
    MicrometerCollector collector =
        new MicrometerCollector(
            registry,
            TYPE,
            MetricUnit.COUNT,
            new MeterSelection("orders", Statistic.RATE, Map.of(), List.of("who"), 1),
            "shop",
            "local");
    clock.addSeconds(1);

    assertThat(collect(collector)).containsExactly("answers#shop#who=me 0.0");
    assertThat(notes).hasSize(1);
    assertThat(notes.get(0)).startsWith("1 series of meter orders were left out: ");
  }

  @Test
  void aSelectionThatIsWrongIsRejected() {
    assertThatThrownBy(() -> new MeterSelection(" ", Statistic.VALUE, Map.of(), List.of(), 1))
        .hasMessageStartingWith("the name of a meter is missing");
    assertThatThrownBy(() -> new MeterSelection("x", Statistic.VALUE, Map.of(), List.of(), 0))
        .hasMessageContaining("factor 0.0 of meter 'x'");
  }

  @Nested
  class Contract extends MetricCollectorContract {

    @Override
    protected MetricCollector collector() {
      registry.gauge("queue", new AtomicInteger(3));
      return MicrometerCollectorTest.this.collector("queue", Statistic.VALUE, 1);
    }

    @Override
    protected boolean isRepeatable() {
      return false;
    }
  }

  private MicrometerCollector collector(String meter, Statistic statistic, double factor) {
    return new MicrometerCollector(
        registry,
        TYPE,
        MetricUnit.COUNT,
        new MeterSelection(meter, statistic, Map.of(), List.of(), factor),
        "shop",
        "local");
  }

  private List<String> collect(MetricCollector collector) throws Exception {
    List<String> pushed = new ArrayList<>();
    collector.collect(
        new CollectionRequest(SampleMetrics.RUN, SampleMetrics.WINDOW_START, Deadlines.never()),
        new MetricConsumer() {
          @Override
          public void accept(Observation observation) {
            pushed.add(observation.series().id() + " " + observation.value());
          }

          @Override
          public void note(String sentence) {
            notes.add(sentence);
          }
        });
    return pushed;
  }
}
