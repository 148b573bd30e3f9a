package io.inframetrics.testkit.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Runs the same work from many threads that start at one moment. */
final class Together {

  private static final long SECONDS = 60;

  private Together() {}

  /** What {@code work} answered for each item, in their order; fails like the first failure. */
  static <T, R> List<R> run(List<T> items, Function<T, R> work) {
    ExecutorService threads = Executors.newFixedThreadPool(items.size());
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<R>> futures = new ArrayList<>();
      for (T item : items) {
        futures.add(
            threads.submit(
                () -> {
                  start.await();
                  return work.apply(item);
                }));
      }
      start.countDown();
      List<R> results = new ArrayList<>();
      for (Future<R> future : futures) {
        results.add(future.get(SECONDS, TimeUnit.SECONDS));
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while threads were working", e);
    } catch (ExecutionException e) {
      throw new AssertionError("a thread failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("a thread had not finished after " + SECONDS + " s", e);
    } finally {
      threads.shutdownNow();
    }
  }
}
