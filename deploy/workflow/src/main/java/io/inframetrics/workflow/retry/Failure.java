package io.inframetrics.workflow.retry;

import io.inframetrics.workflow.data.ErrorName;
import org.jspecify.annotations.Nullable;

/**
 * Why a state, a branch or an execution failed.
 *
 * @param error the error name; null only for a Fail state that names none
 * @param cause the text for the error; null if there is none
 * @param reportedByTask whether a task reported it. States.ALL catches a States.DataLimitExceeded
 *     that a task reported, but not one that the interpreter found.
 * @param heartbeat whether a task missed its heartbeat. Step Functions reports that as
 *     States.Timeout, and Retry and Catch may also name it States.HeartbeatTimeout.
 * @hidden
 */
public record Failure(
    @Nullable String error, @Nullable String cause, boolean reportedByTask, boolean heartbeat) {

  public Failure(@Nullable String error, @Nullable String cause, boolean reportedByTask) {
    this(error, cause, reportedByTask, false);
  }

  /** A task ran for longer than its limit. */
  public static Failure timeout(boolean heartbeat) {
    return new Failure(ErrorName.TIMEOUT, null, true, heartbeat);
  }

  /** A failure that the interpreter found while it ran a state. */
  public static Failure of(String error, String cause) {
    return new Failure(error, cause, false);
  }

  /** Whether a test has no result for a task, which says nothing about the state machine. */
  public boolean isGapInTest() {
    return ErrorName.NO_TASK_RESULT.equals(error);
  }

  /** Whether no Retry and no Catch may handle it: States.Runtime, and a gap in a test. */
  boolean isTerminal() {
    return ErrorName.RUNTIME.equals(error) || isGapInTest();
  }
}
