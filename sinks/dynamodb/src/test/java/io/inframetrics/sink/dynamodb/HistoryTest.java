package io.inframetrics.sink.dynamodb;

import static io.inframetrics.testkit.SampleMetrics.metric;
import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.memory.InMemoryRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class HistoryTest {

  private static final Instant NOW = SampleMetrics.RUN.observedAt();
  private static final Series SERIES = Series.of(MetricType.CPU_UTILIZATION, "i-0abc");

  private final LocalTable table = new LocalTable();
  private final ManualClock clock = ManualClock.at(NOW);
  private final DynamoDbStores stores = table.stores(clock);

  @AfterEach
  void close() {
    table.close();
  }

  @Test
  void answersWhatAStoreInMemoryAnswersWhateverWindowsAndRunsWereWritten() {
    answersWhatAStoreInMemoryAnswers(60);
  }

  @Test
  @Tag("soak")
  void answersWhatAStoreInMemoryAnswersOfMoreWindowsAndRuns() {
    answersWhatAStoreInMemoryAnswers(150);
  }

  private void answersWhatAStoreInMemoryAnswers(int written) {
    Random random = new Random(42);
    InMemoryRecords model = new InMemoryRecords();
    List<Batch> batches = new ArrayList<>();
    for (int i = 0; i < written; i++) {
      Instant end = NOW.minusSeconds(random.nextInt(500_000));
      CollectionRun run =
          new CollectionRun("run-" + random.nextInt(20), end.minusSeconds(random.nextInt(2)));
      List<Metric> metrics = new ArrayList<>();
      int points = 1 + random.nextInt(40);
      int span = 1 + random.nextInt(random.nextInt(10) == 0 ? 300_000 : 11_000);
      for (int p = 0; p < points; p++) {
        Instant at =
            Instant.ofEpochSecond(
                end.minusSeconds(random.nextInt(span)).getEpochSecond() / 60 * 60);
        metrics.add(SampleMetrics.observedBy(run, metric(SERIES, at, random.nextInt(50))));
      }
      Instant start = random.nextInt(5) == 0 ? end : end.minusSeconds(span);
      batches.add(new Batch(start, metrics, random.nextBoolean()));
    }
    batches.forEach(batch -> model.write(batch, Deadlines.never()));
    for (int i = 0; i < 2 * written; i++) {
      Batch batch = batches.get(i < written ? i : random.nextInt(written));
      assertThat(stores.metricRecordSink().write(batch, Deadlines.never()).isComplete()).isTrue();
    }

    for (int i = 0; i < 2 * written; i++) {
      Instant from = NOW.minusSeconds(random.nextInt(900_000));
      Instant to = from.plusSeconds(random.nextInt(900_000));
      int limit = 1 + random.nextInt(random.nextBoolean() ? 5 : 2_000);
      assertThat(stores.metricHistory().points(SERIES, from, to, limit, Deadlines.never()))
          .as("from %s to %s, at most %d", from, to, limit)
          .isEqualTo(model.points(SERIES, from, to, limit, Deadlines.never()));
    }
    assertThat(
            stores
                .metricHistory()
                .points(SERIES, Instant.MIN, Instant.MAX, 1 << 20, Deadlines.never()))
        .isEqualTo(model.points(SERIES, Instant.MIN, Instant.MAX, 1 << 20, Deadlines.never()));
  }

  @Test
  void doesNotShowWhatHasExpiredThoughItIsStillThere() {
    Duration kept = DynamoDbSettings.DEFAULTS.retention();
    stores
        .metricRecordSink()
        .write(
            new Batch(
                NOW.minusSeconds(60),
                List.of(metric(SERIES, NOW.minusSeconds(1), 1), metric(SERIES, NOW, 2)),
                false),
            Deadlines.never());

    clock.set(NOW.plus(kept).minusSeconds(1));
    assertThat(allPoints()).containsExactly(new Point(NOW.getEpochSecond(), 2));
    clock.set(NOW.plus(kept));
    assertThat(allPoints()).isEmpty();
    assertThat(table.items()).hasSize(2);
  }

  @Test
  void readsHistoriesOfManyPages() {
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < 86_400; i++) {
      metrics.add(metric(SERIES, NOW.minusSeconds(i), i));
    }
    for (int from = 0; from < metrics.size(); from += 4_800) {
      stores
          .metricRecordSink()
          .write(
              new Batch(NOW.minusSeconds(90_000), metrics.subList(from, from + 4_800), false),
              Deadlines.never());
    }
    table.forgetRequests();

    List<Point> points =
        stores.metricHistory().points(SERIES, Instant.EPOCH, NOW, 100_000, Deadlines.never());

    assertThat(points).hasSize(86_400);
    assertThat(points.get(86_399)).isEqualTo(new Point(NOW.getEpochSecond(), 0));
    assertThat(table.calls().get("Query")).isLessThanOrEqualTo(3);
  }

  @Test
  void storesALongestSeriesId() {
    Series longest =
        Series.of(
            MetricType.CPU_UTILIZATION,
            "i",
            java.util.Map.of(
                "a".repeat(255), "\u6771".repeat(255), "b".repeat(255), "\u6771".repeat(64)));
    int bytes = longest.id().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    assertThat(bytes).isBetween(1_400, Series.MAX_ID_BYTES);

    stores
        .metricRecordSink()
        .write(
            new Batch(NOW.minusSeconds(9), List.of(metric(longest, NOW, 1)), false),
            Deadlines.never());

    assertThat(stores.metricHistory().points(longest, NOW, NOW, 1, Deadlines.never())).hasSize(1);
    assertThat(stores.metricHistory().series(longest.type(), NOW, Deadlines.never())).hasSize(1);
  }

  private List<Point> allPoints() {
    return stores.metricHistory().points(SERIES, Instant.EPOCH, NOW, 10, Deadlines.never());
  }
}
