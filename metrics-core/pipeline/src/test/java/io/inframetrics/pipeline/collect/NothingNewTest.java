package io.inframetrics.pipeline.collect;

import static io.inframetrics.pipeline.testing.PipelineUnderTest.NOW;
import static io.inframetrics.pipeline.testing.PipelineUnderTest.observation;
import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.collect.CollectMetrics.Request;
import io.inframetrics.pipeline.health.CheckPipelineHealth;
import io.inframetrics.pipeline.health.CheckPipelineHealth.Result;
import io.inframetrics.pipeline.health.CheckPipelineHealth.Status;
import io.inframetrics.pipeline.testing.PipelineUnderTest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs that have nothing new, because values come late, none matches, or none comes any more, and
 * what the health check says of each.
 */
class NothingNewTest {

  private static final MetricType CPU = MetricType.CPU_UTILIZATION;
  private static final MetricType MEMORY = MetricType.MEMORY_USAGE;
  private static final Duration DAY = Duration.ofDays(1);

  private final PipelineUnderTest pipeline = new PipelineUnderTest();
  private final Source cpu = new Source(CPU);
  private final Source memory = new Source(MEMORY);
  private Instant now = NOW.truncatedTo(ChronoUnit.HOURS);
  private int number;

  @AfterEach
  void close() {
    pipeline.close();
  }

  /** One series with a value each period, which comes 3 or 9 minutes after the period's end. */
  private final class Source implements MetricCollector {

    private final MetricType type;
    private Duration period = Duration.ofMinutes(5);
    private Instant last = Instant.MAX;
    private Instant first = Instant.EPOCH;
    private @Nullable String note;

    Source(MetricType type) {
      this.type = type;
    }

    @Override
    public MetricType type() {
      return type;
    }

    @Override
    public Duration lookBehind() {
      return Duration.ofMinutes(30).plus(period);
    }

    @Override
    public void collect(CollectionRequest request, MetricConsumer consumer) {
      if (note != null) {
        consumer.note(note);
      }
      long step = period.toSeconds();
      long start = Math.floorDiv(request.since().getEpochSecond(), step) * step;
      for (long at = start; at < now.getEpochSecond(); at += step) {
        Instant time = Instant.ofEpochSecond(at);
        Duration late = Duration.ofMinutes(at / step % 2 == 0 ? 3 : 9);
        boolean come = !time.plus(period).plus(late).isAfter(now);
        if (come && !time.isBefore(first) && !time.isAfter(last) && request.includes(time)) {
          consumer.accept(observation(Series.of(type, "a"), time, at % 97));
        }
      }
    }
  }

  private CollectionResult collect(MetricType type, Duration every, @Nullable Instant since) {
    return new CollectMetrics(
            CollectorRegistry.of(List.of(cpu, memory)),
            new CollectOneType(
                    pipeline.stores.rawMetrics(),
                    pipeline.stores.rawMetrics(),
                    pipeline.stores.records(),
                    pipeline.stores.publisher(),
                    pipeline.stores.ledger(),
                    pipeline.keys,
                    new CollectionSchedule(every, DAY, null),
                    pipeline.threads)
                .lookingBehind(pipeline.stores::documents),
            pipeline.clock)
        .collect(new Request(type.name(), "run-" + number, now, since), pipeline.deadline());
  }

  /** A run of two branches, whose files are processed. */
  private Result run(Duration every) {
    now = now.plus(every);
    number++;
    if (pipeline.clock.instant().isBefore(now)) {
      pipeline.clock.advance(Duration.between(pipeline.clock.instant(), now));
    }
    return health(Stream.of(CPU, MEMORY).map(type -> collect(type, every, null)).toList());
  }

  private Result health(List<CollectionResult> branches) {
    branches.forEach(branch -> branch.objects().forEach(object -> pipeline.process(object.key())));
    return new CheckPipelineHealth(pipeline.stores.ledger())
        .check(
            new CheckPipelineHealth.Request("run-" + number, 0, 1, branches), pipeline.deadline());
  }

  private void runFor(Duration time, Duration every) {
    for (Instant end = now.plus(time); now.isBefore(end); ) {
      assertThat(run(every).status()).as("%s", now).isEqualTo(Status.HEALTHY);
    }
  }

  /** Ends a source with a value that has come or will come soon; none after it has come. */
  private void stop(Source source) {
    source.last = Instant.ofEpochSecond((now.getEpochSecond() - 480) / 300 * 300);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 15, 180})
  void isHealthyWhileValuesAreLateAndDegradedOnceTheyAreMissing(int minutes) {
    Duration every = Duration.ofMinutes(minutes);
    now = now.plusSeconds(163);
    int quiet = 0;
    for (int i = 0; i < 12; i++) {
      Result result = run(every);
      assertThat(result.status()).as("%s", now).isEqualTo(Status.HEALTHY);
      quiet +=
          result.subject().equals("InfraMetrics HEALTHY: nothing new, run run-" + number) ? 1 : 0;
    }
    assertThat(quiet > 0).isEqualTo(minutes <= 5);
    stop(cpu);
    stop(memory);
    Instant due = cpu.last.plus(Duration.ofMinutes(70));
    Status status = Status.HEALTHY;
    while (now.isBefore(due.plus(every.multipliedBy(2)))) {
      Result result = run(every);
      boolean missing = now.isAfter(due) && result.subject().contains(": nothing new, run ");
      status = missing ? Status.DEGRADED : Status.HEALTHY;
      assertThat(result.status()).as("%s, last %s", now, cpu.last).isEqualTo(status);
      assertThat(result.summary().contains("cpu_utilization: no new value since " + cpu.last))
          .isEqualTo(missing);
    }
    assertThat(status).isEqualTo(Status.DEGRADED);
    assertThat(pipeline.stores.publisher().published()).doesNotHaveDuplicates();
  }

  @Test
  void aTypeThatStopsAloneIsNamedWhileTheOthersGoOn() {
    Duration every = Duration.ofMinutes(5);
    runFor(Duration.ofHours(1), every);
    stop(memory);
    Instant due = memory.last.plus(Duration.ofMinutes(70));
    runFor(Duration.between(now, due).minus(every), every);
    run(every);
    run(every);

    Result result = run(every);

    assertThat(result.status()).isEqualTo(Status.DEGRADED);
    assertThat(result.summary())
        .contains("memory_usage: no new value since " + memory.last)
        .doesNotContain("cpu_utilization: no new value");
    memory.last = Instant.MAX;
    assertThat(run(every).status()).isEqualTo(Status.HEALTHY);
  }

  @Test
  void aValueEachHourIsNotMissedByRunsEveryFiveMinutes() {
    cpu.period = Duration.ofHours(1);
    memory.period = Duration.ofHours(1);
    run(Duration.ofHours(3));

    runFor(Duration.ofHours(4), Duration.ofMinutes(5));
  }

  @Test
  void theFirstRunSaysThatNoValueHasComeYetAndWritesNoFile() {
    cpu.first = now;
    memory.first = now;

    Result first = run(Duration.ofMinutes(5));

    assertThat(first.status()).isEqualTo(Status.DEGRADED);
    assertThat(first.summary())
        .contains("cpu_utilization: no value has come yet: check what its source reads");
    assertThat(pipeline.stores.rawMetrics().keys()).isEmpty();
    run(Duration.ofMinutes(5));
    run(Duration.ofMinutes(5));
    assertThat(pipeline.stores.rawMetrics().keys()).hasSize(2);
    runFor(Duration.ofMinutes(30), Duration.ofMinutes(5));
  }

  @Test
  void noInstanceIsDegradedAndNotTakenForLateValues() {
    cpu.first = Instant.MAX;
    memory.first = Instant.MAX;
    cpu.note = "no instance matches: set tags";
    memory.note = cpu.note;

    Result none = run(Duration.ofMinutes(5));

    assertThat(none.status()).isEqualTo(Status.DEGRADED);
    assertThat(none.subject()).startsWith("InfraMetrics DEGRADED: nothing to collect, run ");
    assertThat(none.summary()).contains("note: " + cpu.note).doesNotContain("nothing new");
    cpu.first = Instant.EPOCH;
    cpu.note = null; // As where no instance has an agent: one note, and the rest goes on.
    runFor(Duration.ofHours(1), Duration.ofMinutes(5));
  }

  @Test
  void aNoteDoesNotHideValuesThatStopUntilADayLater() {
    cpu.note = "25 of 50 instances are watched";
    memory.note = cpu.note;
    runFor(Duration.ofHours(1), Duration.ofMinutes(5));
    stop(cpu);
    stop(memory);

    Result afterHours = run(Duration.ofHours(3));
    Result afterADay = run(DAY);

    assertThat(afterHours.status()).isEqualTo(Status.DEGRADED);
    assertThat(afterHours.summary()).contains("cpu_utilization: no new value since " + cpu.last);
    assertThat(afterADay.status()).isEqualTo(Status.DEGRADED);
    assertThat(afterADay.subject()).contains("nothing to collect");
  }

  @Test
  void aWindowThatIsAskedForMayEndWhereNothingCame() {
    runFor(Duration.ofHours(1), Duration.ofMinutes(5));
    stop(cpu);
    now = now.plus(Duration.ofHours(2));
    pipeline.clock.advance(Duration.ofHours(2));

    CollectionResult asked =
        collect(CPU, Duration.ofMinutes(5), now.minus(Duration.ofMinutes(140)));

    assertThat(asked.status()).isEqualTo(CollectionResult.Status.COLLECTED);
    assertThat(asked.nothingNew()).isTrue();
  }

  @Test
  void besideABranchThatFailedTheRunIsDegraded() {
    runFor(Duration.ofHours(1), Duration.ofMinutes(5));
    number++;
    CollectionResult known = collect(CPU, Duration.ofMinutes(5), now.minus(Duration.ofMinutes(30)));

    Result result = health(List.of(known, CollectionResult.failed("memory_usage", "Timeout")));

    assertThat(known.nothingNew()).isTrue();
    assertThat(result.status()).isEqualTo(Status.DEGRADED);
    assertThat(result.subject()).contains("1 failed: memory_usage");
  }
}
