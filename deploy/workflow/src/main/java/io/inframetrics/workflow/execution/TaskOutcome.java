package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.resource.TaskResource;
import io.inframetrics.workflow.retry.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The outcome of one invocation of a task.
 *
 * @param duration on a virtual clock
 * @param result null, as JSON, if it failed
 * @param failure null if it succeeded
 */
record TaskOutcome(Duration duration, JsonNode result, @Nullable Failure failure) {

  /** Calls the handler and converts its exceptions into the errors of Step Functions. */
  static TaskOutcome of(TaskHandler handler, TaskCall call) {
    try {
      JsonNode result = handler.handle(call);
      if (result == null) {
        return failed(call, ErrorName.NO_TASK_RESULT, nothing(call));
      }
      if (SizeLimit.exceeded(result)) {
        return failed(
            call,
            ErrorName.DATA_LIMIT_EXCEEDED,
            SizeLimit.message(TaskResource.service(call.resource())));
      }
      return new TaskOutcome(call.duration(), result, null);
    } catch (TaskFailure e) {
      return failed(call, e.error(), e.cause());
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      return failed(call, e.getClass().getName(), lambdaCause(e));
    }
  }

  private static TaskOutcome failed(TaskCall call, String error, @Nullable String cause) {
    return new TaskOutcome(call.duration(), Json.NODES.nullNode(), new Failure(error, cause, true));
  }

  private static String nothing(TaskCall call) {
    return "the task handler returned null for state '%s' and resource '%s': return JSON"
        .formatted(call.state(), call.resource());
  }

  /** The cause as the Lambda runtime for Java reports it, without the stack trace. */
  private static String lambdaCause(Exception e) {
    return Json.text(
        Json.NODES
            .objectNode()
            .put("errorMessage", String.valueOf(e.getMessage()))
            .put("errorType", e.getClass().getName()));
  }
}
