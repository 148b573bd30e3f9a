package io.inframetrics.workflow.execution;

import java.time.Duration;
import java.time.Instant;

/**
 * Follows an execution as it runs. Called on the thread that runs the execution, between two steps:
 * slow methods delay the execution, and an exception from one ends {@link Execution#run}.
 */
public interface ExecutionListener {

  ExecutionListener NONE = new ExecutionListener() {};

  default void onStateEntered(String state, Instant time) {}

  /** Called when a state is left, {@code inState} after it was entered. */
  default void onStateExited(String state, StateOutcome outcome, Duration inState) {}

  /** Called when a Wait state starts to wait. */
  default void onWait(String state, Duration delay) {}

  /** Called before the delay of a retry; {@code attempt} counts retries from 1. */
  default void onRetryScheduled(String state, String error, int attempt, Duration delay) {}
}
