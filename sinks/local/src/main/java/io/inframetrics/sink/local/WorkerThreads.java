package io.inframetrics.sink.local;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Daemon threads that deliver events in real time. */
final class WorkerThreads implements RawFileEvents.Workers {

  private static final int THREADS = 2;

  private final ScheduledThreadPoolExecutor threads;

  WorkerThreads() {
    AtomicInteger number = new AtomicInteger();
    threads =
        new ScheduledThreadPoolExecutor(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "raw-file-events-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            },
            // Closed meanwhile: the next scan finds dropped files.
            new ThreadPoolExecutor.DiscardPolicy());
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void execute(Runnable task) {
    threads.execute(task);
  }

  @Override
  public void executeAfter(Duration delay, Runnable task) {
    var unused = threads.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
