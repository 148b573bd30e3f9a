package io.inframetrics.workflow.retry;

import io.inframetrics.workflow.data.ErrorName;
import org.jspecify.annotations.Nullable;

/**
 * Why a state, a branch or an execution failed.
 *
 * @param error the error name; null only for a Fail state that names none
 * @param cause the text beside it; null when there is none
 * @param reportedByTask whether a task answered it. A task that reports States.DataLimitExceeded
 *     can be caught by States.ALL; the same error found by the interpreter cannot.
 * @hidden
 */
public record Failure(@Nullable String error, @Nullable String cause, boolean reportedByTask) {

  /** Found by the interpreter while it ran a state. */
  public static Failure of(String error, String cause) {
    return new Failure(error, cause, false);
  }

  /**
   * Whether no Retry and no Catch may touch it, whatever they list: States.Runtime, and a gap in a
   * script.
   */
  boolean isTerminal() {
    return ErrorName.RUNTIME.equals(error) || ErrorName.NO_TASK_RESULT.equals(error);
  }
}
