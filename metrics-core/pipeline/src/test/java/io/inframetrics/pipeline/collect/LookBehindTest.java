package io.inframetrics.pipeline.collect;

import static io.inframetrics.pipeline.testing.PipelineUnderTest.NOW;
import static io.inframetrics.pipeline.testing.PipelineUnderTest.observation;
import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.collect.CollectMetrics.Request;
import io.inframetrics.pipeline.collect.CollectionResult.Failure;
import io.inframetrics.pipeline.collect.CollectionResult.Source;
import io.inframetrics.pipeline.testing.PipelineUnderTest;
import io.inframetrics.testkit.memory.Faults;
import io.inframetrics.testkit.memory.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Points that come late, twice, corrected, and out of order. */
class LookBehindTest {

  private static final MetricType CPU = MetricType.CPU_UTILIZATION;
  private static final Duration PERIOD = Duration.ofHours(3);
  private static final Duration BEHIND = Duration.ofMinutes(30);
  private static final List<Operation> BREAKABLE =
      List.of(
          Operation.DOCUMENT_OPEN,
          Operation.DOCUMENT_CREATE,
          Operation.DOCUMENT_COMMIT,
          Operation.RAW_CREATE,
          Operation.RAW_COMMIT,
          Operation.RAW_OPEN,
          Operation.RECORDS_WRITE,
          Operation.LEDGER_COLLECTED_UNTIL,
          Operation.LEDGER_ADVANCE);

  private final PipelineUnderTest pipeline = new PipelineUnderTest();
  private final LateSource source = new LateSource();

  @AfterEach
  void close() {
    pipeline.close();
  }

  /** A source whose points arrive some time after the second that they are of. */
  private static final class LateSource implements MetricCollector {

    private final List<Arrived> points = new ArrayList<>();
    private final List<Instant> asked = new ArrayList<>();
    private Instant now = NOW;
    private boolean fails;
    private @Nullable Random shuffled;

    private record Arrived(Series series, Instant time, double value, Instant arrival) {}

    void has(String instance, Instant time, double value, Instant arrival) {
      points.add(new Arrived(Series.of(CPU, instance), time, value, arrival));
    }

    @Override
    public MetricType type() {
      return CPU;
    }

    @Override
    public String name() {
      return "late";
    }

    @Override
    public Duration lookBehind() {
      return BEHIND;
    }

    @Override
    public void collect(CollectionRequest request, MetricConsumer consumer) {
      asked.add(request.since());
      Map<String, Arrived> newest = new TreeMap<>();
      for (Arrived point : points) {
        if (!point.arrival().isAfter(now) && request.includes(point.time())) {
          newest.put(point.series() + "#" + point.time(), point);
        }
      }
      List<Arrived> pushed = new ArrayList<>(newest.values());
      if (shuffled != null) { // In any order, and some twice.
        pushed.addAll(pushed.subList(0, pushed.size() / 3));
        Collections.shuffle(pushed, shuffled);
      }
      pushed.forEach(
          point -> consumer.accept(observation(point.series(), point.time(), point.value())));
      if (fails) {
        throw new RetryableFailureException("half of it is denied");
      }
    }
  }

  private CollectMetrics verb(@Nullable Duration lookBehind) {
    return new CollectMetrics(
        CollectorRegistry.of(List.of(source)),
        new CollectOneType(
                pipeline.stores.rawMetrics(),
                pipeline.stores.rawMetrics(),
                pipeline.stores.records(),
                pipeline.stores.publisher(),
                pipeline.stores.ledger(),
                pipeline.keys,
                new CollectionSchedule(PERIOD, Duration.ofDays(1), lookBehind),
                pipeline.threads)
            .lookingBehind(pipeline.stores::documents),
        pipeline.clock);
  }

  private CollectionResult run(int number) {
    return run(number, null);
  }

  private CollectionResult run(int number, @Nullable Duration lookBehind) {
    Instant observedAt = NOW.plus(PERIOD.multipliedBy(number));
    source.now = observedAt;
    if (pipeline.clock.instant().isBefore(observedAt)) {
      pipeline.clock.advance(Duration.between(pipeline.clock.instant(), observedAt));
    }
    return verb(lookBehind)
        .collect(new Request(null, "run-" + number, observedAt, null), pipeline.deadline());
  }

  private Map<String, Double> stored() {
    Map<String, Double> stored = new TreeMap<>();
    pipeline.stores.records().metrics().forEach(metric -> stored.put(id(metric), metric.value()));
    return stored;
  }

  private List<String> published() {
    return pipeline.stores.publisher().published().stream()
        .map(metric -> id(metric) + "=" + metric.value())
        .toList();
  }

  private static String id(Metric metric) {
    return metric.series().instanceId() + "@" + Duration.between(NOW, metric.timestamp());
  }

  @Test
  void findsLatePointsAndPublishesEachOnce() {
    source.has("a", NOW.minusSeconds(1_200), 1, NOW);
    source.has("a", NOW.minusSeconds(600), 2, NOW.plusSeconds(1_000));
    source.has("a", NOW.plusSeconds(600), 3, NOW.plusSeconds(700));
    run(0);
    CollectionResult second = run(1);

    assertThat(source.asked).containsExactly(NOW.minus(PERIOD).minus(BEHIND), NOW.minus(BEHIND));
    assertThat(second.metricCount()).isEqualTo(2);
    assertThat(published()).containsExactly("a@PT-20M=1.0", "a@PT-10M=2.0", "a@PT10M=3.0");
    assertThat(stored()).containsOnlyKeys("a@PT-20M", "a@PT-10M", "a@PT10M");
    assertThat(pipeline.stores.rawMetrics().text(second.objects().get(0).key()).lines())
        .hasSize(2)
        .noneMatch(line -> line.contains("\"value\":1.0"));
  }

  @Test
  void aCorrectedValueStandsWhicheverFileIsProcessedLast() {
    source.has("a", NOW.minusSeconds(600), 10, NOW);
    source.has("a", NOW.minusSeconds(600), 40, NOW.plusSeconds(60));
    CollectionResult first = run(0);
    assertThat(stored()).containsEntry("a@PT-10M", 10.0);
    CollectionResult second = run(1);
    run(2);

    pipeline.process(second.objects().get(0).key());
    pipeline.process(first.objects().get(0).key());

    assertThat(stored()).containsExactly(Map.entry("a@PT-10M", 40.0));
    assertThat(published()).containsExactly("a@PT-10M=10.0", "a@PT-10M=40.0");
  }

  @Test
  void aValueThatIsCorrectedBackStandsToo() {
    source.has("a", NOW.minusSeconds(600), 10, NOW);
    run(0);
    source.points.clear();
    source.has("a", NOW.minusSeconds(600), 40, NOW);
    run(1, Duration.ofHours(7));
    source.points.clear();
    source.has("a", NOW.minusSeconds(600), 10, NOW);
    run(2, Duration.ofHours(7));

    assertThat(stored()).containsExactly(Map.entry("a@PT-10M", 10.0));
  }

  @Test
  void aRunWithNothingNewWritesNoFileAndSaysSo() {
    source.has("a", NOW.minusSeconds(600), 1, NOW);
    run(0);

    CollectionResult second = run(1);
    CollectionResult again = run(1);

    for (CollectionResult each : List.of(second, again)) {
      assertThat(each.nothingNew()).isTrue();
      assertThat(each.status()).isEqualTo(CollectionResult.Status.PARTIAL);
      assertThat(each.failures())
          .containsExactly( // Three hours are more than the half hour that values come late.
              new Failure(
                  Source.TYPE,
                  "cpu_utilization",
                  "no new value since 2026-02-19T11:17:43Z, although one was due within 60 minutes: check what its source reads"));
      assertThat(each.objects()).isEmpty();
      assertThat(each.notes()).hasSize(1).first().asString().startsWith("nothing new of cpu_");
    }
    assertThat(pipeline.stores.rawMetrics().keys()).hasSize(1);
    assertThat(published()).hasSize(1);
  }

  @Test
  void partialRunsReadTheirWindowAgainButStoreAndPublishOnce() {
    source.fails = true;
    for (int i = -30; i < 100; i++) {
      source.has("a", NOW.plus(Duration.ofMinutes(10L * i)), i, NOW.minus(PERIOD));
    }
    for (int number = 0; number < 5; number++) {
      assertThat(run(number).status()).isEqualTo(CollectionResult.Status.PARTIAL);
    }
    source.fails = false;
    run(5);

    assertThat(published()).doesNotHaveDuplicates();
    assertThat(published()).hasSize(stored().size());
    assertThat(stored()).hasSizeGreaterThan(90);
  }

  @Test
  void theInstallationsLookBehindGoesBeforeTheSources() {
    run(0, Duration.ZERO);
    run(1, Duration.ofHours(1));
    run(10, Duration.ofHours(4)); // Never further than the maximum window.

    assertThat(source.asked)
        .containsExactly(
            NOW.minus(PERIOD),
            NOW.plus(PERIOD).minus(PERIOD).minus(Duration.ofHours(1)),
            NOW.plus(PERIOD.multipliedBy(10)).minus(Duration.ofDays(1)));
  }

  @Test
  void losesNothingAndDoublesNothingWhereverARunBreaks() {
    int broken = 0;
    for (Operation operation : BREAKABLE) {
      for (Faults.When when : Faults.When.values()) {
        LookBehindTest test = new LookBehindTest();
        broken += test.breaksAndHeals(operation, when);
        test.close();
      }
    }
    assertThat(broken).isGreaterThanOrEqualTo(16);
  }

  private int breaksAndHeals(Operation operation, Faults.When when) {
    source.has("a", NOW.minusSeconds(1_200), 1, NOW);
    source.has("a", NOW.minusSeconds(600), 2, NOW.plusSeconds(60));
    source.has("a", NOW.plusSeconds(600), 3, NOW.plusSeconds(700));
    source.has("a", NOW.plus(PERIOD).minusSeconds(60), 4, NOW.plus(PERIOD).plusSeconds(60));
    run(0);
    int broken = 0;
    for (int number = 1; number < 3; number++) {
      pipeline.stores.faults().failNext(1, operation, when);
      try {
        run(number);
      } catch (RetryableFailureException e) {
        broken = 1;
        run(number); // As Step Functions does.
      }
      pipeline.stores.faults().clear();
    }
    run(3);
    assertThat(published())
        .as("%s, %s", operation, when)
        .containsExactlyInAnyOrder("a@PT-20M=1.0", "a@PT-10M=2.0", "a@PT10M=3.0", "a@PT2H59M=4.0");
    assertThat(stored()).hasSize(4);
    return broken;
  }

  @Test
  void anyOrderAndAnyDelayGiveTheSameRecords() {
    Random random = new Random(7);
    Map<String, Double> expected = new HashMap<>();
    for (int minute = -180; minute < 1_000; minute += 5) {
      for (String instance : List.of("a", "b", "c")) {
        Instant time = NOW.plus(Duration.ofMinutes(minute));
        double value = random.nextInt(100);
        Instant arrival = time.plusSeconds(random.nextInt(1_700));
        source.has(instance, time, value, arrival);
        if (random.nextInt(4) == 0) {
          value = random.nextInt(100);
          arrival = time.plusSeconds(1_700 + random.nextInt(90));
          source.has(instance, time, value, arrival);
        }
        expected.put(instance + "@" + Duration.between(NOW, time), value);
      }
    }
    for (int number = 0; number < 7; number++) {
      run(number);
    }

    assertThat(stored()).isEqualTo(new TreeMap<>(expected));
    assertThat(published()).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void andSoDoRunsThatBreakAnywhereAnyNumberOfTimes(int seed) {
    Random random = new Random(seed);
    source.shuffled = random;
    Map<String, Double> expected = new TreeMap<>();
    Set<String> given = new TreeSet<>();
    for (int minute = -180; minute < 1_000; minute += 20) {
      for (String instance : List.of("a", "b", "c")) {
        Instant time = NOW.plus(Duration.ofMinutes(minute));
        int corrections = random.nextInt(4) == 0 ? 2 : 1;
        for (int i = 0; i < corrections; i++) {
          double value = random.nextInt(100);
          source.has(instance, time, value, time.plusSeconds(900L * i + random.nextInt(890)));
          String id = instance + "@" + Duration.between(NOW, time);
          expected.put(id, value);
          given.add(id + "=" + value);
        }
      }
    }
    run(0); // Without a mark, windows would start one period back.
    for (int number = 1; number < 7; number++) {
      while (!triedToRun(number, random)) { // As Step Functions does, if not as often.
        source.fails = random.nextInt(3) == 0;
      }
    }
    source.fails = false;
    run(7);

    assertThat(stored()).isEqualTo(expected);
    assertThat(published()).doesNotHaveDuplicates().isSubsetOf(given);
    assertThat(published().stream().map(each -> each.replaceAll("=.*", "")))
        .containsAll(expected.keySet());
  }

  private boolean triedToRun(int number, Random random) {
    Faults.When[] times = Faults.When.values();
    pipeline
        .stores
        .faults()
        .failNext(
            1,
            BREAKABLE.get(random.nextInt(BREAKABLE.size())),
            times[random.nextInt(times.length)]);
    try {
      run(number);
      return true;
    } catch (RetryableFailureException e) {
      return false;
    } finally {
      pipeline.stores.faults().clear();
    }
  }

  @Test
  void whatIsKeptSurvivesInAnyNumber() {
    CollectedPoints points = new CollectedPoints();
    Series[] series = Stream.of("a", "b", "c").map(id -> Series.of(CPU, id)).toArray(Series[]::new);
    for (int i = 0; i < 30_000; i++) {
      points.add(series[i % 3], NOW.plusSeconds(i), i);
    }
    assertThat(points.size()).isEqualTo(30_000);
    points.write(
        pipeline.stores.documents(),
        CPU,
        NOW.plusSeconds(9_999),
        NOW.plusSeconds(40_000),
        pipeline.deadline());
    CollectedPoints read =
        CollectedPoints.read(pipeline.stores.documents(), CPU, pipeline.deadline());
    assertThat(read.size()).isEqualTo(20_000);
    for (int i = 0; i < 30_000; i++) {
      assertThat(read.has(series[i % 3], NOW.plusSeconds(i), i)).isEqualTo(i > 9_999);
      assertThat(read.has(series[i % 3], NOW.plusSeconds(i), i + 1)).isFalse();
    }
  }
}
