package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.state.Failure;
import io.inframetrics.workflow.state.TaskResource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What came of one invocation of a task: a result or a failure. */
record TaskOutcome(@Nullable JsonNode result, @Nullable Failure failure) {

  /** Invokes the handler and turns its exceptions into what Step Functions makes of them. */
  static TaskOutcome of(TaskHandler handler, TaskCall call) {
    try {
      JsonNode result = handler.handle(call);
      if (SizeLimit.exceeded(result)) {
        return failed(
            ErrorName.DATA_LIMIT_EXCEEDED,
            SizeLimit.message(TaskResource.service(call.resource())));
      }
      return new TaskOutcome(result, null);
    } catch (TaskFailure e) {
      return failed(e.error(), e.cause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed(e.getClass().getName(), lambdaCause(e));
    } catch (Exception e) {
      return failed(e.getClass().getName(), lambdaCause(e));
    }
  }

  private static TaskOutcome failed(String error, @Nullable String cause) {
    return new TaskOutcome(null, new Failure(error, cause, true));
  }

  /** As the Lambda runtime for Java reports an exception, without its stack trace. */
  private static String lambdaCause(Exception e) {
    ObjectNode cause = Json.NODES.objectNode();
    cause.put("errorMessage", String.valueOf(e.getMessage()));
    cause.put("errorType", e.getClass().getName());
    return Json.text(cause);
  }

  void handle(Consumer<JsonNode> onResult, Consumer<Failure> onFailure) {
    if (failure != null) {
      onFailure.accept(failure);
    } else if (result != null) {
      onResult.accept(result);
    } else {
      onResult.accept(Json.NODES.nullNode());
    }
  }
}
