package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.state.States;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How an execution ended. Two are equal if the executions went the same way; their definitions are
 * not compared.
 *
 * @param output null unless it succeeded
 * @param error the error name; null if it succeeded, or if a Fail state names none
 * @param cause the text for the error; null if there is none
 * @param trace what happened
 * @param machine the states of the definition, for assertions that check the names they are given
 */
public record ExecutionResult(
    ExecutionStatus status,
    @Nullable JsonNode output,
    @Nullable String error,
    @Nullable String cause,
    Trace trace,
    States machine) {

  /**
   * The states of the definition.
   *
   * @hidden
   */
  @Override
  public States machine() {
    return machine;
  }

  public boolean succeeded() {
    return status == ExecutionStatus.SUCCEEDED;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ExecutionResult that
        && status == that.status
        && Objects.equals(output, that.output)
        && Objects.equals(error, that.error)
        && Objects.equals(cause, that.cause)
        && trace.equals(that.trace);
  }

  @Override
  public int hashCode() {
    return Objects.hash(status, output, error, cause, trace);
  }

  @Override
  public String toString() {
    return "ExecutionResult[status=%s, output=%s, error=%s, cause=%s, trace=%s]"
        .formatted(status, output, error, cause, trace);
  }
}
