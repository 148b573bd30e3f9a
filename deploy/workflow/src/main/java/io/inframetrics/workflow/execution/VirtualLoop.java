package io.inframetrics.workflow.execution;

import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Jumps to the time of the next action, so that days of waiting take no time. */
final class VirtualLoop extends EventLoop {

  private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
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
    Runnable action = posted.poll();
    if (action != null) {
      action.run();
      return true;
    }
    if (next == null) {
      return false;
    }
    now = next;
    return true;
  }

  /** Runs the task at once and delivers its outcome after the duration that the outcome reports. */
  @Override
  Cancellable call(Supplier<TaskOutcome> task, Consumer<TaskOutcome> done) {
    TaskOutcome outcome = task.get();
    return after(outcome.duration(), () -> done.accept(outcome));
  }

  @Override
  void post(Runnable action) {
    posted.add(action);
  }

  @Override
  void close() {}
}
