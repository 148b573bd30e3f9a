package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The context object ({@code $$}): data about the execution, the state machine, the state and the
 * current item of a Map.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html">Accessing
 *     execution data from the Context object</a>
 * @hidden
 */
public record ContextObject(
    ObjectNode execution,
    ObjectNode stateMachine,
    @Nullable ObjectNode item,
    @Nullable String token) {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final String ACCOUNT = "us-east-1:000000000000";

  static String arn(String type, String name) {
    return "arn:aws:states:" + ACCOUNT + ":" + type + ":" + name;
  }

  public static ContextObject of(
      String stateMachineName, String executionName, JsonNode input, Instant start) {
    ObjectNode execution = Json.NODES.objectNode();
    execution
        .put("Id", arn("execution", stateMachineName + ":" + executionName))
        .set("Input", input);
    execution
        .put("Name", executionName)
        .put("RoleArn", "arn:aws:iam::000000000000:role/" + stateMachineName)
        .put("StartTime", TIME.format(start))
        .put("RedriveCount", 0);
    ObjectNode stateMachine =
        Json.NODES
            .objectNode()
            .put("Id", arn("stateMachine", stateMachineName))
            .put("Name", stateMachineName);
    return new ContextObject(execution, stateMachine, null, null);
  }

  /** The context object for the states of one iteration of a Map. */
  ContextObject withItem(int index, JsonNode value) {
    ObjectNode map = Json.NODES.objectNode().put("Index", index);
    map.set("Value", value);
    return new ContextObject(execution, stateMachine, map, null);
  }

  /** The context object of a task that a token completes. */
  ContextObject withToken(String newToken) {
    return new ContextObject(execution, stateMachine, item, newToken);
  }

  /** The context object of a state; a null {@code retryCount} means that it cannot be retried. */
  public JsonNode inState(String state, Instant entered, @Nullable Integer retryCount) {
    ObjectNode context = Json.NODES.objectNode();
    context.set("Execution", execution);
    ObjectNode own = context.putObject("State");
    own.put("EnteredTime", TIME.format(entered)).put("Name", state);
    if (retryCount != null) {
      own.put("RetryCount", retryCount);
    }
    context.set("StateMachine", stateMachine);
    if (item != null) {
      context.putObject("Map").set("Item", item);
    }
    if (token != null) {
      context.putObject("Task").put("Token", token);
    }
    return context;
  }
}
