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
public final class ContextObject {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final String ACCOUNT = "us-east-1:000000000000";

  static String arn(String type, String name) {
    return "arn:aws:states:" + ACCOUNT + ":" + type + ":" + name;
  }

  private final Owner owner;
  private final @Nullable ObjectNode item;
  private final @Nullable String token;

  private ContextObject(Owner owner, @Nullable ObjectNode item, @Nullable String token) {
    this.owner = owner;
    this.item = item;
    this.token = token;
  }

  /** The execution and its machine; their JSON is made only if a state reads it, as few do. */
  private static final class Owner {
    private final String machine;
    private final String name;
    private final JsonNode input;
    private final Instant start;
    private @Nullable ObjectNode execution;
    private @Nullable ObjectNode stateMachine;

    Owner(String machine, String name, JsonNode input, Instant start) {
      this.machine = machine;
      this.name = name;
      this.input = input;
      this.start = start;
    }

    ObjectNode execution() {
      if (execution == null) {
        execution = Json.NODES.objectNode();
        execution.put("Id", executionArn()).set("Input", input);
        execution
            .put("Name", name)
            .put("RoleArn", "arn:aws:iam::000000000000:role/" + machine)
            .put("StartTime", TIME.format(start))
            .put("RedriveCount", 0);
      }
      return execution;
    }

    String executionArn() {
      return arn("execution", machine + ":" + name);
    }

    ObjectNode stateMachine() {
      if (stateMachine == null) {
        stateMachine =
            Json.NODES.objectNode().put("Id", arn("stateMachine", machine)).put("Name", machine);
      }
      return stateMachine;
    }
  }

  public static ContextObject of(
      String stateMachineName, String executionName, JsonNode input, Instant start) {
    return new ContextObject(new Owner(stateMachineName, executionName, input, start), null, null);
  }

  String executionArn() {
    return owner.executionArn();
  }

  String machine() {
    return owner.machine;
  }

  /**
   * The context object for one iteration of a Map.
   *
   * @param key the name of the value in the object that the Map iterates over; null for an array
   */
  ContextObject withItem(int index, @Nullable String key, JsonNode value) {
    ObjectNode map = Json.NODES.objectNode().put("Index", index);
    if (key != null) {
      map.put("Key", key);
    }
    map.set("Value", value);
    return new ContextObject(owner, map, null);
  }

  /** The context object of a task that a token completes. */
  ContextObject withToken(String newToken) {
    return new ContextObject(owner, item, newToken);
  }

  /** The context object of a state; a null {@code retryCount} means that it cannot be retried. */
  public JsonNode inState(String state, Instant entered, @Nullable Integer retryCount) {
    ObjectNode context = Json.NODES.objectNode();
    context.set("Execution", owner.execution());
    ObjectNode own = context.putObject("State");
    own.put("EnteredTime", TIME.format(entered)).put("Name", state);
    if (retryCount != null) {
      own.put("RetryCount", retryCount);
    }
    context.set("StateMachine", owner.stateMachine());
    if (item != null) {
      context.putObject("Map").set("Item", item);
    }
    if (token != null) {
      context.putObject("Task").put("Token", token);
    }
    return context;
  }
}
