package io.inframetrics.workflow.execution;

import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Time jumps to whatever happens next: days of waiting take no time at all. */
final class VirtualLoop extends EventLoop {

  private Instant now;

  VirtualLoop(Instant start) {
    this.now = start;
  }

  @Override
  Instant now() {
    return now;
  }

  @Override
  boolean advance(@Nullable Instant next) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (next == null) {
      return false;
    }
    now = next;
    return true;
  }

  /** The work is done at once; its result arrives when the duration it reports has passed. */
  @Override
  <T> Cancellable call(Callable<Timed<T>> work, Consumer<T> done) {
    Timed<T> result;
    try {
      result = work.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return after(result.duration(), () -> done.accept(result.value()));
  }

  @Override
  void close() {}
}
