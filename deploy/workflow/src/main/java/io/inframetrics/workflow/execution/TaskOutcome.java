package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.retry.Failure;
import io.inframetrics.workflow.state.TaskResource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What came of one invocation of a task.
 *
 * @param duration how long it took on a virtual clock
 * @param result null when it failed, as JSON
 * @param failure null when it did not fail
 */
record TaskOutcome(Duration duration, JsonNode result, @Nullable Failure failure) {

  /** Invokes the handler and turns its exceptions into what Step Functions makes of them. */
  static TaskOutcome of(TaskHandler handler, TaskCall call) {
    try {
      JsonNode result = handler.handle(call);
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

  /** As the Lambda runtime for Java reports an exception, without its stack trace. */
  private static String lambdaCause(Exception e) {
    return Json.text(
        Json.NODES
            .objectNode()
            .put("errorMessage", String.valueOf(e.getMessage()))
            .put("errorType", e.getClass().getName()));
  }
}
