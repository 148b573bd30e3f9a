package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.retry.Failure;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Completes the tasks of one execution that wait for a token: callbacks and activities. Does what
 * SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat do. Thread-safe.
 */
public final class TaskTokens {

  private final EventLoop loop;
  private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();

  /** A task that waits; called on the execution's thread. */
  interface Waiting {
    void end(@Nullable JsonNode output, @Nullable Failure failure);

    void heartbeat();
  }

  TaskTokens(EventLoop loop) {
    this.loop = loop;
  }

  /**
   * Completes the task.
   *
   * @param output the task's result, which must not be changed afterwards
   * @return false if no task waits for this token, for example after its timeout
   * @throws IllegalArgumentException if the output is larger than a state's data may be
   */
  public boolean succeed(String token, JsonNode output) {
    if (output == null) {
      return fail(
          token, ErrorName.NO_TASK_RESULT, "a task's token was completed with null: give JSON");
    }
    if (SizeLimit.exceeded(output)) {
      throw new IllegalArgumentException(
          "the output must have at most " + SizeLimit.MAX_BYTES + " bytes");
    }
    return end(token, output, null);
  }

  /** Fails the task; false if no task waits for this token. */
  public boolean fail(String token, @Nullable String error, @Nullable String cause) {
    return end(token, null, new Failure(error, cause, true));
  }

  private boolean end(String token, @Nullable JsonNode output, @Nullable Failure failure) {
    Waiting task = waiting.remove(token);
    if (task != null) {
      loop.post(() -> task.end(output, failure));
    }
    return task != null;
  }

  /** Restarts the task's HeartbeatSeconds; false if no task waits for this token. */
  public boolean heartbeat(String token) {
    Waiting task = waiting.get(token);
    if (task != null) {
      loop.post(task::heartbeat);
    }
    return task != null;
  }

  /** Runs an action on the execution's thread after a delay on the execution's clock. */
  public void after(Duration delay, Runnable action) {
    loop.post(() -> loop.after(delay, action));
  }

  EventLoop.Cancellable register(String token, Waiting task) {
    waiting.put(token, task);
    return () -> waiting.remove(token);
  }
}
