package io.inframetrics.workflow.execution;

import java.time.Duration;
import java.time.Instant;

/**
 * Hears what happens while it happens. Called on the thread that runs the execution, between two
 * steps of it: what takes long here delays the execution, and an exception ends {@link
 * Execution#run} with it.
 */
public interface ExecutionListener {

  /** Hears nothing. */
  ExecutionListener NONE = new ExecutionListener() {};

  /** A state is entered. */
  default void onStateEntered(String state, Instant time) {}

  /** A state is left, {@code inState} after it was entered. */
  default void onStateExited(String state, StateOutcome outcome, Duration inState) {}

  /** A Wait state begins to wait. */
  default void onWait(String state, Duration delay) {}

  /**
   * A state will be retried.
   *
   * @param attempt which retry this will be, counted from 1
   * @param delay until then
   */
  default void onRetryScheduled(String state, String error, int attempt, Duration delay) {}
}
