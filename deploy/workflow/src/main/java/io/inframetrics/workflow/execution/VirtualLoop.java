package io.inframetrics.workflow.execution;

import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;
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

  /** The task is done at once; its outcome arrives when the duration it reports has passed. */
  @Override
  Cancellable call(Supplier<TaskOutcome> task, Consumer<TaskOutcome> done) {
    TaskOutcome outcome = task.get();
    return after(outcome.duration(), () -> done.accept(outcome));
  }

  @Override
  void close() {}
}
