package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.SizeLimit;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The variables of a branch: those around it, which it can only read, and its own, which are gone
 * when it ends.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html">Passing
 *     data between states with variables</a>
 */
final class Variables {

  /** Bytes of all variables of an execution. */
  private static final long MAX_TOTAL = 10L * 1024 * 1024;

  private final Run run;
  private final Map<String, Integer> ownSizes = new HashMap<>();
  private Map<String, JsonNode> visible;

  Variables(Run run, Map<String, JsonNode> outer) {
    this.run = run;
    this.visible = outer;
  }

  /** All that a state can read; it never changes, {@link #assign} makes another one. */
  Map<String, JsonNode> visible() {
    return visible;
  }

  /** Fails with States.DataLimitExceeded if the values are too large; then none is assigned. */
  void assign(Map<String, JsonNode> values, String state) {
    if (values.isEmpty()) {
      return;
    }
    ObjectNode together = Json.NODES.objectNode();
    values.forEach(together::set);
    if (SizeLimit.exceeded(together)) {
      throw tooLarge(
          "The variables that the state '" + state + "' assigns are", SizeLimit.MAX_BYTES);
    }
    long change = 0;
    Map<String, Integer> sizes = new HashMap<>();
    for (var each : values.entrySet()) {
      int size = SizeLimit.bytes(each.getValue());
      sizes.put(each.getKey(), size);
      change += size - ownSizes.getOrDefault(each.getKey(), 0);
    }
    if (run.variableBytes() + change > MAX_TOTAL) {
      throw tooLarge(
          "The variables of the execution are, after the state '" + state + "',", MAX_TOTAL);
    }
    run.addVariableBytes(change);
    ownSizes.putAll(sizes);
    Map<String, JsonNode> next = new LinkedHashMap<>(visible);
    next.putAll(values);
    visible = Collections.unmodifiableMap(next);
  }

  private static FailureException tooLarge(String what, long limit) {
    return new FailureException(
        ErrorName.DATA_LIMIT_EXCEEDED,
        what + " larger than the service limit of " + limit + " bytes.");
  }

  /** Gives the space of the branch's own variables back. */
  void release() {
    ownSizes.values().forEach(size -> run.addVariableBytes(-size));
    ownSizes.clear();
  }
}
