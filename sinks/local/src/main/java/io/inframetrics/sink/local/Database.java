package io.inframetrics.sink.local;

import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.local.FailPoints.Step;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteJDBCLoader;

/**
 * The embedded SQLite database: one connection that threads use in turn. Every change is one
 * transaction, on disk when the call returns: a write-ahead log with full synchronisation. If the
 * process is killed during a transaction, nothing of it is stored.
 */
final class Database implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  /** How long to wait for another program, such as a sqlite3 shell, that locks the database. */
  private static final int BUSY_MILLIS = 5_000;

  private static final Set<SQLiteErrorCode> DAMAGED =
      EnumSet.of(SQLiteErrorCode.SQLITE_CORRUPT, SQLiteErrorCode.SQLITE_NOTADB);

  private final Path file;
  private final FailPoints failPoints;
  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private final ReentrantLock turn = new ReentrantLock(true);

  private Database(Path file, FailPoints failPoints, Connection connection) {
    this.file = file;
    this.failPoints = failPoints;
    this.connection = connection;
  }

  /**
   * Opens the database, creating it if necessary.
   *
   * @throws IllegalStateException if the file is of another program, or of a newer version
   */
  static Database open(Path file, FailPoints failPoints) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setTransactionMode(TransactionMode.IMMEDIATE);
    NativeLibrary.load(file.resolveSibling(NativeLibrary.FOLDER));
    try {
      Connection connection = config.createConnection("jdbc:sqlite:" + file);
      try {
        Schema.bringUpToDate(connection, file);
        return new Database(file, failPoints, connection);
      } catch (SQLException | IllegalStateException e) {
        attempt(connection::close, e);
        throw e;
      }
    } catch (SQLException e) {
      throw failed("the database '%s' could not be opened".formatted(file), e);
    }
  }

  /**
   * Opens a database that exists, only to read it; another process may have it open.
   *
   * @throws IllegalStateException if there is none, or it is of another program or of a newer
   *     version
   */
  static Database openToRead(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalStateException("there is no database '%s'".formatted(file));
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(BUSY_MILLIS);
    NativeLibrary.load(file.resolveSibling(NativeLibrary.FOLDER));
    try {
      Connection connection = config.createConnection("jdbc:sqlite:" + file);
      try {
        Schema.requireReadable(connection, file);
        return new Database(file, FailPoints.NONE, connection);
      } catch (SQLException | IllegalStateException e) {
        attempt(connection::close, e);
        throw e;
      }
    } catch (SQLException e) {
      throw failed("the database '%s' could not be opened".formatted(file), e);
    }
  }

  /** Reads; {@code what} is for messages, such as {@code "the points of i-1"}. */
  <T> T read(String what, Work<T> work) {
    turn.lock();
    try {
      return work.run(this);
    } catch (SQLException e) {
      forgetStatementsAfter(e);
      throw failed(what + " could not be read from '" + file + "'", e);
    } finally {
      turn.unlock();
    }
  }

  /** Changes everything or nothing; {@code what} is for messages. */
  <T> T write(String what, Work<T> work) {
    turn.lock();
    try {
      connection.setAutoCommit(false);
      T result;
      try {
        result = work.run(this);
        failPoints.reached(Step.BEFORE_COMMIT);
        connection.commit();
      } catch (SQLException | RuntimeException | Error e) {
        rollBackAfter(e);
        throw e;
      }
      connection.setAutoCommit(true);
      failPoints.reached(Step.AFTER_COMMIT);
      return result;
    } catch (SQLException e) {
      throw failed(what + " could not be written to '" + file + "'", e);
    } finally {
      turn.unlock();
    }
  }

  /** The driver silently closes a statement that failed, so all are prepared again. */
  private void forgetStatementsAfter(Throwable failure) {
    statements.values().forEach(statement -> attempt(statement::close, failure));
    statements.clear();
  }

  private void rollBackAfter(Throwable failure) {
    forgetStatementsAfter(failure);
    // Fails if SQLite has already rolled back, as it does when the disk is full.
    attempt(connection::rollback, failure);
    attempt(() -> connection.setAutoCommit(true), failure);
  }

  /** A second failure is added to the first, which the caller throws. */
  private static void attempt(CleanUp cleanUp, Throwable failure) {
    try {
      cleanUp.run();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  /** The cached statement; use it only within a {@link Work}, and not in a nested use of itself. */
  PreparedStatement statement(String sql) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    statement.clearBatch();
    return statement;
  }

  <T> List<T> rows(String sql, RowReader<T> reader, Object... parameters) throws SQLException {
    List<T> found = new ArrayList<>();
    try (ResultSet rows = bound(sql, parameters).executeQuery()) {
      while (rows.next()) {
        found.add(reader.read(rows));
      }
    }
    return found;
  }

  /** Returns how many rows changed. */
  int update(String sql, Object... parameters) throws SQLException {
    return bound(sql, parameters).executeUpdate();
  }

  private PreparedStatement bound(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = statement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  private static RuntimeException failed(String what, SQLException e) {
    if (e instanceof SQLiteException sqlite && DAMAGED.contains(sqlite.getResultCode())) {
      return new IllegalStateException(
          what
              + ": it is damaged or not a database; move it away, and it is rebuilt from the raw files",
          e);
    }
    return new RetryableFailureException(what + ": " + e.getMessage(), e);
  }

  @Override
  public void close() {
    turn.lock();
    try {
      for (PreparedStatement statement : statements.values()) {
        statement.close();
      }
      statements.clear();
      connection.close();
    } catch (SQLException e) {
      throw failed("the database '%s' could not be closed".formatted(file), e);
    } finally {
      turn.unlock();
    }
  }

  @FunctionalInterface
  interface Work<T> {
    T run(Database database) throws SQLException;
  }

  @FunctionalInterface
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private interface CleanUp {
    void run() throws SQLException;
  }

  /**
   * SQLite's library, which the driver unpacks to a file of a megabyte before it loads it. A
   * process that is ended by a signal would leave that file in the temporary folder, one for each
   * start.
   */
  private static final class NativeLibrary {

    static final String FOLDER = ".native";

    /** The driver's setting of the folder to unpack to. */
    private static final String UNPACK_TO = "org.sqlite.tmpdir";

    private NativeLibrary() {}

    /**
     * Loads the library, unpacked into {@code folder}, and removes what can be removed of it: on
     * Windows the file of a loaded library stays until the next start. Where the data folder may
     * not have programs, or somebody chose another folder, the driver loads it as ever.
     */
    static synchronized void load(Path folder) {
      if (System.getProperty(UNPACK_TO) != null || Files.isSymbolicLink(folder)) {
        return;
      }
      try {
        Files.createDirectories(folder);
        System.setProperty(UNPACK_TO, folder.toString());
        boolean unused = SQLiteJDBCLoader.initialize();
      } catch (Exception e) {
        LOG.info("SQLite's library cannot be loaded from '{}': {}", folder, e.toString());
      } finally {
        System.clearProperty(UNPACK_TO);
      }
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(file);
          }
        }
        Files.delete(folder);
      } catch (IOException e) {
        LOG.debug("'{}' is removed at the next start", folder, e);
      }
    }
  }
}
