package io.inframetrics.cli;

import io.inframetrics.sink.local.RawFileEvents;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One thread that delivers raw files; a second attempt follows at once. */
final class WithoutDelays implements RawFileEvents.Workers {

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "deliveries");
            thread.setDaemon(true);
            return thread;
          });

  @Override
  public void execute(Runnable task) {
    thread.execute(task);
  }

  @Override
  public void executeAfter(Duration delay, Runnable task) {
    thread.execute(task);
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
