package io.inframetrics.sink.dynamodb;

import static io.inframetrics.testkit.SampleMetrics.WINDOW_START;
import static io.inframetrics.testkit.SampleMetrics.metric;
import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class SeriesIndexTest {

  private static final Instant NOW = SampleMetrics.RUN.observedAt();
  private static final MetricType CPU = MetricType.CPU_UTILIZATION;

  private final LocalTable table = new LocalTable();
  private final ManualClock clock = ManualClock.at(NOW);
  private final DynamoDbStores stores = table.stores(clock);

  @AfterEach
  void close() {
    table.close();
  }

  @Test
  void listsTenThousandSeriesInOneCall() {
    List<Metric> fleet = SampleMetrics.fleet(CPU, 10_000, 1);
    for (int from = 0; from < fleet.size(); from += 5_000) {
      write(stores, fleet.subList(from, from + 5_000));
    }
    table.forgetRequests();

    assertThat(stores.metricHistory().series(CPU, NOW, Deadlines.never()))
        .extracting(KnownSeries::series)
        .containsExactlyElementsOf(fleet.stream().map(Metric::series).toList());
    assertThat(table.calls()).containsOnlyKeys("BatchGetItem").containsEntry("BatchGetItem", 1L);
  }

  @Test
  void spreadsSeriesEvenlyAndAlwaysTheSame() {
    int[] counts = new int[SeriesIndex.SHARDS];
    IntStream.range(0, 16_000)
        .forEach(i -> counts[SeriesIndex.shardOf("cpu_utilization#i-%05d".formatted(i))]++);

    assertThat(IntStream.of(counts)).allMatch(count -> count > 850 && count < 1_150);
    assertThat(SeriesIndex.shardOf("cpu_utilization#i-0abc")).isEqualTo(11);
  }

  @Test
  void saysWhichSeriesFindNoRoomAndStoresTheirRecords() {
    Series full = Series.of(CPU, "i-full");
    fill(SeriesIndex.shardOf(full.id()));
    Series other =
        IntStream.range(0, 100)
            .mapToObj(i -> Series.of(CPU, "i-other-" + i))
            .filter(s -> SeriesIndex.shardOf(s.id()) != SeriesIndex.shardOf(full.id()))
            .findFirst()
            .orElseThrow();

    WriteResult result = write(stores, List.of(metric(full, NOW, 1), metric(other, NOW, 2)));

    assertThat(result.written()).isEqualTo(1);
    assertThat(result.retryable()).isEmpty();
    assertThat(result.rejected()).extracting(Failed::id).containsExactly(metric(full, NOW, 1).id());
    assertThat(result.rejected().get(0).reason())
        .contains("too many series in the week of 2026-02-16")
        .contains("records are stored");
    assertThat(stores.metricHistory().points(full, NOW, NOW, 1, Deadlines.never())).hasSize(1);
  }

  @Test
  void newSeriesOfABatchAreListedTogetherAndMoreThanAFewHundredSpread() {
    write(stores, SampleMetrics.fleet(CPU, 400, 1));
    assertThat(table.calls()).containsEntry("UpdateItem", 1L);

    table.forgetRequests();
    write(stores, SampleMetrics.fleet(CPU, 1_000, 1));
    assertThat(table.calls()).containsEntry("UpdateItem", 16L);
    assertThat(stores.metricHistory().series(CPU, NOW, Deadlines.never())).hasSize(1_000);
    assertThat(
            table.items().stream()
                .filter(item -> item.get("series_id").s().startsWith("@series#"))
                .mapToInt(item -> item.get("series").ss().size())
                .sum())
        .isEqualTo(1_000);
  }

  @Test
  void holdsAboutAHundredThousandSeriesOfFiftyBytes() {
    int entry = "cpu_utilization#i-0123456789abcdef0\tPercent\teu-west-1".length();

    assertThat(SeriesIndex.SHARDS * RecordItem.MAX_BYTES / entry).isBetween(110_000, 130_000);
  }

  @Test
  void listsASeriesWithTheUnitOfItsLatestWeek() {
    Series series = Series.of(CPU, "i-1");
    Instant weekAgo = NOW.minus(Duration.ofDays(7));
    write(
        stores,
        List.of(
            new Metric(series, weekAgo, 1, MetricUnit.NONE, "eu-west-2", SampleMetrics.RUN),
            metric(series, NOW, 1)));

    assertThat(stores.metricHistory().series(CPU, weekAgo, Deadlines.never()))
        .containsExactly(new KnownSeries(series, MetricUnit.PERCENT, "eu-west-1"));
  }

  @Test
  void expiresTheListWhenTheLastObservationOfItsWeekHas() {
    write(stores, SampleMetrics.fleet(CPU, 1, 1));

    Instant monday = Instant.parse("2026-02-23T00:00:00Z");
    long ttl =
        table.items().stream()
            .filter(item -> item.get("series_id").s().startsWith("@series#"))
            .mapToLong(item -> Long.parseLong(item.get("ttl").n()))
            .findFirst()
            .orElseThrow();
    assertThat(Instant.ofEpochSecond(ttl)).isEqualTo(monday.plus(Duration.ofDays(30)));
  }

  @Test
  void doesNotListWhatHasExpiredAlready() {
    Instant old = NOW.minus(Duration.ofDays(40));

    write(stores, List.of(metric(CPU, "i-1", old, 1)));

    assertThat(table.calls()).doesNotContainKey("UpdateItem");
  }

  private void fill(int shard) {
    List<String> entries =
        IntStream.range(0, 780)
            .mapToObj(i -> "cpu_utilization#%04d%s\tPercent\tr".formatted(i, "x".repeat(490)))
            .toList();
    for (List<String> part : List.of(entries.subList(0, 400), entries.subList(400, 780))) {
      table
          .table()
          .update(
              new Key("@series#cpu_utilization#" + shard, "2026-02-16"),
              update ->
                  update
                      .updateExpression("ADD #series :entries")
                      .expressionAttributeNames(Map.of("#series", "series"))
                      .expressionAttributeValues(Map.of(":entries", AttributeValue.fromSs(part))),
              Deadlines.never());
    }
    // What is left of the item is less than any entry.
    table
        .table()
        .update(
            new Key("@series#cpu_utilization#" + shard, "2026-02-16"),
            update ->
                update
                    .updateExpression("SET #pad = :pad, #ttl = :ttl")
                    .expressionAttributeNames(Map.of("#pad", "pad", "#ttl", "ttl"))
                    .expressionAttributeValues(
                        Map.of(
                            ":pad", AttributeValue.fromS("x".repeat(3_895)),
                            ":ttl", AttributeValue.fromN("1"))),
            Deadlines.never());
  }

  private static WriteResult write(DynamoDbStores stores, List<Metric> metrics) {
    return stores
        .metricRecordSink()
        .write(new Batch(WINDOW_START, metrics, false), Deadlines.never());
  }
}
