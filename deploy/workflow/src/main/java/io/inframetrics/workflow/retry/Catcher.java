package io.inframetrics.workflow.retry;

import io.inframetrics.workflow.data.Assignment;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Outcome;
import io.inframetrics.workflow.data.ReferencePath;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.data.Template;
import io.inframetrics.workflow.definition.DefinitionObject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One element of Catch.
 *
 * @param resultPath where JSONPath stores the error output; null discards it
 * @param output what JSONata passes on; null passes the error output on
 * @param jsonata whether the state is in JSONata
 * @hidden
 */
public record Catcher(
    ErrorEquals errors,
    @Nullable ReferencePath resultPath,
    @Nullable Template output,
    Assignment assignment,
    boolean jsonata,
    String next) {

  static Catcher load(DefinitionObject fields, ErrorEquals errors) {
    fields.misplaced(fields.jsonata() ? "ResultPath" : "Output", "");
    return new Catcher(
        errors,
        fields.jsonata() ? ReferencePath.ROOT : fields.resultPath(),
        fields.jsonata() ? fields.template("Output") : null,
        fields.assignment(),
        fields.jsonata(),
        fields.requiredString("Next"));
  }

  /** The error output: the object with Error and Cause that a catcher works with. */
  private static JsonNode errorOutput(Failure failure) {
    ObjectNode error = Json.NODES.objectNode();
    error.put("Error", Objects.requireNonNullElse(failure.error(), ""));
    error.put("Cause", Objects.requireNonNullElse(failure.cause(), ""));
    return error;
  }

  /**
   * The input of the next state: in JSONPath the failed state's, with the error output at the
   * result path; in JSONata the catcher's Output, or else the error output.
   *
   * @param raw the scope of the failed state
   */
  public Outcome outcome(Scope raw, Failure failure) {
    JsonNode error = errorOutput(failure);
    Scope scope = raw.withErrorOutput(error);
    if (output != null) {
      return new Outcome(output.fill(scope), assignment.values(scope));
    }
    JsonNode next = resultPath == null ? raw.data() : resultPath.put(raw.data(), error);
    // In JSONPath a catcher's $ is the error output; JSONata has no $.
    return new Outcome(next, assignment.values(jsonata ? scope : scope.over(error)));
  }
}
