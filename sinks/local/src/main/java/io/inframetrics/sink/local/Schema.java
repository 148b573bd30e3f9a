package io.inframetrics.sink.local;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

final class Schema {

  /** The version of the tables; increase it with every change. */
  static final int VERSION = 2;

  /** "IMet", in the header of the file: identifies the program that owns it. */
  static final int APPLICATION_ID = 0x494d6574;

  private static final String LEARNED =
      """
      CREATE TABLE learned (
        series_id TEXT PRIMARY KEY,
        data BLOB NOT NULL
      ) WITHOUT ROWID\
      """;

  private static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE raw_files (
            object_key TEXT PRIMARY KEY,
            run_id TEXT NOT NULL,
            window_start TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            bytes INTEGER NOT NULL
          ) WITHOUT ROWID\
          """,
          """
          CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            run_id TEXT NOT NULL,
            observed_at INTEGER NOT NULL,
            UNIQUE (run_id, observed_at)
          )\
          """,
          "CREATE INDEX runs_by_time ON runs (observed_at)",
          """
          CREATE TABLE series (
            id INTEGER PRIMARY KEY,
            series_id TEXT NOT NULL UNIQUE,
            metric_type TEXT NOT NULL,
            instance_id TEXT NOT NULL,
            unit TEXT NOT NULL,
            region TEXT NOT NULL,
            newest INTEGER NOT NULL
          )\
          """,
          "CREATE INDEX series_by_type ON series (metric_type, newest)",
          "CREATE INDEX series_by_newest ON series (newest)",
          """
          CREATE TABLE observations (
            series INTEGER NOT NULL REFERENCES series (id),
            timestamp INTEGER NOT NULL,
            value REAL NOT NULL,
            run INTEGER NOT NULL REFERENCES runs (id),
            PRIMARY KEY (series, timestamp)
          ) WITHOUT ROWID\
          """,
          """
          CREATE VIEW records AS
            SELECT s.series_id || '#' || o.timestamp AS metric_id, s.series_id, s.metric_type,
              s.instance_id, s.region, o.timestamp, o.value, s.unit, r.run_id
            FROM observations o JOIN series s ON s.id = o.series LEFT JOIN runs r ON r.id = o.run\
          """,
          """
          CREATE TABLE processed (
            object_key TEXT PRIMARY KEY,
            accepted INTEGER NOT NULL,
            refused INTEGER NOT NULL,
            processed_at INTEGER NOT NULL
          ) WITHOUT ROWID\
          """,
          """
          CREATE TABLE collected_until (
            metric_type TEXT PRIMARY KEY,
            timestamp INTEGER NOT NULL
          ) WITHOUT ROWID\
          """,
          """
          CREATE TABLE open_findings (
            analysis TEXT NOT NULL,
            series_id TEXT NOT NULL,
            detector TEXT NOT NULL,
            start INTEGER NOT NULL
          )\
          """,
          "CREATE INDEX open_findings_by_analysis ON open_findings (analysis)",
          LEARNED);

  private Schema() {}

  /**
   * Creates the tables in an empty file, and those that an older version did not have; leaves
   * tables of this version unchanged.
   *
   * @throws IllegalStateException if the file is of a newer version or of another program
   */
  static void bringUpToDate(Connection connection, Path file) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int version = version(statement, file);
      if (version == 0) {
        create(connection, statement, TABLES);
      } else if (version < VERSION) {
        create(connection, statement, List.of(LEARNED));
      }
    }
  }

  /**
   * Checks that the tables are there.
   *
   * @throws IllegalStateException if they are not, or the file is of a newer version or of another
   *     program
   */
  static void requireReadable(Connection connection, Path file) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (version(statement, file) == 0) {
        throw new IllegalStateException("database '%s' has no tables yet".formatted(file));
      }
    }
  }

  /** Its own version, 0 if it is new. */
  private static int version(Statement statement, Path file) throws SQLException {
    int version = number(statement, "PRAGMA user_version");
    int application = number(statement, "PRAGMA application_id");
    int tables = number(statement, "SELECT count(*) FROM sqlite_schema");
    if (application != APPLICATION_ID && (application != 0 || tables > 0)) {
      throw new IllegalStateException(
          "'%s' is the database of another program: move it away, or name another data folder"
              .formatted(file));
    }
    if (version > VERSION) {
      throw new IllegalStateException(
          ("database '%s' has schema version %d and this program supports version %d:"
                  + " use a newer release, or name another data folder")
              .formatted(file, version, VERSION));
    }
    return version;
  }

  private static void create(Connection connection, Statement statement, List<String> tables)
      throws SQLException {
    connection.setAutoCommit(false);
    try {
      for (String table : tables) {
        statement.executeUpdate(table);
      }
      statement.executeUpdate("PRAGMA application_id = " + APPLICATION_ID);
      statement.executeUpdate("PRAGMA user_version = " + VERSION);
      connection.commit();
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static int number(Statement statement, String question) throws SQLException {
    try (ResultSet rows = statement.executeQuery(question)) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }
}
