package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.resource.TaskRequest;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One invocation of a task, for use only by the handler that receives it. */
public final class TaskCall {

  private final String state;
  private final String resource;
  private final JsonNode input;
  private final int retryCount;
  private final Instant time;
  private final @Nullable String token;
  private final TaskTokens tokens;
  private Duration duration = Duration.ZERO;
  private boolean awaitsToken;

  TaskCall(String state, TaskRequest request, int retryCount, Instant time, TaskTokens tokens) {
    this.state = state;
    this.resource = request.resource();
    this.input = request.input();
    this.token = request.token();
    this.tokens = tokens;
    this.retryCount = retryCount;
    this.time = time;
  }

  public String state() {
    return state;
  }

  /** The state's Resource after substitutions. */
  public String resource() {
    return resource;
  }

  /** The input after InputPath and Parameters; shared, so it must not be changed. */
  public JsonNode input() {
    return input;
  }

  /** Zero on the first attempt, one on the first retry. */
  public int retryCount() {
    return retryCount;
  }

  /** When the task started, on the execution's clock. */
  public Instant time() {
    return time;
  }

  /** Sets the duration on a virtual clock; the default is 0. A real clock ignores it. */
  public void takes(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("a task cannot take " + time + ": use zero or more");
    }
    this.duration = time;
  }

  /**
   * Lets the task go on after the handler has returned, until its token completes it. What the
   * handler returns is then only the service's first answer, such as the ID of a message.
   *
   * @return the token, to complete with {@link #tokens}
   * @throws IllegalStateException if the Resource is neither an activity nor a callback, which ends
   *     in {@code .waitForTaskToken}
   */
  public String awaitToken() {
    if (token == null) {
      throw new IllegalStateException(
          "'" + resource + "' has no task token: only activities and .waitForTaskToken have one");
    }
    awaitsToken = true;
    return token;
  }

  /** The tokens of the execution, of this task and of all others. */
  public TaskTokens tokens() {
    return tokens;
  }

  boolean awaitsToken() {
    return awaitsToken;
  }

  Duration duration() {
    return duration;
  }
}
