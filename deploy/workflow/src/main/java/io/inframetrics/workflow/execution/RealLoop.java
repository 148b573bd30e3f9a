package io.inframetrics.workflow.execution;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Time passes by itself; each task runs on a thread of its own and hands its result back to the
 * loop.
 */
final class RealLoop extends EventLoop {

  private static final AtomicInteger THREADS = new AtomicInteger();

  private final Instant start = Instant.now();
  // Elapsed time must not jump when somebody sets the machine's clock.
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
    Runnable action;
    if (next == null) {
      action = arrived.take();
    } else {
      action = arrived.poll(Duration.between(now(), next).toNanos(), TimeUnit.NANOSECONDS);
    }
    if (action != null) {
      action.run();
    }
    return true;
  }

  @Override
  <T> Cancellable call(Callable<Timed<T>> work, Consumer<T> done) {
    Arrival<T> arrival = new Arrival<>(work, done);
    tasks.execute(arrival);
    return arrival;
  }

  @Override
  void close() {
    tasks.shutdownNow();
  }

  private final class Arrival<T> extends FutureTask<Timed<T>> implements Cancellable {
    private final Consumer<T> consumer;

    Arrival(Callable<Timed<T>> work, Consumer<T> consumer) {
      super(work);
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
        consumer.accept(get().value());
      } catch (ExecutionException e) {
        // The work turns exceptions into results; what arrives here is an Error or a defect, and
        // not ours to hide.
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
