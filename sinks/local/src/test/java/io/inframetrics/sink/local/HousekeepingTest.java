package io.inframetrics.sink.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.Notifier.Notification;
import io.inframetrics.sink.RunLedger.ProcessedMark;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HousekeepingTest {

  private static final Instant NOW = SampleMetrics.RUN.observedAt();

  @TempDir Path folder;

  private final ManualClock clock = ManualClock.at(NOW);
  private LocalStores stores;

  @BeforeEach
  void open() {
    stores = LocalStores.open(folder, clock);
  }

  @AfterEach
  void close() {
    stores.close();
  }

  private void write(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private List<String> files(String top) throws IOException {
    if (!Files.exists(folder.resolve(top))) {
      return List.of();
    }
    try (var files = Files.walk(folder.resolve(top))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private static String report(int run) {
    return "reports/2026/02/19/forecast-run-%03d.json".formatted(run);
  }

  private static Notification notification(int run) {
    return Notification.of("run " + run, "all is well", Map.of());
  }

  private void runs(int from, int to) {
    for (int run = from; run < to; run++) {
      clock.advance(Duration.ofSeconds(1));
      write("runs/run-%03d/run.json".formatted(run), "{\"run\":%d}".formatted(run));
      write(report(run), "{\"of\":%d}".formatted(run));
      write("reports/2026/02/19/anomalies-run-%03d.json".formatted(run), "{}");
      write("reports/2026/02/19/report-run-%03d.json".formatted(run), "{}");
      write("reports/latest.json", "{}");
      assertThat(stores.notifier().send(notification(run), Deadlines.never()))
          .isEqualTo(WriteResult.written(1));
      stores.tidy();
    }
  }

  @Test
  void olderRunsGoToTheArchiveOfTheirDay() throws IOException {
    runs(0, 40);

    assertThat(files("runs")).hasSizeBetween(5, 10).contains("runs/run-039/run.json");
    assertThat(files("notifications")).hasSizeBetween(5, 10);
    assertThat(files("reports")).hasSizeBetween(16, 31).contains("reports/latest.json", report(39));
    assertThat(files("archive")).containsExactly("archive/2026-02-19.tar.gz");
    assertThat(files(".staging")).isEmpty();
    try (var runFolders = Files.list(folder.resolve("runs"))) {
      assertThat(runFolders).hasSameSizeAs(files("runs"));
    }
    for (int run = 0; run < 40; run++) {
      try (var stored = stores.documentStore().open(report(run), Deadlines.never()).orElseThrow()) {
        assertThat(stored.body()).as(report(run)).hasContent("{\"of\":%d}".formatted(run));
      }
    }
    assertThat(stores.documentStore().open(report(40), Deadlines.never())).isEmpty();
  }

  @Test
  void onlyTheNewestPagesAndTheirChartsAreKept() throws IOException {
    for (int run = 0; run < 12; run++) {
      for (String name :
          List.of(
              "report-run-%03d.html", "charts-run-%03d.json", "charts-forecast-run-%03d.json")) {
        write("reports/2026/02/19/" + name.formatted(run), "made again");
      }
      write("reports/latest.html", "the newest");
      write("reports/2026/02/19/of-a-person.html", "not ours");
      runs(run, run + 1);
    }

    List<String> kept = files("reports");
    assertThat(kept)
        .filteredOn(name -> name.matches(".*/report-run-\\d+\\.html"))
        .extracting(name -> name.replaceAll(".*-run-", ""))
        .containsExactly("009.html", "010.html", "011.html");
    for (String pattern : List.of(".*/charts-run-.*", ".*/charts-forecast-run-.*")) {
      assertThat(kept)
          .filteredOn(name -> name.matches(pattern))
          .hasSize(10)
          .allMatch(name -> name.matches(".*-run-0(0[2-9]|1\\d)\\..*"));
    }
    assertThat(kept).contains("reports/latest.html", "reports/2026/02/19/of-a-person.html");
    assertThat(stores.documentStore().open(report(0), Deadlines.never())).isPresent();
    assertThat(LocalStores.readOnly(folder).open("runs/run-011/run.json", Deadlines.never()))
        .isPresent();
  }

  @Test
  void aReaderNeedsNoLockAndFindsWhatIsPacked() throws IOException {
    runs(0, 10);
    clock.advance(Duration.ofSeconds(1));
    write("runs/local-20260219T112743Z-a/run.json", "{\"run\":\"old\"}");
    runs(10, 22);
    DocumentStore reader = LocalStores.readOnly(folder);

    assertThat(folder.resolve("runs/local-20260219T112743Z-a")).doesNotExist();
    for (String key : List.of(report(0), report(21), "runs/local-20260219T112743Z-a/run.json")) {
      assertThat(reader.open(key, Deadlines.never())).as(key).isPresent();
    }
    assertThat(reader.open(report(22), Deadlines.never())).isEmpty();
    assertThatThrownBy(() -> reader.create(report(22), Deadlines.never()))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> reader.move(report(0), report(22), Deadlines.never()))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> reader.open("raw-metrics/x.json", Deadlines.never()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDefinitionStaysAsLongAsRunsUseIt() throws IOException {
    write("definitions/old.asl.json", "{}");
    clock.advance(Duration.ofDays(91));
    write("definitions/used.asl.json", "{}");

    stores.tidy();

    assertThat(files("definitions")).containsExactly("definitions/used.asl.json");
  }

  @Test
  void tarReadsAnArchive() throws Exception {
    runs(0, 25);
    Path out = Files.createDirectories(folder.resolve("out"));
    Process tar =
        new ProcessBuilder(
                "tar",
                "-xzf",
                folder.resolve("archive/2026-02-19.tar.gz").toString(),
                "-C",
                out.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(tar.waitFor()).as(said).isZero();
    assertThat(said).isEmpty();
    assertThat(out.resolve("runs/run-003/run.json")).hasContent("{\"run\":3}");
    assertThat(files("runs").size() + files("out/runs").size()).isEqualTo(25);
    assertThat(files("notifications").size() + files("out/notifications").size()).isEqualTo(25);
    assertThat(files("reports").size() + files("out/reports").size()).isEqualTo(75 + 1);
  }

  @Test
  void aPackedNotificationIsNotSentAgainWithinTheHour() {
    runs(0, 30);

    assertThat(stores.notifier().send(notification(1), Deadlines.never()))
        .isEqualTo(WriteResult.duplicate(1));
    stores.close();
    open();
    assertThat(stores.notifier().send(notification(1), Deadlines.never()))
        .isEqualTo(WriteResult.duplicate(1));
    clock.advance(Duration.ofMinutes(61));
    assertThat(stores.notifier().send(notification(1), Deadlines.never()))
        .isEqualTo(WriteResult.written(1));
  }

  private Metric metric(Instant time, double value, String runId) {
    return new Metric(
        Series.of(MetricType.CPU_UTILIZATION, "i-1"),
        time,
        value,
        MetricUnit.PERCENT,
        "here",
        new CollectionRun(runId, time));
  }

  private WriteResult publish(List<Metric> metrics) {
    return stores.metricPublisher().publish(batch -> batch.accept(metrics), Deadlines.never());
  }

  private List<String> points(String day) throws IOException {
    List<String> lines = new ArrayList<>();
    Path compressed = folder.resolve("points/" + day + ".jsonl.gz");
    if (Files.exists(compressed)) {
      try (InputStream in = new GZIPInputStream(Files.newInputStream(compressed))) {
        new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(lines::add);
      }
    }
    Path file = folder.resolve("points/" + day + ".jsonl");
    if (Files.exists(file)) {
      lines.addAll(Files.readAllLines(file));
    }
    return lines;
  }

  @Test
  void pointsOfDaysThatAreOverAreCompressedAndStillNotSentTwice() throws IOException {
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      metrics.add(metric(NOW.plusSeconds(i), i, "run"));
    }
    assertThat(publish(metrics)).isEqualTo(WriteResult.written(100));
    stores.tidy();
    assertThat(files("points")).as("today's").containsExactly("points/2026-02-19.jsonl");

    clock.advance(Duration.ofDays(2));
    stores.tidy();

    assertThat(files("points")).containsExactly("points/2026-02-19.jsonl.gz");
    assertThat(points("2026-02-19")).hasSize(100);
    assertThat(publish(metrics)).isEqualTo(WriteResult.duplicate(100));
    stores.close();
    open();
    metrics.add(metric(NOW.plusSeconds(200), 1, "late"));
    assertThat(publish(metrics)).isEqualTo(new WriteResult(1, 100, List.of(), List.of()));
    stores.tidy();
    assertThat(points("2026-02-19")).hasSize(101).doesNotHaveDuplicates();
    assertThat(files("points")).containsExactly("points/2026-02-19.jsonl.gz");
  }

  @Test
  void aCrashBetweenCompressingAndDeletingRepeatsNoPoint() throws IOException {
    publish(List.of(metric(NOW, 1, "run")));
    Path file = folder.resolve("points/2026-02-19.jsonl");
    String before = Files.readString(file);
    clock.advance(Duration.ofDays(2));
    stores.tidy();
    Files.writeString(file, before); // As if it had not been deleted.

    stores.tidy();

    assertThat(points("2026-02-19")).hasSize(1);
  }

  @Test
  void whatIsOlderThanTheRetentionIsDeletedWithItsMarks() throws Exception {
    String old = "raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463.json";
    String dropped = "raw-metrics/by hand/x.json";
    String waiting = "raw-metrics/2026/02/19/waiting.json";
    RawFiles.store(stores, SampleMetrics.RUN, old, "x");
    write(dropped, "x");
    write(waiting, "x");
    for (String key : List.of(old, dropped)) {
      stores.runLedger().markProcessed(new ProcessedMark(key, 1, 0, NOW), Deadlines.never());
    }
    runs(0, 12);
    publish(List.of(metric(NOW, 1, "run")));
    write("points/2026-02-19.jsonl", Files.readString(folder.resolve("points/2026-02-19.jsonl")));
    write("quarantine/" + dropped, "bad");
    for (String each : files("archive")) {
      Files.setLastModifiedTime(folder.resolve(each), FileTime.from(NOW));
    }

    clock.advance(Duration.ofDays(89));
    stores.tidy();
    assertThat(files("raw-metrics")).hasSize(3);

    clock.advance(Duration.ofDays(1).plusMinutes(1));
    stores.tidy();

    assertThat(files("raw-metrics")).as("never processed").containsExactly(waiting);
    assertThat(folder.resolve("raw-metrics/by hand")).doesNotExist();
    for (String top : List.of("quarantine", "runs", "archive")) {
      assertThat(files(top)).as(top).isEmpty();
    }
    assertThat(files("reports")).containsExactly("reports/latest.json");
    assertThat(rows("SELECT count(*) FROM processed")).isZero();
    assertThat(rows("SELECT count(*) FROM raw_files")).isZero();
  }

  private int rows(String query) throws SQLException {
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("inframetrics.db"));
        var statement = connection.createStatement();
        var result = statement.executeQuery(query)) {
      return result.getInt(1);
    }
  }

  @Test
  void anotherRunDoesNotGetTheNumberOfOneThatExpired() throws SQLException {
    Instant early = NOW.minus(Duration.ofDays(29));
    write(List.of(metric(early, 1, "early")));
    clock.advance(Duration.ofDays(5));
    // Its observation stays until its series is written again.
    write(
        List.of(
            new Metric(
                Series.of(MetricType.CPU_UTILIZATION, "i-2"),
                clock.instant(),
                2,
                MetricUnit.PERCENT,
                "here",
                new CollectionRun("late", clock.instant()))));

    assertThat(rows("SELECT count(*) FROM records WHERE run_id = 'late' AND value = 1")).isZero();
    assertThat(rows("SELECT count(*) FROM records WHERE run_id = 'late'")).isEqualTo(1);
  }

  private void write(List<Metric> metrics) {
    stores
        .metricRecordSink()
        .write(new Batch(metrics.get(0).timestamp(), metrics, false), Deadlines.never());
  }
}
