package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.definition.DefinitionObject;
import io.inframetrics.workflow.retry.ErrorHandling;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * Calls the execution's task handler.
 *
 * <p>Heartbeats belong to activities and callbacks, which are not supported here; their fields are
 * checked and, like Credentials, have no effect on a Lambda function.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html">Task</a>
 */
final class TaskState extends State {

  private final String resource;
  private final DataFlow flow;
  private final NumberField timeout;
  private final NumberField heartbeat;
  private final ErrorHandling errorHandling;

  TaskState(String name, DefinitionObject fields) {
    super(name, "Task", nextOf(fields));
    this.resource = fields.requiredString("Resource");
    String refusal = TaskResource.refusal(resource);
    if (!refusal.isEmpty()) {
      fields.problem("Resource", refusal);
    }
    this.flow = DataFlow.load(fields, "Parameters", "ResultSelector", "ResultPath");
    this.timeout = limit(fields, "TimeoutSeconds");
    this.heartbeat = limit(fields, "HeartbeatSeconds");
    if (timeout.constant() != null
        && heartbeat.constant() != null
        && heartbeat.constant() >= timeout.constant()) {
      fields.problem("HeartbeatSeconds", "HeartbeatSeconds must be smaller than TimeoutSeconds");
    }
    fields.template("Credentials");
    this.errorHandling = ErrorHandling.load(fields, false);
  }

  private static NumberField limit(DefinitionObject fields, String name) {
    fields.oneOf(false, name, name + "Path");
    return NumberField.load(fields, name, 1);
  }

  @Override
  public ErrorHandling errorHandling() {
    return errorHandling;
  }

  @Override
  public void attempt(Visit visit) {
    Scope scope = visit.scope();
    Scope selected = scope.over(flow.selected(scope));
    Long limit = timeout.seconds(selected);
    // Evaluated only because a heartbeat path that does not find a number fails the state.
    heartbeat.seconds(selected);
    JsonNode input = flow.effective(scope);
    SizeLimit.check(input, name());
    visit.invoke(
        resource,
        input,
        limit == null ? null : Duration.ofSeconds(limit),
        result -> succeed(visit, flow, result));
  }
}
