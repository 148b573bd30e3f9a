package io.inframetrics.sink.local;

import static io.inframetrics.sink.local.RawFiles.DAY;
import static io.inframetrics.sink.local.RawFiles.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.sink.RunLedger.ProcessedMark;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawFileEventsTest {

  @TempDir Path folder;

  private final ManualClock clock = ManualClock.at(SampleMetrics.RUN.observedAt());
  private final ManualWorkers workers = new ManualWorkers();
  private final List<String> delivered = new ArrayList<>();
  private LocalStores stores;

  @BeforeEach
  void open() {
    stores = LocalStores.open(folder, clock);
  }

  @AfterEach
  void close() {
    stores.close();
  }

  @Test
  void deliversAFileThatLandsAfterItsCommit() {
    stores.deliverTo(this::process, workers);

    store(KEY);
    assertThat(delivered).as("asynchronously").isEmpty();
    workers.runAll();

    assertThat(delivered).containsExactly(KEY);
  }

  @Test
  void deliversNothingWhenARunFindsItsFileStored() {
    stores.deliverTo(this::process, workers);
    store(KEY);
    store(KEY);

    workers.runAll();

    assertThat(delivered).containsExactly(KEY);
  }

  @Test
  void deliversWhatWaitsWhenItStarts() throws IOException {
    store(KEY);
    drop("raw-metrics/2026/02/18/metrics-disk_usage-1.json");
    drop("raw-metrics/metric_type=cpu_utilization/dt=2026-02-19/metrics-cpu_utilization-2.json");
    drop(DAY + "metrics-cpu_utilization-3.json.tmp");
    drop(DAY + ".metrics-cpu_utilization-4.json.swp");
    store(DAY + "metrics-memory_usage-5.json");
    mark(DAY + "metrics-memory_usage-5.json");

    stores.deliverTo(this::process, workers);
    workers.runAll();

    assertThat(delivered)
        .containsExactlyInAnyOrder(
            KEY,
            "raw-metrics/2026/02/18/metrics-disk_usage-1.json",
            "raw-metrics/metric_type=cpu_utilization/dt=2026-02-19/metrics-cpu_utilization-2.json");
  }

  @Test
  void findsAgainWhatHasNoMarkAtTheNextScan() throws IOException {
    RawFileEvents events = stores.deliverTo(delivered::add, workers);
    drop(KEY);

    assertThat(events.scan()).isEqualTo(1);
    assertThat(events.scan()).as("queued already").isZero();
    workers.runAll();
    assertThat(events.scan()).as("returned without a mark").isEqualTo(1);
    mark(KEY);
    workers.runAll();

    assertThat(events.scan()).isZero();
    assertThat(delivered).containsExactly(KEY, KEY);
  }

  @Test
  void passesOverAFolderWhoseNameIsNoPartOfAKey() throws IOException {
    Path folder = stores.dataFolder().resolve("raw-metrics/not\ta key");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("metrics-cpu_utilization-1.json"), "{}");
    store(KEY);

    stores.deliverTo(this::process, workers);
    workers.runAll();

    assertThat(delivered).containsExactly(KEY);
  }

  @Test
  void deliversAgainAfterOneTwoAndFourSeconds() {
    AtomicInteger attempts = new AtomicInteger();
    RawFileEvents events =
        stores.deliverTo(
            key -> {
              if (attempts.incrementAndGet() < 4) {
                throw new IOException("not yet");
              }
              process(key);
            },
            workers);
    store(KEY);

    workers.runAll();
    assertThat(attempts).hasValue(1);
    workers.passTime();
    workers.passTime();
    workers.passTime();

    assertThat(workers.delays)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
    assertThat(delivered).containsExactly(KEY);
    assertThat(events.scan()).isZero();
  }

  @Test
  void leavesAFileForTheNextScanAfterFourAttempts() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    RawFileEvents events =
        stores.deliverTo(
            key -> {
              attempts.incrementAndGet();
              throw new IllegalStateException("never");
            },
            workers);
    store(KEY);
    workers.runAll();
    assertThat(events.awaitIdle(Deadlines.passed()))
        .as("not idle while a retry is pending")
        .isFalse();
    for (int i = 0; i < 3; i++) {
      workers.passTime();
    }

    assertThat(attempts).hasValue(RawFileEvents.MAX_ATTEMPTS);
    assertThat(workers.hasWork()).isFalse();
    assertThat(events.awaitIdle(Deadlines.passed())).isTrue();
    assertThat(events.scan()).isEqualTo(1);
  }

  @Test
  void deliversTheOthersWhenOneFails() {
    stores.deliverTo(
        key -> {
          if (key.equals(KEY)) {
            throw new IllegalStateException("this one never");
          }
          process(key);
        },
        workers);
    store(KEY);
    store(DAY + "metrics-memory_usage-1.json");

    workers.runAll();

    assertThat(delivered).containsExactly(DAY + "metrics-memory_usage-1.json");
  }

  @Test
  void dropsWhatIsQueuedWhenClosedAndFindsItNextTime() {
    RawFileEvents events = stores.deliverTo(this::process, workers);
    store(KEY);

    events.close();
    events.close();
    workers.runAll();
    store(DAY + "metrics-memory_usage-1.json");

    assertThat(delivered).isEmpty();
    assertThat(workers.closed).isEqualTo(1);
    ManualWorkers next = new ManualWorkers();
    stores.deliverTo(this::process, next);
    next.runAll();
    assertThat(delivered).containsExactly(KEY, DAY + "metrics-memory_usage-1.json");
  }

  @Test
  void deliversOnThreadsOfItsOwnAndCloseWaitsForThem() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Set<String> done = ConcurrentHashMap.newKeySet();
    RawFileEvents events =
        stores.deliverTo(
            key -> {
              started.countDown();
              goOn.await();
              mark(key);
              done.add(key);
            });
    store(KEY);
    started.await();
    assertThat(events.awaitIdle(Deadlines.passed())).isFalse();

    goOn.countDown();
    stores.close();

    assertThat(done).containsExactly(KEY);
    stores = LocalStores.open(folder, clock);
    assertThat(stores.deliverTo(this::process, workers).scan()).isZero();
    assertThat(workers.hasWork()).isFalse();
  }

  @Test
  void isIdleOnceEverythingIsDelivered() throws Exception {
    Set<String> done = ConcurrentHashMap.newKeySet();
    RawFileEvents events =
        stores.deliverTo(
            key -> {
              mark(key);
              done.add(key);
            });
    for (int i = 0; i < 50; i++) {
      store(DAY + "metrics-cpu_utilization-" + i + ".json");
    }

    assertThat(events.awaitIdle(Deadlines.inRealTime(Duration.ofMinutes(1)))).isTrue();

    assertThat(done).hasSize(50);
  }

  @Test
  void readsAFolderInWhichNothingWaitsAgainOnlyWhenItChanges() throws Exception {
    RawFileEvents events = stores.deliverTo(this::process, workers);
    store(KEY);
    workers.runAll();
    FileTime old = FileTime.from(Instant.now().minusSeconds(3_600));
    Files.setLastModifiedTime(folder.resolve(DAY), old);
    assertThat(events.scan()).isZero();
    unmark(KEY);

    assertThat(events.scan()).as("nothing changed in the folder").isZero();
    drop(DAY + "metrics-memory_usage-1.json");

    assertThat(events.scan()).isEqualTo(2);
    workers.runAll();
    drop(DAY + "metrics-memory_usage-2.json");
    assertThat(events.scan()).as("another file, within a tick of the clock").isEqualTo(1);
  }

  private void unmark(String key) throws SQLException {
    Path file = folder.resolve(LocalStores.DATABASE);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        PreparedStatement delete =
            connection.prepareStatement("DELETE FROM processed WHERE object_key = ?")) {
      delete.setString(1, key);
      assertThat(delete.executeUpdate()).isEqualTo(1);
    }
  }

  private void process(String key) {
    delivered.add(key);
    mark(key);
  }

  private void mark(String key) {
    stores
        .runLedger()
        .markProcessed(new ProcessedMark(key, 1, 0, clock.instant()), Deadlines.never());
  }

  private void store(String key) {
    RawFiles.store(stores, SampleMetrics.RUN, key, "content\n");
  }

  private void drop(String key) throws IOException {
    Path file = folder.resolve(key);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "by hand\n");
  }

  /** Workers that work when they are told to, on the test's thread. */
  private static final class ManualWorkers implements RawFileEvents.Workers {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Deque<Runnable> delayed = new ArrayDeque<>();
    private final List<Duration> delays = new ArrayList<>();
    private int closed;

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public void executeAfter(Duration delay, Runnable task) {
      delays.add(delay);
      delayed.add(task);
    }

    @Override
    public void close() {
      closed++;
    }

    boolean hasWork() {
      return !tasks.isEmpty() || !delayed.isEmpty();
    }

    void passTime() {
      tasks.addAll(delayed);
      delayed.clear();
      runAll();
    }

    void runAll() {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
    }
  }
}
