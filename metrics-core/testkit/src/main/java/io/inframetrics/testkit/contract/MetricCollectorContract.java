package io.inframetrics.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every {@link MetricCollector} must do, as its Javadoc says. Give the collector a source that
 * has data in the window of {@link #request}.
 */
@DisplayName("Metric collector")
public abstract class MetricCollectorContract {

  /** A collector that is ready to use; a new one for each test or the same for all. */
  protected abstract MetricCollector collector() throws Exception;

  /**
   * The request that the collector gets; by default the three hours up to {@link
   * SampleMetrics#RUN}'s instant. Override it for a collector that observes the current moment.
   */
  protected CollectionRequest request() {
    return new CollectionRequest(SampleMetrics.RUN, SampleMetrics.WINDOW_START, Deadlines.never());
  }

  /**
   * Whether the same request gives the same answer, as from a source with a memory. Default: true;
   * override it for a collector that reads gauges.
   */
  protected boolean isRepeatable() {
    return true;
  }

  /** How long a collector may take to end once told to stop; ten seconds by default. */
  protected Duration timeToStop() {
    return Duration.ofSeconds(10);
  }

  @Test
  void hasAConstantTypeAndAName() throws Exception {
    MetricCollector collector = collector();

    assertThat(collector.type()).isEqualTo(collector.type());
    assertThat(collector.name()).isNotBlank().isEqualTo(collector.name());
  }

  @Test
  void pushesOnlyObservationsOfItsTypeWithinTheWindow() throws Exception {
    MetricCollector collector = collector();
    CollectionRequest request = request();

    List<Observation> observations = collect(collector, request);

    assertThat(observations).as("the collector returns observations").isNotEmpty();
    assertThat(observations)
        .allSatisfy(
            observation -> {
              assertThat(observation.series().type()).isEqualTo(collector.type());
              assertThat(request.includes(observation.timestamp()))
                  .as("%s is in (%s, %s]", observation, request.since(), request.until())
                  .isTrue();
              assertThat(observation.value()).as("value of " + observation).isFinite();
              assertThat(observation.region()).as("region of " + observation).isNotBlank();
            });
  }

  @Test
  void pushesEachObservationOnce() throws Exception {
    List<Observation> observations = collect(collector(), request());

    assertThat(observations)
        .extracting(o -> o.series().id() + "#" + o.timestamp().getEpochSecond())
        .doesNotHaveDuplicates();
  }

  @Test
  void pushesTheObservationsOfASeriesOldestFirst() throws Exception {
    Map<String, Observation> last = new LinkedHashMap<>();

    for (Observation observation : collect(collector(), request())) {
      Observation before = last.put(observation.series().id(), observation);
      if (before != null) {
        assertThat(observation.timestamp()).isAfter(before.timestamp());
      }
    }
  }

  @Test
  void keepsUnitAndRegionOfASeries() throws Exception {
    Map<String, Observation> first = new LinkedHashMap<>();

    for (Observation observation : collect(collector(), request())) {
      Observation before = first.putIfAbsent(observation.series().id(), observation);
      if (before != null) {
        assertThat(observation.unit()).isEqualTo(before.unit());
        assertThat(observation.region()).isEqualTo(before.region());
      }
    }
  }

  @Test
  void answersTheSameWhenARunIsRetried() throws Exception {
    Assumptions.assumeTrue(isRepeatable(), "this collector observes the present");
    List<Observation> first = collect(collector(), request());

    List<Observation> second = collect(collector(), request());

    assertThat(second).containsExactlyInAnyOrderElementsOf(first);
  }

  @Test
  void agreesWithItselfWhereWindowsOverlap() throws Exception {
    Assumptions.assumeTrue(isRepeatable(), "this collector observes the present");
    CollectionRequest whole = request();
    Duration half = Duration.between(whole.since(), whole.until()).dividedBy(2);
    CollectionRequest part =
        new CollectionRequest(whole.run(), whole.until().minus(half), whole.deadline());

    List<Observation> expected =
        collect(collector(), whole).stream()
            .filter(observation -> part.includes(observation.timestamp()))
            .toList();

    assertThat(collect(collector(), part)).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void servesSeveralRunsAtOnce() throws Exception {
    MetricCollector collector = collector();
    List<CollectionRequest> requests = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      CollectionRequest request = request();
      CollectionRun run = new CollectionRun("parallel-" + i, request.until());
      requests.add(new CollectionRequest(run, request.since(), request.deadline()));
    }

    List<List<Observation>> answers =
        Together.run(
            requests,
            request -> {
              try {
                return collect(collector, request);
              } catch (Exception e) {
                throw new AssertionError("a run failed beside others: " + e, e);
              }
            });

    assertThat(answers).allSatisfy(answer -> assertThat(answer).isNotEmpty());
    if (isRepeatable()) {
      assertThat(answers)
          .allSatisfy(
              answer -> assertThat(answer).containsExactlyInAnyOrderElementsOf(answers.get(0)));
    }
  }

  @Test
  void letsTheConsumersCancellationThrough() throws Exception {
    MetricCollector collector = collector();
    CollectionRequest request = request();
    AtomicBoolean cancelled = new AtomicBoolean();

    try {
      collector.collect(
          request,
          observation -> {
            if (cancelled.getAndSet(true)) {
              fail("pushed another observation after the cancellation");
            }
            throw new CancellationException("the deadline has passed");
          });
    } catch (CancellationException expected) {
      assertThat(cancelled).isTrue();
      return;
    }
    assertThat(cancelled).as("returned as if nothing had been cancelled").isFalse();
  }

  @Test
  void endsSoonWhenInterrupted() throws Exception {
    MetricCollector collector = collector();
    CollectionRequest request = request();

    assertEndsSoon(collector, request, true);
  }

  @Test
  void endsSoonWhenTheDeadlineHasPassed() throws Exception {
    MetricCollector collector = collector();
    CollectionRequest request = request();
    Deadline passed = Deadlines.passed();

    assertEndsSoon(collector, new CollectionRequest(request.run(), request.since(), passed), false);
  }

  /** The collector may return or throw, as long as it ends. */
  private void assertEndsSoon(
      MetricCollector collector, CollectionRequest request, boolean interrupted)
      throws InterruptedException {
    Thread thread =
        new Thread(
            () -> {
              if (interrupted) {
                Thread.currentThread().interrupt();
              }
              try {
                collector.collect(request, observation -> {});
              } catch (Exception e) {
                // Allowed: all that counts is that it ended.
                Thread.currentThread().interrupt();
              }
            },
            "collector-told-to-stop");
    thread.setDaemon(true);
    thread.start();
    thread.join(timeToStop().toMillis());
    assertThat(thread.isAlive())
        .as("still collecting %s after it was cancelled", timeToStop())
        .isFalse();
  }

  private static List<Observation> collect(MetricCollector collector, CollectionRequest request)
      throws Exception {
    StrictConsumer consumer = new StrictConsumer();
    collector.collect(request, consumer);
    consumer.closed.set(true);
    return consumer.observations;
  }

  /** Rejects calls from other threads, and calls after the collector has returned. */
  private static final class StrictConsumer implements MetricConsumer {

    private final List<Observation> observations = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread owner = Thread.currentThread();

    @Override
    public void accept(Observation observation) {
      if (Thread.currentThread() != owner) {
        throw new AssertionError(
            "the consumer was called by thread '%s', not by its own '%s'"
                .formatted(Thread.currentThread().getName(), owner.getName()));
      }
      if (closed.get()) {
        throw new AssertionError("the consumer was called after the collector had returned");
      }
      observations.add(observation);
    }
  }
}
