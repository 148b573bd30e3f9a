package io.inframetrics.pipeline.analysis;

import io.inframetrics.metric.Point;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.time.Deadline;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads the points of series in their order, some series ahead of who takes them: a remote store
 * answers several questions in the time of one. No more than {@code reads} series are held at any
 * time. Belongs to one thread; closing it gives up what was not taken.
 */
final class ReadAhead implements AutoCloseable {

  private final Deque<FutureTask<List<Point>>> ahead = new ArrayDeque<>();
  private final Iterator<KnownSeries> rest;
  private final Function<KnownSeries, Supplier<List<Point>>> plan;
  private final Deadline deadline;
  private final Executor executor;
  private final int reads;

  /**
   * Begins nothing ahead after {@code deadline}; reads at most {@code reads} series at a time.
   *
   * @param plan how to read a series; asked in order by the thread that this belongs to
   */
  ReadAhead(
      List<KnownSeries> all,
      Function<KnownSeries, Supplier<List<Point>>> plan,
      Deadline deadline,
      Executor executor,
      int reads) {
    this.rest = all.iterator();
    this.plan = plan;
    this.deadline = deadline;
    this.executor = executor;
    this.reads = reads;
  }

  /** The points of the next series; throws what reading them threw. */
  List<Point> next() {
    fill();
    try {
      return ahead.remove().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("points could not be read: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetryableFailureException("reading points was interrupted", e);
    }
  }

  /** Gives up what is not begun; a read that is under way ends by its own deadline. */
  @Override
  public void close() {
    ahead.forEach(task -> task.cancel(false));
    ahead.clear();
  }

  private void fill() {
    while (rest.hasNext() && ahead.size() < reads && (ahead.isEmpty() || !deadline.hasPassed())) {
      KnownSeries known = rest.next();
      FutureTask<List<Point>> task = new FutureTask<>(planned(known));
      ahead.add(task);
      try {
        executor.execute(task);
      } catch (RejectedExecutionException e) {
        // A full or closed pool costs time, not series.
        task.run();
      }
    }
  }

  private Callable<List<Point>> planned(KnownSeries known) {
    try {
      return plan.apply(known)::get;
    } catch (RuntimeException e) {
      return () -> {
        throw e;
      };
    }
  }
}
