package io.inframetrics.sink.local;

import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a listener of raw files, as storage events do: of each that lands and has no processed
 * mark, asynchronously, at least once, in no certain order. A file that landed while nobody
 * listened, was left by a process that was killed, or was put there by hand is found by {@link
 * #scan}.
 *
 * <p>A listener that throws is told again after 1, 2 and 4 seconds; after that the log says so and
 * the file waits for the next scan. One file is never delivered to two threads at once. Safe to use
 * from several threads.
 */
public final class RawFileEvents implements AutoCloseable {

  /** Deliveries of a file before it is left for the next scan. */
  public static final int MAX_ATTEMPTS = 4;

  private static final Logger LOG = LoggerFactory.getLogger(RawFileEvents.class);

  private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

  /** How often a wait looks at a deadline's clock, which may not be the machine's. */
  private static final long LOOK_MILLIS = 20;

  private final LocalRawMetrics rawMetrics;
  private final WaitingFiles waiting;
  private final Listener listener;
  private final Workers workers;
  private final Consumer<String> onCommit = this::queue;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Files that are queued, being delivered or waiting to be delivered again. */
  private final Set<String> open = new HashSet<>();

  /** Those of them that are being delivered. */
  private final Set<String> running = new HashSet<>();

  private boolean closed;

  RawFileEvents(
      LocalRawMetrics rawMetrics, WaitingFiles waiting, Listener listener, Workers workers) {
    this.rawMetrics = rawMetrics;
    this.waiting = waiting;
    this.listener = listener;
    this.workers = workers;
  }

  /** Takes the event of a raw file. */
  @FunctionalInterface
  public interface Listener {

    /**
     * Processes a file. To return means that it need not be told again in this process; the
     * processed mark alone says so for ever.
     *
     * @param key of the raw file
     * @throws Exception to be told again later
     */
    void rawFileLanded(String key) throws Exception;
  }

  /** The threads that deliver, and their sense of time. */
  public interface Workers extends Executor {

    /** Runs {@code task} after {@code delay}, or never once closed. */
    void executeAfter(Duration delay, Runnable task);

    /** Takes no more tasks; called once, when no delivery is under way. */
    void close();
  }

  /** Starts to listen, and scans once. */
  void start() {
    rawMetrics.addListener(onCommit);
    scan();
  }

  /**
   * Delivers every raw file that has no processed mark. Names on disk are compared with marks
   * folder by folder, and folders in which nothing waits are skipped until they change: a mark that
   * is removed by hand counts from the next opening on.
   *
   * @return how many files were found waiting, those that are being delivered not counted
   * @throws RetryableFailureException if a folder cannot be read
   */
  public int scan() {
    try {
      return waiting.scan(this::queue);
    } catch (IOException e) {
      throw new RetryableFailureException("the raw files could not be scanned: " + e, e);
    }
  }

  private boolean queue(String key) {
    lock.lock();
    try {
      if (closed || !open.add(key)) {
        return false;
      }
    } finally {
      lock.unlock();
    }
    workers.execute(() -> deliver(key, 1));
    return true;
  }

  private void deliver(String key, int attempt) {
    if (!begin(key)) {
      return;
    }
    boolean retry = false;
    try {
      listener.rawFileLanded(key);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.info("the processing of '{}' was interrupted: the next scan finds it again", key);
    } catch (Exception e) {
      if (attempt < MAX_ATTEMPTS) {
        LOG.warn("raw file '{}' was not processed at attempt {}: {}", key, attempt, e.toString());
        retry = true;
      } else {
        LOG.error(
            "raw file '{}' was not processed in {} attempts: the next scan tries again",
            key,
            MAX_ATTEMPTS,
            e);
      }
    } catch (Error e) {
      LOG.error("raw file '{}' was not processed: the next scan tries again", key, e);
      throw e;
    } finally {
      end(key, retry, attempt);
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
   * Waits until no file is queued, being delivered or waiting to be delivered again.
   *
   * @return false if the deadline came first
   * @throws InterruptedException if told to stop waiting
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
   * Stops listening and waits for deliveries under way; what is queued or waits to be delivered
   * again is left for the next process. Safe to call twice, not from the listener.
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
