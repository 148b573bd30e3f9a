package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.ReferencePath;
import io.inframetrics.workflow.definition.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One element of Catch.
 *
 * @param resultPath where the error output goes in the state's input; null discards it
 */
public record Catcher(ErrorEquals errors, @Nullable ReferencePath resultPath, String next) {

  static List<Catcher> load(Fields state) {
    List<Fields> elements = state.objects("Catch", false);
    List<Catcher> catchers = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      Fields fields = elements.get(i);
      ErrorEquals errors = ErrorEquals.load(fields, i == elements.size() - 1);
      ReferencePath resultPath = DataFlow.resultPath(fields);
      String next = fields.requiredString("Next");
      fields.unsupported("Assign", "workflow variables are");
      fields.refuseUnknown();
      catchers.add(new Catcher(errors, resultPath, next));
    }
    return List.copyOf(catchers);
  }

  /** The next state's input: Error and Cause, put into the input that the failed state got. */
  public JsonNode output(JsonNode input, Failure failure) {
    ObjectNode error = Json.NODES.objectNode();
    error.put("Error", failure.error() == null ? "" : failure.error());
    error.put("Cause", failure.cause() == null ? "" : failure.cause());
    return resultPath == null ? input : resultPath.put(input, error);
  }
}
