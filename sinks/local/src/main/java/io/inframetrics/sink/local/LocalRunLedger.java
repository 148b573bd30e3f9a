package io.inframetrics.sink.local;

import io.inframetrics.metric.MetricType;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.time.Deadline;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
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
        "the mark of '" + mark.key() + "'",
        db -> {
          PreparedStatement insert =
              db.statement("INSERT OR REPLACE INTO processed VALUES (?, ?, ?, ?)");
          insert.setString(1, mark.key());
          insert.setLong(2, mark.accepted());
          insert.setLong(3, mark.refused());
          insert.setLong(4, mark.processedAt().getEpochSecond());
          return insert.executeUpdate();
        });
  }

  @Override
  public Map<String, ProcessedMark> processed(Collection<String> keys, Deadline deadline) {
    if (keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "%d keys are asked for at once: use at most %d".formatted(keys.size(), MAX_KEYS));
    }
    return database.read(
        "marks",
        db -> {
          PreparedStatement select =
              db.statement(
                  "SELECT accepted, refused, processed_at FROM processed WHERE object_key = ?");
          Map<String, ProcessedMark> marks = new HashMap<>();
          for (String key : keys) {
            select.setString(1, key);
            try (ResultSet rows = select.executeQuery()) {
              if (rows.next()) {
                Instant at = Instant.ofEpochSecond(rows.getLong(3));
                marks.put(key, new ProcessedMark(key, rows.getLong(1), rows.getLong(2), at));
              }
            }
          }
          return marks;
        });
  }

  /** The keys with a mark in {@code folderKey} or its folders, as one range read. */
  Set<String> processedBelow(String folderKey) {
    return database.read(
        "the marks of '" + folderKey + "'",
        db -> {
          PreparedStatement select =
              db.statement(
                  "SELECT object_key FROM processed WHERE object_key > ? AND object_key < ?");
          select.setString(1, folderKey + "/");
          // '0' is the character after '/'.
          select.setString(2, folderKey + "0");
          Set<String> keys = new HashSet<>();
          try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              keys.add(rows.getString(1));
            }
          }
          return keys;
        });
  }

  @Override
  public Optional<Instant> collectedUntil(MetricType type, Deadline deadline) {
    return database.read(
        "how far " + type + " is collected",
        db -> {
          PreparedStatement select =
              db.statement("SELECT timestamp FROM collected_until WHERE metric_type = ?");
          select.setString(1, type.name());
          try (ResultSet rows = select.executeQuery()) {
            return rows.next()
                ? Optional.of(Instant.ofEpochSecond(rows.getLong(1)))
                : Optional.empty();
          }
        });
  }

  @Override
  public void advanceCollectedUntil(MetricType type, Instant until, Deadline deadline) {
    database.write(
        "how far " + type + " is collected",
        db -> {
          PreparedStatement upsert =
              db.statement(
                  "INSERT INTO collected_until VALUES (?, ?) ON CONFLICT (metric_type)"
                      + " DO UPDATE SET timestamp = excluded.timestamp"
                      + " WHERE excluded.timestamp > timestamp");
          upsert.setString(1, type.name());
          upsert.setLong(2, until.getEpochSecond());
          return upsert.executeUpdate();
        });
  }

  @Override
  public List<AnalysisMark> analysisMarks(String analysis, Deadline deadline) {
    return database.read(
        "the open findings of " + analysis,
        db -> {
          PreparedStatement select =
              db.statement(
                  "SELECT series_id, detector, start FROM open_findings WHERE analysis = ?");
          select.setString(1, analysis);
          List<AnalysisMark> marks = new ArrayList<>();
          try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              Instant at = Instant.ofEpochSecond(rows.getLong(3));
              marks.add(AnalysisMark.stored(rows.getString(1), rows.getString(2), at));
            }
          }
          return marks;
        });
  }

  @Override
  public void replaceAnalysisMarks(String analysis, List<AnalysisMark> marks, Deadline deadline) {
    database.write(
        "the open findings of " + analysis,
        db -> {
          PreparedStatement delete = db.statement("DELETE FROM open_findings WHERE analysis = ?");
          delete.setString(1, analysis);
          delete.executeUpdate();
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
}
