package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The context object ({@code $$}): about the execution, the state machine, the state and the item
 * of the Map around it.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html">Accessing
 *     execution data from the Context object</a>
 * @hidden
 */
public final class ContextObject {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final String ACCOUNT = "us-east-1:000000000000";

  private final ObjectNode execution;
  private final ObjectNode stateMachine;
  private final @Nullable ObjectNode item;

  private ContextObject(ObjectNode execution, ObjectNode stateMachine, @Nullable ObjectNode item) {
    this.execution = execution;
    this.stateMachine = stateMachine;
    this.item = item;
  }

  public static ContextObject of(
      String stateMachineName, String executionName, JsonNode input, Instant start) {
    ObjectNode execution = Json.NODES.objectNode();
    execution.put(
        "Id",
        "arn:aws:states:%s:execution:%s:%s".formatted(ACCOUNT, stateMachineName, executionName));
    execution.set("Input", input);
    execution.put("Name", executionName);
    execution.put("RoleArn", "arn:aws:iam::000000000000:role/" + stateMachineName);
    execution.put("StartTime", TIME.format(start));
    execution.put("RedriveCount", 0);
    ObjectNode stateMachine = Json.NODES.objectNode();
    stateMachine.put(
        "Id", "arn:aws:states:%s:stateMachine:%s".formatted(ACCOUNT, stateMachineName));
    stateMachine.put("Name", stateMachineName);
    return new ContextObject(execution, stateMachine, null);
  }

  /** As the states of one iteration of a Map see it. */
  ContextObject withItem(int index, JsonNode value) {
    ObjectNode map = Json.NODES.objectNode();
    map.put("Index", index);
    map.set("Value", value);
    return new ContextObject(execution, stateMachine, map);
  }

  public JsonNode inState(String state, Instant entered, int retryCount) {
    ObjectNode context = Json.NODES.objectNode();
    context.set("Execution", execution);
    ObjectNode inState = context.putObject("State");
    inState.put("EnteredTime", TIME.format(entered));
    inState.put("Name", state);
    inState.put("RetryCount", retryCount);
    context.set("StateMachine", stateMachine);
    if (item != null) {
      context.putObject("Map").set("Item", item);
    }
    return context;
  }
}
