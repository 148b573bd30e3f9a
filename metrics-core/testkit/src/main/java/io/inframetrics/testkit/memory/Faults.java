package io.inframetrics.testkit.memory;

import io.inframetrics.pipeline.RetryableFailureException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Planned failures, by operation, in the order in which they were planned. Each call of an
 * operation uses one up. Thread-safe.
 */
public final class Faults {

  private final Map<Operation, Deque<Fault>> planned = new EnumMap<>(Operation.class);
  private final Map<Operation, Integer> calls = new EnumMap<>(Operation.class);

  public enum When {
    /** Nothing was done. */
    BEFORE,
    /** Everything was done but the answer was lost, as by a cut connection. */
    AFTER
  }

  /**
   * Makes the next calls fail with {@link RetryableFailureException} and do nothing.
   *
   * @param count calls that fail; {@link Integer#MAX_VALUE} for all
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

  /** Makes the next {@code count} calls fail with the exceptions that {@code failure} creates. */
  public synchronized void failNext(
      int count, Operation operation, When when, Supplier<RuntimeException> failure) {
    if (count < 1) {
      throw new IllegalArgumentException("count of failures is %d: use 1 or more".formatted(count));
    }
    planned
        .computeIfAbsent(operation, key -> new ArrayDeque<>())
        .addLast(new Fault(count, when, failure));
  }

  /** Lets the next {@code count} calls succeed; failures planned after this come later. */
  public synchronized void passNext(int count, Operation operation) {
    planned
        .computeIfAbsent(operation, key -> new ArrayDeque<>())
        .addLast(new Fault(count, When.BEFORE, null));
  }

  /** Cancels the planned failures. */
  public synchronized void clear() {
    planned.clear();
  }

  /** How often the operation was called, including failures. */
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
