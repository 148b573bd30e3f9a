package io.inframetrics.workflow.execution;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the actions of an execution one at a time, ordered by time, on the thread that runs the
 * execution. Actions of the same instant run in the order they were scheduled. So the interpreter
 * needs no locks, and the same execution always interleaves its branches in the same way.
 */
abstract class EventLoop {

  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private long scheduled;

  static final class Timer implements Comparable<Timer>, Cancellable {
    private final Instant time;
    private final long order;
    private final Runnable action;
    private boolean cancelled;

    private Timer(Instant time, long order, Runnable action) {
      this.time = time;
      this.order = order;
      this.action = action;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public int compareTo(Timer other) {
      int byTime = time.compareTo(other.time);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  @FunctionalInterface
  interface Cancellable {
    void cancel();
  }

  abstract Instant now();

  /** Waits for an instant or an earlier action; false if neither will ever come. */
  abstract boolean advance(@Nullable Instant next) throws InterruptedException;

  /** Runs a task, then passes its outcome to {@code done} on this loop's thread. */
  abstract Cancellable call(Supplier<TaskOutcome> task, Consumer<TaskOutcome> done);

  /** Passes an action from any thread to this loop's thread, which runs it soon. */
  abstract void post(Runnable action);

  /** Stops all running tasks. */
  abstract void close();

  Timer at(Instant time, Runnable action) {
    Timer timer = new Timer(time, scheduled++, action);
    timers.add(timer);
    return timer;
  }

  Timer after(Duration delay, Runnable action) {
    return at(now().plus(delay), action);
  }

  /** Schedules an action after everything that is already due. */
  Timer soon(Runnable action) {
    return at(now(), action);
  }

  /** Runs actions as they become due, until the execution has ended. */
  void run(BooleanSupplier finished) throws InterruptedException {
    while (!finished.getAsBoolean()) {
      Timer first = timers.peek();
      if (first != null && first.cancelled) {
        timers.remove();
        continue;
      }
      if (first != null && !first.time.isAfter(now())) {
        timers.remove().action.run();
        continue;
      }
      if (!advance(first == null ? null : first.time)) {
        throw new IllegalStateException("the execution has nothing left to do and has not ended");
      }
    }
  }
}
