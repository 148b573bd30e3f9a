package io.inframetrics.sink.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Applies a function to several things, as many at once as the executor has threads. */
final class Parallel {

  private Parallel() {}

  /**
   * Returns the results in the order of {@code things}.
   *
   * @throws RuntimeException the first that {@code work} threw, when all are done
   */
  static <T, R> List<R> map(Executor executor, List<T> things, Function<T, R> work) {
    List<CompletableFuture<R>> futures = new ArrayList<>(things.size());
    for (T thing : things) {
      // The last one on this thread, which would only wait otherwise.
      boolean last = futures.size() == things.size() - 1;
      futures.add(
          CompletableFuture.supplyAsync(() -> work.apply(thing), last ? Runnable::run : executor));
    }
    CompletableFuture<?>[] all = futures.toArray(new CompletableFuture<?>[0]);
    CompletableFuture.allOf(all).handle((done, failure) -> true).join();
    try {
      return futures.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException e) {
      throw unwrapped(e);
    }
  }

  /** Applies {@code work} to chunks of {@code size}, the last one smaller; joins the results. */
  static <T, R> List<R> inChunks(
      Executor executor, List<T> list, int size, Function<List<T>, List<R>> work) {
    List<List<T>> chunks = new ArrayList<>();
    for (int from = 0; from < list.size(); from += size) {
      chunks.add(list.subList(from, Math.min(list.size(), from + size)));
    }
    return map(executor, chunks, work).stream().flatMap(List::stream).toList();
  }

  private static RuntimeException unwrapped(CompletionException e) {
    @Nullable Throwable cause = e.getCause();
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException failure ? failure : e;
  }
}
