package io.inframetrics.workflow.items;

import io.inframetrics.workflow.data.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An execution that a distributed Map started, after its end.
 *
 * @param output null if it failed
 * @param error null if it succeeded, or if a Fail state names none
 * @hidden
 */
public record ChildExecution(
    String arn,
    String machineArn,
    String name,
    JsonNode input,
    @Nullable JsonNode output,
    @Nullable String error,
    @Nullable String cause,
    boolean timedOut,
    Instant start,
    Instant stop) {

  boolean succeeded() {
    return output != null;
  }

  /** The execution as Step Functions describes it in a result. */
  ObjectNode described() {
    ObjectNode json = Json.NODES.objectNode();
    if (cause != null) {
      json.put("Cause", cause);
    }
    if (error != null) {
      json.put("Error", error);
    }
    json.put("ExecutionArn", arn);
    json.put("Input", Json.text(input));
    json.putObject("InputDetails").put("Included", true);
    json.put("Name", name);
    if (output != null) {
      json.put("Output", Json.text(output));
      json.putObject("OutputDetails").put("Included", true);
    }
    json.put("RedriveCount", 0);
    json.put("RedriveStatus", output != null ? "NOT_REDRIVABLE" : "REDRIVABLE");
    json.put("StartDate", start.toString());
    json.put("StateMachineArn", machineArn);
    json.put("Status", output != null ? "SUCCEEDED" : timedOut ? "TIMED_OUT" : "FAILED");
    json.put("StopDate", stop.toString());
    return json;
  }
}
