package io.inframetrics.workflow.execution;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs what an execution has to do, one action at a time and in the order of time, on the thread
 * that runs the execution. Actions of the same instant run in the order they were scheduled. So the
 * interpreter needs no locks, and the same execution always interleaves its branches in the same
 * way.
 */
abstract class EventLoop {

  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private long scheduled;

  /** Something that will happen, unless it is cancelled. */
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

  /**
   * Waits until an instant or until there is something earlier to do; false when there never will
   * be.
   */
  abstract boolean advance(@Nullable Instant next) throws InterruptedException;

  /** Has a task done and then hands its outcome over, on this loop. */
  abstract Cancellable call(Supplier<TaskOutcome> task, Consumer<TaskOutcome> done);

  /** Stops whatever still runs. */
  abstract void close();

  Timer at(Instant time, Runnable action) {
    Timer timer = new Timer(time, scheduled++, action);
    timers.add(timer);
    return timer;
  }

  Timer after(Duration delay, Runnable action) {
    return at(now().plus(delay), action);
  }

  /** As soon as everything that is due already has run. */
  Timer soon(Runnable action) {
    return at(now(), action);
  }

  /**
   * Runs what is due, until the execution has ended.
   *
   * @throws InterruptedException when the running thread is interrupted
   */
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
