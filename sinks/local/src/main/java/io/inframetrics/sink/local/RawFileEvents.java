package io.inframetrics.sink.local;

import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports raw files to a listener, as storage events do: every new file without a processed mark,
 * asynchronously, at least once, in any order. {@link #scan} finds files that were stored while
 * nobody listened, left by a killed process, or put there by hand.
 *
 * <p>If a listener throws, the file is delivered again after 1, 2 and 4 seconds; after that the
 * failure is logged, and each scan delivers it once. After an {@link InvalidRequestException},
 * which says that no second attempt can help, the file is left alone until it changes or the stores
 * are opened again. {@link #failed} names the files that are not processed. A file is never
 * delivered to two threads at once. Safe to use from several threads.
 */
public final class RawFileEvents implements AutoCloseable {

  /** Attempts to deliver a file before it is left for the next scan. */
  public static final int MAX_ATTEMPTS = 4;

  private static final Logger LOG = LoggerFactory.getLogger(RawFileEvents.class);

  private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

  /** How often a wait checks a deadline, which may have an injected clock. */
  private static final long LOOK_MILLIS = 20;

  private final LocalRawMetrics rawMetrics;
  private final WaitingFiles waiting;
  private final Listener listener;
  private final Workers workers;
  private final Consumer<String> onCommit = this::queue;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Files that are queued, being delivered or waiting for a retry. */
  private final Set<String> open = new HashSet<>();

  /** Files that could not be processed: those that are tried again, and those that are not. */
  private final Map<String, Failed> failed = new TreeMap<>();

  /** The open files that are being delivered. */
  private final Set<String> running = new HashSet<>();

  private boolean closed;

  RawFileEvents(
      LocalRawMetrics rawMetrics, WaitingFiles waiting, Listener listener, Workers workers) {
    this.rawMetrics = rawMetrics;
    this.waiting = waiting;
    this.listener = listener;
    this.workers = workers;
  }

  /**
   * A file that was not processed.
   *
   * @param state of the file at that time
   * @param forGood whether another attempt can help only if the file changes
   */
  private record Failed(String state, String reason, boolean forGood) {}

  @FunctionalInterface
  public interface Listener {

    /**
     * Processes a file. After a normal return it is not delivered again in this process; only the
     * processed mark makes that permanent.
     *
     * @throws Exception to get the file again later
     */
    void rawFileLanded(String key) throws Exception;
  }

  /** The threads that deliver, and their timer. */
  public interface Workers extends Executor {

    /** Runs {@code task} after {@code delay}; drops it if closed by then. */
    void executeAfter(Duration delay, Runnable task);

    /** Called once, when no delivery is in progress; no tasks follow. */
    void close();
  }

  /** Starts listening, and scans once. */
  void start() {
    rawMetrics.addListener(onCommit);
    scan();
  }

  /**
   * Delivers every raw file that has no processed mark. Compares file names with marks folder by
   * folder, and skips a folder in which nothing waits until it changes: if a mark is removed by
   * hand, the file is found only after the stores are opened again.
   *
   * @return how many waiting files were found, without those being delivered
   * @throws RetryableFailureException if a folder cannot be read
   */
  public int scan() {
    try {
      return waiting.scan(this::queue);
    } catch (IOException e) {
      throw new RetryableFailureException("the raw files could not be scanned: " + e, e);
    }
  }

  /**
   * The files that could not be processed, each with the reason, sorted by key. Those that were
   * processed, changed or deleted since are not among them.
   */
  public SortedMap<String, String> failed() {
    lock.lock();
    try {
      failed.entrySet().removeIf(file -> hasChanged(file.getKey(), file.getValue()));
      SortedMap<String, String> reasons = new TreeMap<>();
      failed.forEach((key, file) -> reasons.put(key, file.reason()));
      return reasons;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasChanged(String key, Failed file) {
    return !open.contains(key) && !file.state().equals(rawMetrics.state(key));
  }

  private boolean queue(String key) {
    int attempt;
    lock.lock();
    try {
      Failed before = failed.get(key);
      if (closed
          || (before != null && before.forGood() && !hasChanged(key, before))
          || !open.add(key)) {
        return false;
      }
      attempt = before == null ? 1 : MAX_ATTEMPTS;
    } finally {
      lock.unlock();
    }
    boolean queued = false;
    try {
      workers.execute(() -> deliver(key, attempt));
      queued = true;
    } finally {
      if (!queued) { // No thread could be started: the next scan finds the file.
        end(key, false, attempt);
      }
    }
    return true;
  }

  private void deliver(String key, int attempt) {
    if (!begin(key)) {
      return;
    }
    boolean retry = false;
    String state = rawMetrics.state(key);
    try {
      listener.rawFileLanded(key);
      failed(key, null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.info("the processing of '{}' was interrupted: the next scan retries it", key);
    } catch (InvalidRequestException e) {
      LOG.error("raw file '{}' can never be processed: correct or remove it", key, e);
      failed(key, new Failed(state, Texts.describe(e), true));
    } catch (Exception e) {
      failed(key, new Failed(state, Texts.describe(e), false));
      if (attempt < MAX_ATTEMPTS) {
        LOG.warn("raw file '{}' was not processed in attempt {}: {}", key, attempt, e.toString());
        retry = true;
      } else {
        LOG.error(
            "raw file '{}' was not processed in {} attempts: the next scan retries it",
            key,
            MAX_ATTEMPTS,
            e);
      }
    } catch (Error e) {
      LOG.error("raw file '{}' was not processed: the next scan retries it", key, e);
      failed(key, new Failed(state, Texts.describe(e), false));
      throw e;
    } finally {
      end(key, retry, attempt);
    }
  }

  private void failed(String key, @Nullable Failed now) {
    lock.lock();
    try {
      if (now == null) {
        failed.remove(key);
      } else {
        failed.put(key, now);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean begin(String key) {
    lock.lock();
    try {
      if (closed) {
        open.remove(key);
        changed.signalAll();
        return false;
      }
      return running.add(key);
    } finally {
      lock.unlock();
    }
  }

  private void end(String key, boolean retry, int attempt) {
    boolean again;
    lock.lock();
    try {
      again = retry && !closed;
      running.remove(key);
      if (!again) {
        open.remove(key);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (again) {
      Duration delay = FIRST_DELAY.multipliedBy(1L << (attempt - 1));
      workers.executeAfter(delay, () -> deliver(key, attempt + 1));
    }
  }

  /**
   * Waits until no file is queued, being delivered or waiting for a retry.
   *
   * @return false if the deadline passed first
   */
  public boolean awaitIdle(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!open.isEmpty()) {
        if (deadline.hasPassed()) {
          return false;
        }
        boolean unused = changed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stops listening and waits for deliveries in progress; queued files and retries are left for the
   * next process. Safe to call twice, but not from the listener.
   */
  @Override
  public void close() {
    rawMetrics.removeListener(onCommit);
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      open.retainAll(running);
      while (!open.isEmpty()) {
        changed.awaitUninterruptibly();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    workers.close();
  }
}
