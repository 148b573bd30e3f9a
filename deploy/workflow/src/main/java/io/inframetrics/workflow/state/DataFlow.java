package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.MissingPathException;
import io.inframetrics.workflow.data.PayloadTemplate;
import io.inframetrics.workflow.data.ReferencePath;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.definition.DefinitionObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Transforms a state's data: InputPath, Parameters, then (with the result) ResultSelector,
 * ResultPath and OutputPath, in this order.
 *
 * @param inputPath null selects an empty object
 * @param resultPath null discards the result
 * @param outputPath null selects an empty object
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html">Processing
 *     input and output</a>
 */
record DataFlow(
    @Nullable DataPath inputPath,
    @Nullable PayloadTemplate parameters,
    @Nullable PayloadTemplate resultSelector,
    @Nullable ReferencePath resultPath,
    @Nullable DataPath outputPath) {

  private static final DataPath ROOT = DataPath.parse("$");

  /** Reads InputPath, OutputPath and, if named, Parameters, ResultSelector and ResultPath. */
  static DataFlow load(DefinitionObject fields, String... others) {
    List<String> has = List.of(others);
    return new DataFlow(
        filter(fields, "InputPath"),
        has.contains("Parameters") ? fields.template("Parameters") : null,
        has.contains("ResultSelector") ? fields.template("ResultSelector") : null,
        has.contains("ResultPath") ? fields.resultPath() : ReferencePath.ROOT,
        filter(fields, "OutputPath"));
  }

  private static @Nullable DataPath filter(DefinitionObject fields, String name) {
    JsonNode value = fields.value(name);
    if (value == null) {
      return ROOT;
    }
    return value.isNull() ? null : fields.path(name);
  }

  JsonNode selected(Scope raw) {
    return select(inputPath, raw);
  }

  /** The input after InputPath and Parameters. */
  JsonNode effective(Scope raw) {
    JsonNode selected = selected(raw);
    return parameters == null ? selected : parameters.fill(raw.over(selected));
  }

  /** The state's output. ResultPath stores the result in the input before InputPath. */
  JsonNode output(Scope raw, JsonNode result) {
    JsonNode shaped = resultSelector == null ? result : resultSelector.fill(raw.over(result));
    JsonNode merged = resultPath == null ? raw.data() : resultPath.put(raw.data(), shaped);
    return select(outputPath, raw.over(merged));
  }

  private static JsonNode select(@Nullable DataPath path, Scope scope) {
    if (path == null) {
      return Json.NODES.objectNode();
    }
    try {
      return path.evaluate(scope);
    } catch (MissingPathException e) {
      throw FailureException.runtime("Invalid path '%s' : %s".formatted(e.path(), e.reason()));
    }
  }
}
