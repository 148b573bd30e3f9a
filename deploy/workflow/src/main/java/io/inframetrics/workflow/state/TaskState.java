package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.definition.DefinitionObject;
import io.inframetrics.workflow.resource.TaskRequest;
import io.inframetrics.workflow.resource.TaskResource;
import io.inframetrics.workflow.retry.ErrorHandling;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * Calls the execution's task handler. A task with a token, which is a callback or an activity, must
 * send a heartbeat more often than HeartbeatSeconds; on any other task the field has no effect.
 * Credentials are checked, and change nothing, because no call leaves this process.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html">Task</a>
 */
final class TaskState extends State {

  private final String resource;
  private final String kind;
  private final boolean callback;
  private final DataFlow flow;
  private final NumberField timeout;
  private final NumberField heartbeat;
  private final ErrorHandling errorHandling;

  TaskState(String name, DefinitionObject fields) {
    super(name, "Task", nextOf(fields));
    this.resource = fields.requiredString("Resource");
    this.kind = TaskResource.kind(resource);
    this.callback = TaskResource.hasToken(resource);
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
    checkCredentials(fields);
    this.errorHandling = ErrorHandling.load(fields, false);
  }

  private static void checkCredentials(DefinitionObject fields) {
    JsonNode credentials = fields.value("Credentials");
    if (fields.template("Credentials") != null
        && credentials != null
        && credentials.isObject()
        && !credentials.has("RoleArn")
        && !credentials.has("RoleArn.$")) {
      fields.problem("Credentials", "RoleArn is missing");
    }
  }

  private static NumberField limit(DefinitionObject fields, String name) {
    fields.oneOf(false, name, name + "Path");
    return NumberField.load(fields, name, 1);
  }

  String resource() {
    return resource;
  }

  @Override
  public ErrorHandling errorHandling() {
    return errorHandling;
  }

  @Override
  DataFlow flow() {
    return flow;
  }

  @Override
  public void attempt(Visit visit) {
    String token = callback ? visit.newToken() : null;
    // An activity's worker receives the token with its work, so the state cannot read it.
    Scope scope =
        token == null || kind.equals("Activity")
            ? visit.scope()
            : visit.scope(visit.context().withToken(token));
    Scope selected = scope.over(flow.selected(scope));
    Long limit = timeout.seconds(selected);
    // Evaluated in any case, because a heartbeat path that does not find a number fails the state.
    Long beat = heartbeat.seconds(selected);
    JsonNode input = flow.effective(scope);
    SizeLimit.check(input, name());
    visit.invoke(
        new TaskRequest(
            resource,
            kind,
            input,
            token,
            limit == null ? null : Duration.ofSeconds(limit),
            beat == null || !callback ? null : Duration.ofSeconds(beat)),
        result -> succeed(visit, flow, result));
  }
}
