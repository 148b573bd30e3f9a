package io.inframetrics.workflow;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.execution.TaskCall;
import io.inframetrics.workflow.execution.TaskFailure;
import io.inframetrics.workflow.execution.TaskHandler;
import io.inframetrics.workflow.resource.TaskResource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Chooses the handler of each task: the one of its state, else the one of its Resource, else the
 * one of all others. A task without a handler ends the execution with the error {@code
 * Simulation.NoTaskResult}, which no Retry and no Catch handles. Immutable; as thread-safe as its
 * handlers.
 */
public final class TaskRouter implements TaskHandler {

  private final Map<String, TaskHandler> byState;
  private final Map<String, TaskHandler> byResource;
  private final @Nullable TaskHandler others;

  private TaskRouter(Builder builder) {
    this.byState = Map.copyOf(builder.byState);
    this.byResource = Map.copyOf(builder.byResource);
    this.others = builder.others;
  }

  /** Returns a builder without handlers. */
  public static Builder builder() {
    return new Builder();
  }

  public static final class Builder {
    private final Map<String, TaskHandler> byState = new HashMap<>();
    private final Map<String, TaskHandler> byResource = new HashMap<>();
    private @Nullable TaskHandler others;

    private Builder() {}

    /** Sets the handler of one state. */
    public Builder state(String name, TaskHandler handler) {
      byState.put(name, handler);
      return this;
    }

    /**
     * Sets the handler of a Resource.
     *
     * @param resource the whole ARN, or the part that names an integration, with or without its
     *     pattern: {@code ecs:runTask.sync} is looked up before {@code ecs:runTask}
     */
    public Builder resource(String resource, TaskHandler handler) {
      byResource.put(resource, handler);
      return this;
    }

    /** Sets the handler of all other tasks, for example a {@link LambdaTasks}. */
    public Builder others(TaskHandler handler) {
      this.others = handler;
      return this;
    }

    public TaskRouter build() {
      return new TaskRouter(this);
    }
  }

  @Override
  public JsonNode handle(TaskCall call) throws Exception {
    TaskHandler handler = byState.get(call.state());
    String resource = call.resource();
    for (String name :
        new String[] {
          resource, TaskResource.integration(resource), TaskResource.action(resource)
        }) {
      handler = handler == null ? byResource.get(name) : handler;
    }
    handler = handler == null ? others : handler;
    if (handler == null) {
      throw new TaskFailure(
          ErrorName.NO_TASK_RESULT,
          "there is no handler for state '%s' and resource '%s'".formatted(call.state(), resource));
    }
    return handler.handle(call);
  }
}
