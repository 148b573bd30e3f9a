package io.inframetrics.workflow.execution;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How an execution ended.
 *
 * @param status how
 * @param output what it returned; null unless it succeeded
 * @param error the error name; null when it succeeded, or when a Fail state names none
 * @param cause the text beside the error name; null when there is none
 * @param trace what happened on the way
 */
public record ExecutionResult(
    ExecutionStatus status,
    @Nullable JsonNode output,
    @Nullable String error,
    @Nullable String cause,
    Trace trace) {

  /** Whether the execution reached an end. */
  public boolean succeeded() {
    return status == ExecutionStatus.SUCCEEDED;
  }
}
