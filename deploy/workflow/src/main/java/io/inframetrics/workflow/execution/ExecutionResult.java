package io.inframetrics.workflow.execution;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How an execution ended.
 *
 * @param output null unless it succeeded
 * @param error the error name; null if it succeeded, or if a Fail state names none
 * @param cause the text for the error; null if there is none
 */
public record ExecutionResult(
    ExecutionStatus status,
    @Nullable JsonNode output,
    @Nullable String error,
    @Nullable String cause,
    Trace trace) {

  public boolean succeeded() {
    return status == ExecutionStatus.SUCCEEDED;
  }
}
