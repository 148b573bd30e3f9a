package io.inframetrics.sink.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.memory.InMemoryRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Points of frequent runs are packed, and what is read stays what was written. */
class PackingTest {

  private static final Instant MIDNIGHT = Instant.parse("2026-02-19T00:00:00Z");
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
  private static final Series SERIES = Series.of(MetricType.CPU_UTILIZATION, "i-0abc");

  private final LocalTable table = new LocalTable();
  private final ManualClock clock = ManualClock.at(MIDNIGHT);
  private final InMemoryRecords model = new InMemoryRecords();
  private DynamoDbStores stores = table.stores(clock);

  @AfterEach
  void close() {
    table.close();
  }

  @Test
  void readsADayOfFrequentRunsFromFewItems() {
    writeRuns(MIDNIGHT, 288, FIVE_MINUTES);
    table.forgetRequests();

    assertReads(240);

    assertThat(cells()).as("of six hours each").hasSize(4);
    List<QueryRequest> queries = table.requests(QueryRequest.class);
    assertThat(queries).as("the cells, and the items after them").hasSize(2);
    assertThat(queries.get(1).expressionAttributeValues().get(":low").s())
        .as("with a point at eleven")
        .isEqualTo("2026-02-19T22:55:00Z");
  }

  @Test
  void packsAsOftenAsIsWorthIt() {
    packsAsOftenAsIsWorthIt(15);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  @Tag("soak")
  void packsAsOftenAsIsWorthIt(int minutes) {
    Duration period = Duration.ofMinutes(minutes);
    int runs = (int) Duration.ofDays(1).dividedBy(period);
    writeRuns(MIDNIGHT, runs, period);
    assertThat(packed()).as("every %d minutes", minutes).isBetween(7L, runs / 11L);
    assertReads(240);
  }

  @Test
  void packsNothingOfRareRuns() {
    writeRuns(MIDNIGHT, 30, Duration.ofHours(3));

    assertThat(cells()).isEmpty();
    table.forgetRequests();
    assertReads(20);
    assertThat(table.calls()).isEqualTo(Map.of("Query", 1L));
  }

  @Test
  void showsWhatComesLateAndPacksItAgain() {
    writeRuns(MIDNIGHT, 100, FIVE_MINUTES);
    Instant early = MIDNIGHT.plus(Duration.ofMinutes(25));

    write(stores, run(early, FIVE_MINUTES, 77, "late"));
    assertReads(100);
    write(stores, run(early, Duration.ofHours(6), 78, "later and longer"));
    assertReads(100);

    table.forgetRequests();
    writeRuns(MIDNIGHT.plus(FIVE_MINUTES.multipliedBy(100)), 40, FIVE_MINUTES);
    assertReads(140);
    assertThat(
            table.requests(QueryRequest.class).get(table.requests(QueryRequest.class).size() - 1))
        .as("items of runs after the cells, which are valid again")
        .satisfies(
            query ->
                assertThat(query.expressionAttributeValues().get(":low").s())
                    .isGreaterThan("2026-02-19T10"));
  }

  @Test
  void looksForNothingBeforeTheFirstCellUntilSomethingComesLate() {
    writeRuns(MIDNIGHT, 40, FIVE_MINUTES);
    table.forgetRequests();
    assertReads(1_000);
    assertThat(table.requests(QueryRequest.class)).as("cells, and items after them").hasSize(2);

    write(stores, run(MIDNIGHT.minus(Duration.ofDays(3)), FIVE_MINUTES, 5, "late"));
    assertReads(1_000);
    Instant now = clock.instant();
    assertThat(stores.metricHistory().points(SERIES, Instant.EPOCH, now, 1_000, Deadlines.never()))
        .hasSize(41);
    writeRuns(MIDNIGHT.plus(FIVE_MINUTES.multipliedBy(40)), 100, FIVE_MINUTES);
    assertReads(1_000);
  }

  @Test
  void forgetsCellsWhenTheirPointsExpire() {
    writeRuns(MIDNIGHT, 100, FIVE_MINUTES);
    Instant end = MIDNIGHT.plus(FIVE_MINUTES.multipliedBy(100));

    clock.set(MIDNIGHT.plus(DynamoDbSettings.DEFAULTS.retention()).plus(Duration.ofHours(3)));
    List<Point> points =
        stores.metricHistory().points(SERIES, MIDNIGHT, end, 1_000, Deadlines.never());
    assertThat(points).hasSize(100 - 36);
    for (Map<String, AttributeValue> cell : cells()) {
      assertThat(Attributes.number(cell, Attributes.TTL))
          .isLessThanOrEqualTo(end.plus(DynamoDbSettings.DEFAULTS.retention()).getEpochSecond());
    }
  }

  @Test
  void losesAndDoublesNothingWhereverAWriterDies() {
    Instant start = MIDNIGHT;
    int runs = 0;
    for (boolean done : new boolean[] {false, true}) {
      for (int request = 0; request < 12; request++) {
        // Up to the run that packs.
        while (start.getEpochSecond() % 3_600 != 600) {
          write(stores, run(start, FIVE_MINUTES, runs++, "run-" + runs));
          start = start.plus(FIVE_MINUTES);
        }
        AtomicInteger left = new AtomicInteger(request);
        AtomicBoolean dead = new AtomicBoolean();
        die(left, dead, done);
        Batch packing = run(start, FIVE_MINUTES, runs++, "run-" + runs);
        try {
          stores.metricRecordSink().write(packing, Deadlines.never());
        } catch (RuntimeException e) {
          assertThat(dead).isTrue();
        }
        table.fail(any -> null);
        table.failAfter(any -> null);
        stores = table.stores(clock);
        if (request % 2 == 0) {
          Batch late = run(start.minus(Duration.ofHours(2)), Duration.ofHours(1), 99, "z" + runs);
          write(stores, late);
        }
        write(stores, packing.again());
        start = start.plus(FIVE_MINUTES);
        assertReads(400);
      }
    }
    assertThat(cells()).isNotEmpty();
  }

  private void die(AtomicInteger left, AtomicBoolean dead, boolean afterIt) {
    table.fail(
        any -> {
          if (dead.get() || !afterIt && left.getAndDecrement() <= 0) {
            dead.set(true);
            return LocalTable.serviceFailure(500, "dead");
          }
          return null;
        });
    table.failAfter(
        any -> {
          if (afterIt && left.getAndDecrement() <= 0) {
            dead.set(true);
            return LocalTable.serviceFailure(500, "dead");
          }
          return null;
        });
  }

  @Test
  void showsALateItemWhicheverRequestOfThePackingItComesBefore() {
    interleave(true);
  }

  @Test
  void showsALateItemWhicheverOfItsRequestsThePackingComesBefore() {
    interleave(false);
  }

  /** One writes in the middle of the other: before its first request, its second, and so on. */
  private void interleave(boolean lateInPacking) {
    Instant start = MIDNIGHT;
    int runs = 0;
    for (int request = 0; request < 10; request++) {
      while (start.getEpochSecond() % 3_600 != 600) {
        write(stores, run(start, FIVE_MINUTES, runs++, "run-" + runs));
        start = start.plus(FIVE_MINUTES);
      }
      Batch packing = run(start, FIVE_MINUTES, runs++, "run-" + runs);
      Batch late =
          run(
              start.minus(Duration.ofMinutes(request % 2 == 0 ? 40 : 400)),
              Duration.ofMinutes(request % 3 == 0 ? 5 : 395),
              1_000 + request,
              "z" + runs);
      DynamoDbStores other = table.stores(clock);
      AtomicInteger left = new AtomicInteger(request);
      AtomicBoolean within = new AtomicBoolean();
      table.fail(
          any -> {
            if (within.compareAndSet(false, left.getAndDecrement() == 0)) {
              if (within.get()) {
                write(other, lateInPacking ? late : packing);
              }
            }
            return null;
          });
      write(stores, lateInPacking ? packing : late);
      table.fail(any -> null);
      if (!within.get()) {
        write(other, lateInPacking ? late : packing);
      }
      assertReads(1_000);
      start = start.plus(FIVE_MINUTES);
      stores = table.stores(clock);
      assertReads(50);
    }
    assertThat(cells()).isNotEmpty();
  }

  @Test
  void answersWhatAStoreInMemoryAnswers() {
    answersWhatAStoreInMemoryAnswers(7, 120);
  }

  @Test
  @Tag("soak")
  void answersWhatAStoreInMemoryAnswersForLong() {
    long seed = Long.getLong("inframetrics.soak.seed", new Random().nextLong());
    System.out.println("packing: -Dinframetrics.soak.seed=" + seed);
    answersWhatAStoreInMemoryAnswers(seed, 1_400);
  }

  private void answersWhatAStoreInMemoryAnswers(long seed, int runs) {
    Random random = new Random(seed);
    Instant start = MIDNIGHT;
    for (int i = 0; i < runs; i++) {
      Duration period = FIVE_MINUTES;
      if (random.nextInt(20) == 0) {
        int ago = random.nextInt(60 * 24);
        Instant at = start.minus(Duration.ofMinutes(ago));
        write(stores, run(at, Duration.ofMinutes(1 + random.nextInt(600)), i, "late-" + i));
      }
      if (random.nextInt(40) == 0) {
        period = Duration.ofMinutes(5 + random.nextInt(200));
      }
      write(stores, run(start, period, i % 50 / 3.0, "run-" + i));
      start = start.plus(period);
      if (random.nextInt(60) == 0) {
        stores = table.stores(clock);
      }
      if (random.nextInt(5) == 0) {
        Instant from = start.minus(Duration.ofMinutes(random.nextInt(6_000)));
        Instant to = from.plus(Duration.ofMinutes(random.nextInt(6_000)));
        int limit = 1 + random.nextInt(random.nextBoolean() ? 20 : 1_000);
        assertThat(stores.metricHistory().points(SERIES, from, to, limit, Deadlines.never()))
            .as("run %d, from %s to %s, at most %d", i, from, to, limit)
            .isEqualTo(model.points(SERIES, from, to, limit, Deadlines.never()));
      }
    }
  }

  @Test
  void packsSeriesThatAreWrittenOneAfterTheOther() {
    for (String instance : List.of("i-1", "i-2", "i-3")) {
      Series series = Series.of(MetricType.CPU_UTILIZATION, instance);
      for (int i = 0; i < 60; i++) {
        Instant end = MIDNIGHT.plus(FIVE_MINUTES.multipliedBy(i + 1L));
        Metric metric = SampleMetrics.metric(series, end, i);
        write(stores, new Batch(end.minus(FIVE_MINUTES), List.of(metric), false));
      }
    }

    assertThat(cells()).as("of each series").hasSize(3);
    assertThat(table.requests(UpdateItemRequest.class).stream().filter(PackingTest::isMark))
        .isEmpty();
  }

  @Test
  void packsSomeOfManySeriesInEachRun() {
    List<Series> all =
        IntStream.range(0, 30)
            .mapToObj(i -> Series.of(MetricType.CPU_UTILIZATION, "i-%02d".formatted(i)))
            .toList();
    for (int i = 1; i <= 60; i++) {
      Instant end = MIDNIGHT.plus(FIVE_MINUTES.multipliedBy(i));
      clock.set(end);
      List<Metric> metrics = new ArrayList<>();
      for (Series one : all) {
        metrics.add(SampleMetrics.metric(one, end, i));
      }
      table.forgetRequests();
      write(stores, new Batch(end.minus(FIVE_MINUTES), metrics, false));
      assertThat(writesByPartition().values()).as("run %d", i).allMatch(writes -> writes <= 4);
      assertThat(table.calls()).doesNotContainKey("Scan");
      if (i > 40) {
        assertThat(packed()).as("run %d", i).isBetween(2L, 3L);
      }
    }
    for (Series one : all) {
      Instant now = clock.instant();
      assertThat(stores.metricHistory().points(one, MIDNIGHT, now, 100, Deadlines.never()))
          .isEqualTo(model.points(one, MIDNIGHT, now, 100, Deadlines.never()));
    }
  }

  private Map<String, Long> writesByPartition() {
    Stream<Map<String, AttributeValue>> items =
        table.requests(BatchWriteItemRequest.class).stream()
            .flatMap(request -> request.requestItems().get(table.name).stream())
            .map(write -> write.putRequest().item());
    Stream<Map<String, AttributeValue>> keys =
        table.requests(UpdateItemRequest.class).stream().map(UpdateItemRequest::key);
    return Stream.concat(items, keys)
        .collect(Collectors.groupingBy(item -> Key.of(item).partition(), Collectors.counting()));
  }

  /** Cells that were written since requests were forgotten. */
  private long packed() {
    return table.requests(BatchWriteItemRequest.class).stream()
        .flatMap(request -> request.requestItems().get(table.name).stream())
        .filter(write -> PackedCell.isCell(write.putRequest().item()))
        .count();
  }

  private static boolean isMark(SdkRequest request) {
    return request instanceof UpdateItemRequest update
        && update.updateExpression().contains("#changes");
  }

  private void writeRuns(Instant start, int count, Duration period) {
    for (int i = 0; i < count; i++) {
      write(stores, run(start.plus(period.multipliedBy(i)), period, i / 3.0, "run-" + i));
    }
  }

  /** A run that observes every five minutes, or once at its end; the clock is at its end. */
  private Batch run(Instant start, Duration period, double value, String id) {
    Instant end = start.plus(period);
    if (end.isAfter(clock.instant())) {
      clock.set(end);
    }
    CollectionRun run = new CollectionRun(id, end);
    List<Metric> metrics = new ArrayList<>();
    for (Instant at = end; at.isAfter(start); at = at.minus(FIVE_MINUTES)) {
      metrics.add(0, SampleMetrics.observedBy(run, SampleMetrics.metric(SERIES, at, value)));
    }
    return new Batch(start, metrics, false);
  }

  private void write(DynamoDbStores by, Batch batch) {
    WriteResult result = by.metricRecordSink().write(batch, Deadlines.never());
    assertThat(result.isComplete()).as("%s", result).isTrue();
    model.write(batch, Deadlines.never());
  }

  private void assertReads(int limit) {
    Instant now = clock.instant();
    assertThat(stores.metricHistory().points(SERIES, Instant.EPOCH, now, limit, Deadlines.never()))
        .isEqualTo(model.points(SERIES, Instant.EPOCH, now, limit, Deadlines.never()));
  }

  private List<Map<String, AttributeValue>> cells() {
    return table.items().stream().filter(PackedCell::isCell).toList();
  }
}
