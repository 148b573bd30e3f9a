package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.MissingPathException;
import io.inframetrics.workflow.data.PayloadTemplate;
import io.inframetrics.workflow.data.ReferencePath;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.definition.Fields;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a state does to its data: InputPath, Parameters, then (once there is a result)
 * ResultSelector, ResultPath and OutputPath, in this order.
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
  private static final ReferencePath REPLACE = ReferencePath.parse("$");

  /** Choice, Wait and Succeed only filter. */
  static DataFlow filtering(Fields fields) {
    return new DataFlow(
        filter(fields, "InputPath"), null, null, REPLACE, filter(fields, "OutputPath"));
  }

  /** Pass shapes its input and has no ResultSelector. */
  static DataFlow shaping(Fields fields) {
    return new DataFlow(
        filter(fields, "InputPath"),
        fields.template("Parameters"),
        null,
        resultPath(fields),
        filter(fields, "OutputPath"));
  }

  /** Task and Parallel have everything. */
  static DataFlow full(Fields fields) {
    return new DataFlow(
        filter(fields, "InputPath"),
        fields.template("Parameters"),
        fields.template("ResultSelector"),
        resultPath(fields),
        filter(fields, "OutputPath"));
  }

  /** Map has no Parameters of its own: it shapes each item. */
  static DataFlow ofItems(Fields fields) {
    return new DataFlow(
        filter(fields, "InputPath"),
        null,
        fields.template("ResultSelector"),
        resultPath(fields),
        filter(fields, "OutputPath"));
  }

  private static @Nullable DataPath filter(Fields fields, String name) {
    JsonNode value = fields.value(name);
    if (value == null) {
      return ROOT;
    }
    return value.isNull() ? null : fields.path(name);
  }

  static @Nullable ReferencePath resultPath(Fields fields) {
    JsonNode value = fields.value("ResultPath");
    if (value == null) {
      return REPLACE;
    }
    return value.isNull() ? null : fields.parsed("ResultPath", ReferencePath::parse);
  }

  /** InputPath applied to the state's input. */
  JsonNode selected(Scope raw) {
    return select(inputPath, raw);
  }

  /** InputPath and Parameters applied to the state's input. */
  JsonNode effective(Scope raw) {
    JsonNode selected = selected(raw);
    return parameters == null ? selected : parameters.fill(raw.over(selected));
  }

  /** The state's output. ResultPath puts the result into the input as it came, before InputPath. */
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
