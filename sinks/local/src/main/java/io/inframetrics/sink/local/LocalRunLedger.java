package io.inframetrics.sink.local;

import io.inframetrics.metric.MetricType;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.time.Deadline;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The ledger in the database; instants to the second. */
final class LocalRunLedger implements RunLedger {

  private final Database database;

  LocalRunLedger(Database database) {
    this.database = database;
  }

  @Override
  public void markProcessed(ProcessedMark mark, Deadline deadline) {
    database.write(
        "the processed mark of '" + mark.key() + "'",
        db ->
            db.update(
                "INSERT OR REPLACE INTO processed VALUES (?, ?, ?, ?)",
                mark.key(),
                mark.accepted(),
                mark.refused(),
                mark.processedAt().getEpochSecond()));
  }

  @Override
  public Map<String, ProcessedMark> processed(Collection<String> keys, Deadline deadline) {
    if (keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "%d keys were requested at once: use at most %d".formatted(keys.size(), MAX_KEYS));
    }
    return database.read(
        "marks",
        db -> {
          Map<String, ProcessedMark> marks = new HashMap<>();
          for (String key : keys) {
            db.rows(
                    "SELECT accepted, refused, processed_at FROM processed WHERE object_key = ?",
                    row -> new ProcessedMark(key, row.getLong(1), row.getLong(2), instant(row, 3)),
                    key)
                .forEach(mark -> marks.put(key, mark));
          }
          return marks;
        });
  }

  /** The keys with a mark in {@code folderKey} or its folders, as one range read. */
  Set<String> processedBelow(String folderKey) {
    return database.read(
        "the processed marks in '" + folderKey + "'",
        db ->
            new HashSet<>(
                db.rows(
                    "SELECT object_key FROM processed WHERE object_key > ? AND object_key < ?",
                    row -> row.getString(1),
                    folderKey + "/",
                    folderKey + "0"))); // '0' is the character after '/'.
  }

  @Override
  public Optional<Instant> collectedUntil(MetricType type, Deadline deadline) {
    return database.read(
        "the end of the last collected window of " + type,
        db ->
            db
                .rows(
                    "SELECT timestamp FROM collected_until WHERE metric_type = ?",
                    row -> instant(row, 1),
                    type.name())
                .stream()
                .findFirst());
  }

  @Override
  public void advanceCollectedUntil(MetricType type, Instant until, Deadline deadline) {
    database.write(
        "the end of the last collected window of " + type,
        db ->
            db.update(
                "INSERT INTO collected_until VALUES (?, ?) ON CONFLICT (metric_type)"
                    + " DO UPDATE SET timestamp = excluded.timestamp"
                    + " WHERE excluded.timestamp > timestamp",
                type.name(),
                until.getEpochSecond()));
  }

  @Override
  public List<AnalysisMark> analysisMarks(String analysis, Deadline deadline) {
    return database.read(
        "the open findings of " + analysis,
        db ->
            db.rows(
                "SELECT series_id, detector, start FROM open_findings WHERE analysis = ?",
                row -> AnalysisMark.stored(row.getString(1), row.getString(2), instant(row, 3)),
                analysis));
  }

  @Override
  public void replaceAnalysisMarks(String analysis, List<AnalysisMark> marks, Deadline deadline) {
    database.write(
        "the open findings of " + analysis,
        db -> {
          db.update("DELETE FROM open_findings WHERE analysis = ?", analysis);
          PreparedStatement insert = db.statement("INSERT INTO open_findings VALUES (?, ?, ?, ?)");
          for (AnalysisMark mark : marks) {
            insert.setString(1, analysis);
            insert.setString(2, mark.seriesId());
            insert.setString(3, mark.storedDetector());
            insert.setLong(4, mark.at().getEpochSecond());
            insert.addBatch();
          }
          return insert.executeBatch().length;
        });
  }

  @Override
  public Map<String, byte[]> learned(Collection<String> seriesIds, Deadline deadline) {
    if (seriesIds.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "%d series were requested at once: use at most %d".formatted(seriesIds.size(), MAX_KEYS));
    }
    return database.read(
        "what was learned",
        db -> {
          Map<String, byte[]> found = new HashMap<>();
          for (String id : seriesIds) {
            db.rows("SELECT data FROM learned WHERE series_id = ?", row -> row.getBytes(1), id)
                .forEach(data -> found.put(id, data));
          }
          return found;
        });
  }

  @Override
  public void learn(Map<String, byte[]> bySeriesId, Deadline deadline) {
    database.write(
        "what was learned",
        db -> {
          for (Map.Entry<String, byte[]> one : bySeriesId.entrySet()) {
            db.update("INSERT OR REPLACE INTO learned VALUES (?, ?)", one.getKey(), one.getValue());
          }
          return bySeriesId.size();
        });
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    return Instant.ofEpochSecond(row.getLong(column));
  }
}
