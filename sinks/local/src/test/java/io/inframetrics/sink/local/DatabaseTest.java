package io.inframetrics.sink.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {

  @TempDir Path folder;

  private Database database;

  @BeforeEach
  void open() {
    database = Database.open(folder.resolve("test.db"), FailPoints.NONE);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void losesOneBatchWholeWhenTheDiskIsFullAndTakesItAgainWhenItIsNot() {
    LocalRecords records =
        new LocalRecords(
            database, Retention.DEFAULT.records(), ManualClock.at(SampleMetrics.RUN.observedAt()));
    List<Metric> fleet = SampleMetrics.fleet(MetricType.CPU_UTILIZATION, 3_000, 1);
    List<Batch> batches = SampleMetrics.batches(fleet);
    records.write(batches.get(0), Deadlines.never());
    limitPages(pages() + 1);

    assertThatThrownBy(() -> records.write(batches.get(1), Deadlines.never()))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessageContaining("a batch of records could not be written to")
        .hasMessageContaining("full");
    assertThat(count("observations")).isEqualTo(1_000);
    assertThat(count("series")).isEqualTo(1_000);

    limitPages(1_000_000);
    WriteResult result =
        batches.stream()
            .map(batch -> records.write(batch, Deadlines.never()))
            .reduce(WriteResult.NOTHING, WriteResult::plus);
    assertThat(result).isEqualTo(new WriteResult(2_000, 1_000, List.of(), List.of()));
  }

  @Test
  void undoesEverythingWhenWorkEndsWithAnError() {
    assertThatThrownBy(
            () ->
                database.write(
                    "a mark",
                    db -> {
                      db.statement("INSERT INTO processed VALUES ('key', 1, 0, 0)").executeUpdate();
                      throw new StackOverflowError();
                    }))
        .isInstanceOf(StackOverflowError.class);

    database.write(
        "another mark",
        db -> db.statement("INSERT INTO processed VALUES ('other', 1, 0, 0)").executeUpdate());

    assertThat(count("processed")).isEqualTo(1);
  }

  private int pages() {
    return number("PRAGMA page_count");
  }

  private void limitPages(int pages) {
    assertThat(number("PRAGMA max_page_count = " + pages)).isEqualTo(pages);
  }

  private int count(String table) {
    return number("SELECT count(*) FROM " + table);
  }

  private int number(String sql) {
    return database.read(
        "a number",
        db -> {
          try (ResultSet rows = db.statement(sql).executeQuery()) {
            rows.next();
            return rows.getInt(1);
          }
        });
  }
}
