package io.inframetrics.workflow.execution;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Uses the machine's time; each task runs on its own thread and returns its result to the loop. */
final class RealLoop extends EventLoop {

  private static final AtomicInteger THREADS = new AtomicInteger();

  private final Instant start = Instant.now();
  // Elapsed time must not jump when the machine's clock is set.
  private final long startNanos = System.nanoTime();
  private final BlockingQueue<Runnable> arrived = new LinkedBlockingQueue<>();
  private final ExecutorService tasks =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "workflow-task-" + THREADS.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });

  @Override
  Instant now() {
    return start.plusNanos(System.nanoTime() - startNanos);
  }

  @Override
  boolean advance(@Nullable Instant next) throws InterruptedException {
    Runnable action =
        next == null
            ? arrived.take()
            : arrived.poll(Duration.between(now(), next).toNanos(), TimeUnit.NANOSECONDS);
    if (action != null) {
      action.run();
    }
    return true;
  }

  @Override
  Cancellable call(Supplier<TaskOutcome> task, Consumer<TaskOutcome> done) {
    Arrival arrival = new Arrival(task, done);
    tasks.execute(arrival);
    return arrival;
  }

  @Override
  void post(Runnable action) {
    arrived.add(action);
  }

  @Override
  void close() {
    tasks.shutdownNow();
  }

  private final class Arrival extends FutureTask<TaskOutcome> implements Cancellable {
    private final Consumer<TaskOutcome> consumer;

    Arrival(Supplier<TaskOutcome> task, Consumer<TaskOutcome> consumer) {
      super(task::get);
      this.consumer = consumer;
    }

    @Override
    public void cancel() {
      cancel(true);
    }

    @Override
    protected void done() {
      arrived.add(this::deliver);
    }

    private void deliver() {
      if (isCancelled()) {
        return;
      }
      try {
        consumer.accept(get());
      } catch (ExecutionException e) {
        // A task turns exceptions into results, so this is an Error or a bug; do not hide it.
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
