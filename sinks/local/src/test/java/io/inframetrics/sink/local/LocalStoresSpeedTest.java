package io.inframetrics.sink.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.RunLedger.ProcessedMark;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How fast it is, in numbers that are printed; what is asserted leaves a slow disk room. */
@Tag("soak")
class LocalStoresSpeedTest {

  @TempDir Path folder;

  private final ManualClock clock = ManualClock.at(SampleMetrics.RUN.observedAt());

  @Test
  void writesAndReadsAHundredThousandRecords() {
    List<Metric> fleet = SampleMetrics.fleet(MetricType.CPU_UTILIZATION, 10_000, 10);
    List<Batch> batches = SampleMetrics.batches(fleet);
    try (LocalStores stores = LocalStores.open(folder, clock)) {
      for (String what : List.of("new records", "records again")) {
        long start = System.nanoTime();
        WriteResult result =
            batches.stream()
                .map(batch -> stores.metricRecordSink().write(batch, Deadlines.never()))
                .reduce(WriteResult.NOTHING, WriteResult::plus);
        print(what, fleet.size(), start, Duration.ofSeconds(60));
        assertThat(result.isComplete()).isTrue();
      }
      long start = System.nanoTime();
      int points = 0;
      for (var known :
          stores
              .metricHistory()
              .series(MetricType.CPU_UTILIZATION, SampleMetrics.WINDOW_START, Deadlines.never())) {
        points +=
            stores
                .metricHistory()
                .points(
                    known.series(),
                    SampleMetrics.WINDOW_START,
                    SampleMetrics.RUN.observedAt(),
                    1_000,
                    Deadlines.never())
                .size();
      }
      print("points read, 10 a series", points, start, Duration.ofSeconds(60));
      assertThat(points).isEqualTo(fleet.size());
    }
  }

  /** What one analysis of ten instances reads: two weeks of points, written run by run. */
  @Test
  void readsTwoWeeksOfFiftySeries() {
    int series = 50;
    int runs = 4_032;
    try (LocalStores stores = LocalStores.open(folder, clock)) {
      for (int run = runs - 1; run >= 0; run -= 36) {
        List<Metric> metrics = new ArrayList<>();
        for (int s = 0; s < series; s++) {
          Series one = Series.of(MetricType.CPU_UTILIZATION, "i-" + s);
          for (int i = 35; i >= 0; i--) {
            Instant at = SampleMetrics.RUN.observedAt().minusSeconds((run - 35 + i) * 300L);
            metrics.add(SampleMetrics.metric(one, at, s + i));
          }
        }
        Instant start = metrics.get(0).timestamp().minusSeconds(1);
        stores.metricRecordSink().write(new Batch(start, metrics, false), Deadlines.never());
      }
      for (int round = 0; round < 3; round++) {
        long start = System.nanoTime();
        int rows = 0;
        for (int s = 0; s < series; s++) {
          rows +=
              stores
                  .metricHistory()
                  .points(
                      Series.of(MetricType.CPU_UTILIZATION, "i-" + s),
                      Instant.EPOCH,
                      SampleMetrics.RUN.observedAt(),
                      runs,
                      Deadlines.never())
                  .size();
        }
        print("rows read by one analysis", rows, start, Duration.ofSeconds(60));
        assertThat(rows).isEqualTo(series * runs);
      }
    }
  }

  @Test
  void scansAHundredThousandOldFiles() throws IOException {
    int days = 25;
    int filesADay = 4_000;
    try (LocalStores stores = LocalStores.open(folder, clock)) {
      for (int day = 0; day < days; day++) {
        String prefix = "raw-metrics/2026/01/%02d/".formatted(day + 1);
        Files.createDirectories(folder.resolve(prefix));
        for (int i = 0; i < filesADay; i++) {
          String key =
              prefix + "metrics-cpu_utilization-" + (1767225600 + day * 86400 + i) + ".json";
          Files.createFile(folder.resolve(key));
        }
      }
      try (Database database =
          Database.open(folder.resolve(LocalStores.DATABASE), FailPoints.NONE)) {
        markAll(database, days, filesADay);
      }
      RawFileEvents events =
          stores.deliverTo(
              key -> {
                throw new IllegalStateException(key + " has a mark");
              });
      for (int i = 0; i < 3; i++) {
        long start = System.nanoTime();
        assertThat(events.scan()).isZero();
        print("old files scanned", days * filesADay, start, Duration.ofSeconds(30));
      }
    }
  }

  @Test
  void commitsAThousandRawFiles() {
    try (LocalStores stores = LocalStores.open(folder, clock)) {
      long start = System.nanoTime();
      for (int i = 0; i < 1_000; i++) {
        String key = "raw-metrics/2026/02/19/metrics-cpu_utilization-" + i + ".json";
        RawFiles.store(stores, SampleMetrics.RUN, key, "content");
      }
      print("raw files committed", 1_000, start, Duration.ofSeconds(120));
      start = System.nanoTime();
      for (int i = 0; i < 1_000; i++) {
        stores
            .runLedger()
            .markProcessed(new ProcessedMark("key-" + i, 1, 0, clock.instant()), Deadlines.never());
      }
      print("marks written", 1_000, start, Duration.ofSeconds(120));
    }
  }

  private static void markAll(Database database, int days, int filesADay) {
    database.write(
        "marks",
        db -> {
          var insert = db.statement("INSERT INTO processed VALUES (?, 1, 0, 0)");
          for (int day = 0; day < days; day++) {
            for (int i = 0; i < filesADay; i++) {
              insert.setString(
                  1,
                  "raw-metrics/2026/01/%02d/metrics-cpu_utilization-".formatted(day + 1)
                      + (1767225600 + day * 86400 + i)
                      + ".json");
              insert.addBatch();
            }
            insert.executeBatch();
          }
          return days;
        });
  }

  private static void print(String what, int count, long startNanos, Duration limit) {
    Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
    System.out.printf(
        "%,d %s in %,d ms: %,d a second%n",
        count, what, took.toMillis(), Math.round(count * 1e9 / took.toNanos()));
    assertThat(took).isLessThan(limit);
  }
}
