package io.inframetrics.sink.local;

import static io.inframetrics.sink.local.RawFiles.KEY;
import static io.inframetrics.sink.local.RawFiles.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.Notifier.Notification;
import io.inframetrics.sink.RawMetricSink.Commit;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStoresTest {

  @TempDir Path folder;

  private final ManualClock clock = ManualClock.at(SampleMetrics.RUN.observedAt());

  @Test
  void keepsEverythingWhenOpenedAgain() throws IOException {
    try (LocalStores stores = open()) {
      store(stores, SampleMetrics.RUN, KEY, "line\n");
      stores
          .metricRecordSink()
          .write(SampleMetrics.batch(SampleMetrics.EXAMPLE), Deadlines.never());
      stores
          .runLedger()
          .advanceCollectedUntil(
              MetricType.CPU_UTILIZATION, SampleMetrics.RUN.observedAt(), Deadlines.never());
    }

    assertThat(Files.readString(folder.resolve(KEY))).isEqualTo("line\n");
    try (LocalStores stores = open()) {
      try (StoredObject object =
          stores.rawMetricSource().open(KEY, Deadlines.never()).orElseThrow()) {
        assertThat(object.runId()).isEqualTo(SampleMetrics.RUN.runId());
        assertThat(object.windowStart()).isEqualTo(SampleMetrics.WINDOW_START);
      }
      assertThat(store(stores, SampleMetrics.RUN, KEY, "again")).isEqualTo(new Commit(KEY, false));
      assertThat(
              stores
                  .metricRecordSink()
                  .write(SampleMetrics.batch(SampleMetrics.EXAMPLE), Deadlines.never()))
          .isEqualTo(WriteResult.duplicate(1));
      assertThat(stores.runLedger().collectedUntil(MetricType.CPU_UTILIZATION, Deadlines.never()))
          .contains(SampleMetrics.RUN.observedAt());
    }
  }

  @Test
  void saysWhatIsWrongWithAFolderBelowAFile() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> LocalStores.open(file, clock))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "data folder '%s' cannot be used (%s is a file, not a folder): name a folder that this"
                + " user can write to",
            file, file);
    assertThatThrownBy(() -> LocalStores.open(file.resolve("below"), clock))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("data folder '" + file.resolve("below") + "' cannot be used")
        .hasMessageEndingWith("name a folder that this user can write to");
  }

  @Test
  void isForOneOpenerOfThisProcessAtATime() {
    try (LocalStores first = open()) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(this::open)
            .isInstanceOf(IllegalStateException.class)
            .hasMessage(
                "data folder '%s' is in use by this process: wait for it to end, or name another"
                    + " folder",
                folder);
      }
      assertThat(first.dataFolder()).isEqualTo(folder);
    }

    open().close();
  }

  @Test
  void isForOneProcessAtATime() throws Exception {
    Process holder = ChildProcess.holding(folder);
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("holding");

      assertThatThrownBy(this::open)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "data folder '%s' is in use by process %d: wait for it to end, or name another"
                  + " folder",
              folder, holder.pid());
    } finally {
      holder.destroyForcibly().waitFor();
    }

    open().close();
  }

  @Test
  void refusesADatabaseOfANewerVersion() throws SQLException {
    open().close();
    execute("PRAGMA user_version = " + (Schema.VERSION + 1));

    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has schema version 3 and this program supports version 2")
        .hasMessageContaining(folder.resolve(LocalStores.DATABASE).toString());
  }

  @Test
  void refusesADatabaseOfAnotherProgramAndOneThatIsNone() throws Exception {
    execute("CREATE TABLE theirs (x)");
    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is the database of another program");

    Path file = folder.resolve(LocalStores.DATABASE);
    Files.writeString(file, "this is a text, and a long one at that ".repeat(100));
    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("damaged or not a database")
        .hasMessageContaining(file.toString());
  }

  @Test
  void answersRecordsToTheSqliteShell() throws SQLException {
    try (LocalStores stores = open()) {
      stores
          .metricRecordSink()
          .write(
              new Batch(SampleMetrics.WINDOW_START, SampleMetrics.oneOfEachType(), false),
              Deadlines.never());
    }

    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT metric_id, value, unit, run_id FROM records"
                    + " WHERE metric_type = 'disk_usage'")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("disk_usage#i-0abc#device=/#1771500463");
      assertThat(rows.getDouble(2)).isEqualTo(82.25);
      assertThat(rows.getString(3)).isEqualTo("Percent");
      assertThat(rows.getString(4)).isEqualTo("run-1");
      assertThat(rows.next()).isFalse();
    }
  }

  @Test
  void removesExpiredRecordsAsItWrites() throws SQLException {
    try (LocalStores stores = open()) {
      for (Batch batch :
          SampleMetrics.batches(SampleMetrics.fleet(MetricType.CPU_UTILIZATION, 15, 3))) {
        stores.metricRecordSink().write(batch, Deadlines.never());
      }
      clock.advance(Retention.DEFAULT.records().plus(Duration.ofDays(2)));
      writeNewRun(stores, "the clock was set forward");
      assertThat(rows("observations")).isEqualTo(46);
      clock.advance(Duration.ofMinutes(1));
      writeNewRun(stores, "a second run has the same time");
      assertThat(rows("observations")).isEqualTo(47);
      writeNewRun(stores, "a second run has the same time");
    }

    assertThat(rows("observations")).isEqualTo(2);
    assertThat(rows("series")).isEqualTo(1);
  }

  private void writeNewRun(LocalStores stores, String run) {
    Metric metric =
        new Metric(
            Series.of(MetricType.CPU_UTILIZATION, "i-new"),
            clock.instant(),
            1,
            MetricUnit.PERCENT,
            "here",
            new CollectionRun(run, clock.instant()));
    stores
        .metricRecordSink()
        .write(new Batch(clock.instant(), List.of(metric), false), Deadlines.never());
  }

  private int rows(String table) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      return rows.getInt(1);
    }
  }

  @Test
  void appendsPointsToOneFileADay() throws IOException {
    try (LocalStores stores = open()) {
      var yesterday =
          SampleMetrics.metric(
              SampleMetrics.EXAMPLE.series(),
              SampleMetrics.RUN.observedAt().minus(Duration.ofDays(1)),
              1);
      stores
          .metricPublisher()
          .publish(
              batch -> batch.accept(List.of(yesterday, SampleMetrics.EXAMPLE)), Deadlines.never());
      Path file = folder.resolve("points/2026-02-19.jsonl");
      assertThat(file)
          .hasContent(
              "{\"metric_type\":\"cpu_utilization\",\"timestamp\":1771500463,\"value\":37.66,"
                  + "\"unit\":\"Percent\",\"instance_id\":\"i-0abc\",\"region\":\"eu-west-1\","
                  + "\"run_id\":\"run-1\"}");
      assertThat(folder.resolve("points/2026-02-18.jsonl")).exists();

      Files.writeString(file, "{\"metric_type\":\"cpu_ut", StandardOpenOption.APPEND);
      var next =
          SampleMetrics.metric(
              SampleMetrics.EXAMPLE.series(), SampleMetrics.RUN.observedAt().plusSeconds(60), 2);
      stores
          .metricPublisher()
          .publish(batch -> batch.accept(List.of(SampleMetrics.EXAMPLE, next)), Deadlines.never());

      assertThat(Files.readAllLines(file))
          .as("half a line of a killed process is written over")
          .hasSize(2)
          .allMatch(line -> line.startsWith("{") && line.endsWith("}"));
    }
  }

  @Test
  void saysWhichPointsCouldNotBeAppended() throws IOException {
    try (LocalStores stores = open()) {
      Files.createDirectories(folder.resolve("points/2026-02-19.jsonl"));

      WriteResult result =
          stores
              .metricPublisher()
              .publish(batch -> batch.accept(List.of(SampleMetrics.EXAMPLE)), Deadlines.never());

      assertThat(result.retryable())
          .singleElement()
          .satisfies(failed -> assertThat(failed.id()).isEqualTo(SampleMetrics.EXAMPLE.id()));
    }
  }

  @Test
  void writesANotificationOnceWithinTheHour() throws IOException {
    Notification notification =
        Notification.of("subject", "message", Map.of("status", "DEGRADED", "run_id", "run-1"));
    try (LocalStores stores = open()) {
      assertThat(stores.notifier().send(notification, Deadlines.never()))
          .isEqualTo(WriteResult.written(1));
      clock.advance(LocalNotifier.RESEND_WINDOW);
      assertThat(stores.notifier().send(notification, Deadlines.never()))
          .isEqualTo(WriteResult.duplicate(1));
      clock.advance(Duration.ofSeconds(1));
      assertThat(stores.notifier().send(notification, Deadlines.never()))
          .isEqualTo(WriteResult.written(1));
    }

    try (Stream<Path> files = Files.list(folder.resolve("notifications"))) {
      List<Path> letters = files.sorted().toList();
      assertThat(letters).hasSize(2);
      assertThat(letters.get(0).getFileName().toString()).startsWith("2026-02-19T112743Z-");
      assertThat(letters.get(0))
          .hasContent("Subject: subject\nrun_id: run-1\nstatus: DEGRADED\n\nmessage\n");
    }
  }

  /** The rows as the first version wrote them: the kind of a mark is in the detector's column. */
  @Test
  void readsAndWritesMarksAsEarlierVersionsStoredThem() throws SQLException {
    open().close();
    List<String> rows =
        List.of(
            "anomalies|cpu_utilization#i-1|looked-at|1771500463",
            "anomalies|cpu_utilization#i-1|threshold-over|1771490000",
            "anomalies|cpu_utilization#i-2|threshold|1771500000");
    for (String row : rows) {
      execute("INSERT INTO open_findings VALUES ('" + row.replace("|", "', '") + "')");
    }
    List<AnalysisMark> marks =
        List.of(
            AnalysisMark.analyzedUntil("cpu_utilization#i-1", Instant.ofEpochSecond(1771500463)),
            AnalysisMark.over(
                "cpu_utilization#i-1", "threshold", Instant.ofEpochSecond(1771490000)),
            AnalysisMark.open(
                "cpu_utilization#i-2", "threshold", Instant.ofEpochSecond(1771500000)));

    try (LocalStores stores = open()) {
      RunLedger ledger = stores.runLedger();
      assertThat(ledger.analysisMarks("anomalies", Deadlines.never()))
          .containsExactlyInAnyOrderElementsOf(marks);
      ledger.replaceAnalysisMarks("anomalies", marks, Deadlines.never());
    }
    List<String> written = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet all = statement.executeQuery("SELECT * FROM open_findings ORDER BY start DESC")) {
      while (all.next()) {
        written.add(
            String.join(
                "|", all.getString(1), all.getString(2), all.getString(3), all.getString(4)));
      }
    }
    assertThat(written).containsExactlyInAnyOrderElementsOf(rows);
  }

  private LocalStores open() {
    return LocalStores.open(folder, clock);
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(LocalStores.DATABASE));
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
