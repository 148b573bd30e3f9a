package io.inframetrics.workflow.execution;

import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/** One invocation of a task, for use only by the handler that receives it. */
public final class TaskCall {

  private final String state;
  private final String resource;
  private final JsonNode input;
  private final int retryCount;
  private final Instant time;
  private Duration duration = Duration.ZERO;

  TaskCall(String state, String resource, JsonNode input, int retryCount, Instant time) {
    this.state = state;
    this.resource = resource;
    this.input = input;
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

  Duration duration() {
    return duration;
  }
}
