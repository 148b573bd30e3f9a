package io.inframetrics.sink.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Does the same with several things, as many at once as the executor has threads. */
final class Parallel {

  private Parallel() {}

  /**
   * What {@code work} answers for each, in their order.
   *
   * @throws RuntimeException the first that {@code work} threw, when all are done
   */
  static <T, R> List<R> map(Executor executor, List<T> things, Function<T, R> work) {
    List<CompletableFuture<R>> futures = new ArrayList<>(things.size());
    for (T thing : things) {
      // The last one in this thread, which would only wait.
      boolean last = futures.size() == things.size() - 1;
      futures.add(
          CompletableFuture.supplyAsync(() -> work.apply(thing), last ? Runnable::run : executor));
    }
    List<R> results = new ArrayList<>(things.size());
    RuntimeException failure = null;
    for (CompletableFuture<R> future : futures) {
      try {
        results.add(future.join());
      } catch (CompletionException e) {
        failure = failure == null ? unwrapped(e) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  /** The list in pieces of {@code size}, the last one what is left. */
  static <T> List<List<T>> chunks(List<T> list, int size) {
    List<List<T>> chunks = new ArrayList<>();
    for (int from = 0; from < list.size(); from += size) {
      chunks.add(list.subList(from, Math.min(list.size(), from + size)));
    }
    return chunks;
  }

  private static RuntimeException unwrapped(CompletionException e) {
    @Nullable Throwable cause = e.getCause();
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException failure ? failure : e;
  }
}
