package io.inframetrics.testkit.memory;

import io.inframetrics.pipeline.RetryableFailureException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Failures to come, by operation, in the order in which they were asked for. Each call of an
 * operation uses one up. Safe to use from several threads.
 */
public final class Faults {

  private final Map<Operation, Deque<Fault>> planned = new EnumMap<>(Operation.class);
  private final Map<Operation, Integer> calls = new EnumMap<>(Operation.class);

  /** When a call fails. */
  public enum When {
    /** Nothing was done. */
    BEFORE,
    /** Everything was done and the answer was lost: what a cut connection looks like. */
    AFTER
  }

  /**
   * Makes the next calls fail with {@link RetryableFailureException} and do nothing.
   *
   * @param count calls that fail; {@link Integer#MAX_VALUE} for all to come
   */
  public void failNext(int count, Operation operation) {
    failNext(count, operation, When.BEFORE);
  }

  /** Makes the next {@code count} calls fail with {@link RetryableFailureException}. */
  public void failNext(int count, Operation operation, When when) {
    failNext(
        count,
        operation,
        when,
        () -> new RetryableFailureException("planned failure of " + operation));
  }

  /** Makes the next {@code count} calls fail with what {@code failure} makes. */
  public synchronized void failNext(
      int count, Operation operation, When when, Supplier<RuntimeException> failure) {
    if (count < 1) {
      throw new IllegalArgumentException("count of failures is %d: use 1 or more".formatted(count));
    }
    planned
        .computeIfAbsent(operation, key -> new ArrayDeque<>())
        .addLast(new Fault(count, when, failure));
  }

  /** Lets the next {@code count} calls pass, for failures planned after this to come later. */
  public synchronized void passNext(int count, Operation operation) {
    planned
        .computeIfAbsent(operation, key -> new ArrayDeque<>())
        .addLast(new Fault(count, When.BEFORE, null));
  }

  /** Forgets the failures that have not come yet. */
  public synchronized void clear() {
    planned.clear();
  }

  /** How often the operation was called, failures included. */
  public synchronized int calls(Operation operation) {
    return calls.getOrDefault(operation, 0);
  }

  /** Runs {@code work} as one call of {@code operation}, failing as planned. */
  <T> T around(Operation operation, Supplier<T> work) {
    Fault fault = next(operation);
    Supplier<RuntimeException> failure = fault == null ? null : fault.failure();
    if (fault != null && failure != null && fault.when() == When.BEFORE) {
      throw failure.get();
    }
    T result = work.get();
    if (failure != null) {
      throw failure.get();
    }
    return result;
  }

  /** As {@link #around}, without a result. */
  void aroundRun(Operation operation, Runnable work) {
    around(
        operation,
        () -> {
          work.run();
          return Boolean.TRUE;
        });
  }

  private synchronized @Nullable Fault next(Operation operation) {
    calls.merge(operation, 1, Integer::sum);
    Deque<Fault> faults = planned.get(operation);
    Fault fault = faults == null ? null : faults.pollFirst();
    if (fault != null && faults != null && fault.left() > 1) {
      int left = fault.left() == Integer.MAX_VALUE ? Integer.MAX_VALUE : fault.left() - 1;
      faults.addFirst(new Fault(left, fault.when(), fault.failure()));
    }
    return fault;
  }

  private record Fault(int left, When when, @Nullable Supplier<RuntimeException> failure) {}
}
