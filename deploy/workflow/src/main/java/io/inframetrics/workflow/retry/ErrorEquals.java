package io.inframetrics.workflow.retry;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.definition.DefinitionObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Matches failures against an ErrorEquals list.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html">Handling
 *     errors in Step Functions workflows</a>
 */
record ErrorEquals(List<String> names) {

  /** Reads the list; only the last retrier or catcher may have States.ALL, with no other name. */
  static ErrorEquals load(DefinitionObject fields, boolean last) {
    JsonNode value = fields.value("ErrorEquals");
    if (value == null || !value.isArray() || value.isEmpty()) {
      fields.problem("ErrorEquals must be an array of at least one error name");
      return new ErrorEquals(List.of());
    }
    List<String> names = new ArrayList<>();
    for (JsonNode name : value) {
      if (name.isString()) {
        names.add(name.stringValue());
      } else {
        fields.problem("ErrorEquals", "an error name must be a string");
      }
    }
    if (names.contains(ErrorName.ALL) && (names.size() > 1 || !last)) {
      fields.problem("ErrorEquals", "States.ALL must be alone, and in the last element");
    }
    return new ErrorEquals(List.copyOf(names));
  }

  /**
   * Whether the list matches. It never matches States.Runtime. States.ALL does not match a
   * States.DataLimitExceeded that the interpreter found; recorded runs show that it catches one
   * that a task reported. States.TaskFailed matches what States.ALL does, except States.Timeout.
   */
  boolean matches(Failure failure, boolean ofBranches) {
    if (failure.isTerminal()) {
      return false;
    }
    String error = failure.error();
    boolean wild = failure.reportedByTask() || !ErrorName.DATA_LIMIT_EXCEEDED.equals(error);
    for (String name : names) {
      boolean hit =
          switch (name) {
            case ErrorName.ALL -> wild;
            case ErrorName.TASK_FAILED -> wild && error != null && !isTimeout(error);
            case ErrorName.TIMEOUT -> isTimeout(error);
            case ErrorName.HEARTBEAT_TIMEOUT -> failure.heartbeat() || name.equals(error);
            case ErrorName.BRANCH_FAILED -> (ofBranches && wild) || name.equals(error);
            default -> name.equals(error);
          };
      if (hit) {
        return true;
      }
    }
    return false;
  }

  /** A missed heartbeat counts as a timeout. */
  private static boolean isTimeout(@Nullable String error) {
    return ErrorName.TIMEOUT.equals(error) || ErrorName.HEARTBEAT_TIMEOUT.equals(error);
  }
}
