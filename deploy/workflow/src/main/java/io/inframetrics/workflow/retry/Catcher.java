package io.inframetrics.workflow.retry;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.ReferencePath;
import io.inframetrics.workflow.definition.DefinitionObject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One element of Catch; a null {@code resultPath} discards the error output.
 *
 * @hidden
 */
public record Catcher(ErrorEquals errors, @Nullable ReferencePath resultPath, String next) {

  static Catcher load(DefinitionObject fields, ErrorEquals errors) {
    ReferencePath resultPath = fields.resultPath();
    String next = fields.requiredString("Next");
    fields.unsupported("Assign", "this runner has no workflow variables");
    return new Catcher(errors, resultPath, next);
  }

  /** The input of the next state: the failed state's, with Error and Cause at the result path. */
  public JsonNode output(JsonNode input, Failure failure) {
    ObjectNode error = Json.NODES.objectNode();
    error.put("Error", Objects.requireNonNullElse(failure.error(), ""));
    error.put("Cause", Objects.requireNonNullElse(failure.cause(), ""));
    return resultPath == null ? input : resultPath.put(input, error);
  }
}
