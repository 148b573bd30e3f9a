package io.inframetrics.sink.local;

import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.Notifier;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.Stores;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Every port over one folder of this machine. Open it once, share it between threads, close it at
 * the end; a process that ends without closing it loses nothing.
 *
 * <pre>{@code
 * try (LocalStores stores = LocalStores.open(Path.of("inframetrics-data"), Clock.systemUTC())) {
 *   RawFileEvents events = stores.deliverTo(key -> processRawMetrics(key));
 *   collectInto(stores.rawMetricSink(), stores.metricRecordSink(), stores.runLedger());
 *   events.awaitIdle(Deadline.after(Duration.ofMinutes(1), Clock.systemUTC()));
 * }
 * }</pre>
 */
public final class LocalStores implements Stores, AutoCloseable {

  static final String DATABASE = "inframetrics.db";

  private static final Duration EVER = Duration.ofDays(36_500);

  private final Path root;
  private final FolderLock lock;
  private final Database database;
  private final DurableFiles files;
  private final LocalRawMetrics rawMetrics;
  private final LocalRecords records;
  private final LocalRunLedger ledger;
  private final LocalDocuments documents;
  private final LocalPoints points;
  private final LocalNotifier notifier;
  private final Housekeeping housekeeping;
  private final List<RawFileEvents> events = new CopyOnWriteArrayList<>();

  /** The lock and the database, as the file system knows them. */
  private final List<Optional<Object>> opened;

  private LocalStores(
      Path root,
      FolderLock lock,
      Database database,
      DurableFiles files,
      Retention retention,
      Clock clock) {
    this.root = root;
    this.lock = lock;
    this.database = database;
    this.files = files;
    this.rawMetrics = new LocalRawMetrics(root, files, database);
    this.records = new LocalRecords(database, retention.records(), clock);
    this.ledger = new LocalRunLedger(database);
    this.points = new LocalPoints(root, files);
    this.housekeeping =
        new Housekeeping(
            root, files, database, rawMetrics.paths(), points, retention.files(), clock);
    this.documents = new LocalDocuments(root, files);
    this.notifier = new LocalNotifier(root, files, housekeeping, clock);
    this.opened = identities();
  }

  private List<Optional<Object>> identities() {
    return Stream.of(FolderLock.NAME, DATABASE).map(name -> identity(root.resolve(name))).toList();
  }

  /** What differs between a file and another one of the same name, where the system says so. */
  private static Optional<Object> identity(Path file) {
    try {
      return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    } catch (IOException e) {
      return Optional.of("gone");
    }
  }

  /**
   * Whether lock and database are still the files that were opened. If somebody deleted or replaced
   * the folder, close these stores and open it again: what they write would be lost, and another
   * process may use the new folder.
   */
  public boolean isStillThere() {
    return opened.equals(identities());
  }

  /**
   * Opens the stores of a folder, creating it if necessary.
   *
   * @param dataFolder on one file system, for one process at a time
   * @param clock sets when records expire and how notifications are named
   * @throws IllegalArgumentException if it is not a writable folder; the message names it and what
   *     to do
   * @throws IllegalStateException if another process holds it, or its database is damaged, of a
   *     newer version or of another program; the message names it and what to do
   */
  public static LocalStores open(Path dataFolder, Clock clock) {
    return open(dataFolder, Retention.DEFAULT, clock);
  }

  /** Like {@link #open(Path, Clock)}, with another retention than {@link Retention#DEFAULT}. */
  public static LocalStores open(Path dataFolder, Retention retention, Clock clock) {
    return open(dataFolder, retention, clock, FailPoints.NONE);
  }

  static LocalStores open(Path dataFolder, Clock clock, FailPoints failPoints) {
    return open(dataFolder, Retention.DEFAULT, clock, failPoints);
  }

  /**
   * The reports, records of runs and definitions in a folder, those in archives too. Needs no lock,
   * so another process may have the folder open. Only reads: whatever would write throws an {@link
   * UnsupportedOperationException}.
   */
  public static DocumentStore readOnly(Path dataFolder) {
    return LocalDocuments.readOnly(dataFolder.toAbsolutePath().normalize());
  }

  /**
   * Gives the records of a folder to {@code reader}, whatever their age. Needs no lock, so another
   * process may have the folder open.
   *
   * @throws IllegalStateException if there are none, or not of this version
   * @throws RetryableFailureException if they cannot be read now
   */
  public static <T> T readHistory(Path dataFolder, Clock clock, Function<MetricHistory, T> reader) {
    Path root = dataFolder.toAbsolutePath().normalize();
    try (Database database = Database.openToRead(root.resolve(DATABASE))) {
      return reader.apply(new LocalRecords(database, EVER, clock));
    }
  }

  private static LocalStores open(
      Path dataFolder, Retention retention, Clock clock, FailPoints failPoints) {
    Path root = dataFolder.toAbsolutePath().normalize();
    try {
      Files.createDirectories(root);
      FolderLock lock = FolderLock.acquire(root);
      try {
        DurableFiles files = new DurableFiles(root, failPoints, true);
        Database database = Database.open(root.resolve(DATABASE), failPoints);
        return new LocalStores(root, lock, database, files, retention, clock);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "data folder '%s' cannot be used (%s): name a folder that this user can write to"
              .formatted(root, reason(e)),
          e);
    }
  }

  @Override
  public RawMetricSink rawMetricSink() {
    return rawMetrics;
  }

  /** Reads raw files, including those put there by hand. */
  @Override
  public RawMetricSource rawMetricSource() {
    return rawMetrics;
  }

  /** Stores records for as long as the retention says. */
  @Override
  public MetricRecordSink metricRecordSink() {
    return records;
  }

  @Override
  public MetricHistory metricHistory() {
    return records;
  }

  /** Appends points to {@code points/<UTC date>.jsonl}. */
  @Override
  public MetricPublisher metricPublisher() {
    return points;
  }

  /** Writes notifications to {@code notifications/}. */
  @Override
  public Notifier notifier() {
    return notifier;
  }

  @Override
  public RunLedger runLedger() {
    return ledger;
  }

  /** Keeps {@code quarantine/} and {@code reports/}. */
  @Override
  public DocumentStore documentStore() {
    return documents;
  }

  /**
   * Keeps the folder small: deletes what is older than the retention, puts older runs, reports and
   * notifications into a compressed archive of their day, and compresses data points. Call it
   * between runs, by one thread at a time; it usually has little to do.
   *
   * @throws RetryableFailureException if something cannot be read, written or deleted
   */
  public void tidy() {
    try {
      housekeeping.tidy();
    } catch (IOException e) {
      throw new RetryableFailureException(
          "data folder '%s' could not be tidied: %s".formatted(root, reason(e)), e);
    }
  }

  /** Absolute. */
  public Path dataFolder() {
    return root;
  }

  /** Like {@link #deliverTo(RawFileEvents.Listener, RawFileEvents.Workers)}, on two threads. */
  public RawFileEvents deliverTo(RawFileEvents.Listener listener) {
    return deliverTo(listener, new WorkerThreads());
  }

  /**
   * Delivers raw files to {@code listener} from now on: first those that already wait, then each
   * new one. Closed with these stores, or before.
   *
   * @param workers the threads and the delays between attempts; closed with the events
   */
  public RawFileEvents deliverTo(RawFileEvents.Listener listener, RawFileEvents.Workers workers) {
    WaitingFiles waiting = new WaitingFiles(root, rawMetrics.paths(), files, ledger);
    RawFileEvents started = new RawFileEvents(rawMetrics, waiting, listener, workers);
    try {
      started.start();
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
    events.add(started);
    return started;
  }

  /** Waits for deliveries in progress, then releases the folder. Safe to call twice. */
  @Override
  public void close() {
    events.forEach(RawFileEvents::close);
    try {
      database.close();
    } finally {
      lock.close();
    }
  }

  private static String reason(IOException e) {
    if (e instanceof FileAlreadyExistsException exists) {
      return exists.getFile() + " is a file, not a folder";
    }
    if (e instanceof AccessDeniedException denied) {
      return "no permission for " + denied.getFile();
    }
    if (e instanceof FileSystemException other && other.getReason() != null) {
      return other.getFile() + ": " + other.getReason();
    }
    return e.toString();
  }
}
