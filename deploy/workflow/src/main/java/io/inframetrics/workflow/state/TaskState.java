package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.definition.Fields;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Has the execution's task handler do something.
 *
 * <p>Heartbeats belong to activities and callbacks, neither of which runs here; their fields are
 * checked and, like Credentials, have no effect on a Lambda function.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html">Task workflow
 *     state</a>
 */
final class TaskState extends State {

  private final String resource;
  private final DataFlow flow;
  private final Limit timeout;
  private final Limit heartbeat;
  private final List<Retrier> retriers;
  private final List<Catcher> catchers;

  private TaskState(String name, Fields fields) {
    super(name, "Task", Transition.load(fields));
    this.resource = fields.requiredString("Resource");
    String refusal = TaskResource.refusal(resource);
    if (!refusal.isEmpty()) {
      fields.problem("Resource", refusal);
    }
    this.flow = DataFlow.full(fields, "Parameters");
    this.timeout = Limit.load(fields, "TimeoutSeconds");
    this.heartbeat = Limit.load(fields, "HeartbeatSeconds");
    if (timeout.seconds() != null
        && heartbeat.seconds() != null
        && heartbeat.seconds() >= timeout.seconds()) {
      fields.problem("HeartbeatSeconds", "HeartbeatSeconds must be smaller than TimeoutSeconds");
    }
    fields.template("Credentials");
    this.retriers = Retrier.load(fields);
    this.catchers = Catcher.load(fields);
  }

  /** A number of seconds, constant or from the data; none when neither is given. */
  private record Limit(String field, @Nullable Long seconds, @Nullable DataPath path) {

    static Limit load(Fields fields, String name) {
      fields.oneOf(false, name, name + "Path");
      return new Limit(
          name + "Path",
          fields.integer(name, 1, Fields.MAX_NUMBER),
          fields.singlePath(name + "Path"));
    }

    @Nullable Duration value(Scope scope) {
      if (path != null) {
        return Duration.ofSeconds(Numbers.seconds(field, path, scope));
      }
      return seconds == null ? null : Duration.ofSeconds(seconds);
    }
  }

  static TaskState load(String name, Fields fields) {
    return new TaskState(name, fields);
  }

  @Override
  public List<Retrier> retriers() {
    return retriers;
  }

  @Override
  public List<Catcher> catchers() {
    return catchers;
  }

  @Override
  public void attempt(Visit visit) {
    Scope scope = visit.scope();
    Scope selected = scope.over(flow.selected(scope));
    Duration limit = timeout.value(selected);
    // Only for its complaint: a heartbeat path that finds no number fails the state.
    heartbeat.value(selected);
    JsonNode input = flow.effective(scope);
    SizeLimit.check(input, name());
    visit.invoke(resource, input, limit, result -> succeed(visit, flow, result));
  }
}
