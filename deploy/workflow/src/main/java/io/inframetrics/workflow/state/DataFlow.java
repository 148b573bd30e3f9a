package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.Assignment;
import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Outcome;
import io.inframetrics.workflow.data.ReferencePath;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.data.Template;
import io.inframetrics.workflow.definition.DefinitionObject;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Transforms a state's data, in the state's query language.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html">Processing
 *     input and output</a>
 */
sealed interface DataFlow {

  /** What the state's fields see as the input: in JSONPath the input after InputPath. */
  JsonNode selected(Scope raw);

  /** The input after Parameters or Arguments, too. */
  JsonNode effective(Scope raw);

  /** The state's output. */
  JsonNode output(Scope raw, JsonNode result);

  /** The new values of the state's variables. */
  Map<String, JsonNode> assigned(Scope raw, JsonNode result);

  /** Passes on each step; see {@link State#inspect}. */
  void inspect(Scope raw, @Nullable JsonNode result, BiConsumer<String, JsonNode> steps);

  default Outcome outcome(Scope raw, JsonNode result) {
    Map<String, JsonNode> assigned = assigned(raw, result);
    return new Outcome(output(raw, result), assigned);
  }

  /**
   * Reads Assign and, in JSONPath, InputPath, OutputPath and, if named, Parameters, ResultSelector
   * and ResultPath; in JSONata Output. Only states that have ResultSelector in JSONPath, because
   * they do something that gives a result, have {@code $states.result} and, with Parameters,
   * Arguments in JSONata.
   */
  static DataFlow load(DefinitionObject fields, String... others) {
    return load(fields, fields.assignment(), List.of(others));
  }

  /** Reads the same without Assign. */
  static DataFlow withoutAssign(DefinitionObject fields) {
    return load(fields, Assignment.NONE, List.of());
  }

  private static DataFlow load(DefinitionObject fields, Assignment assignment, List<String> has) {
    if (fields.jsonata()) {
      boolean works = has.contains("ResultSelector");
      return new Queries(
          works && has.contains("Parameters") ? fields.template("Arguments") : null,
          fields.template("Output"),
          assignment,
          works);
    }
    return new Paths(
        filter(fields, "InputPath"),
        has.contains("Parameters") ? fields.template("Parameters") : null,
        has.contains("ResultSelector") ? fields.template("ResultSelector") : null,
        has.contains("ResultPath") ? fields.resultPath() : ReferencePath.ROOT,
        filter(fields, "OutputPath"),
        assignment);
  }

  private static @Nullable DataPath filter(DefinitionObject fields, String name) {
    JsonNode value = fields.value(name);
    if (value == null) {
      return Paths.ROOT;
    }
    return value.isNull() ? null : fields.path(name);
  }

  /**
   * JSONPath: InputPath, Parameters, then (with the result) ResultSelector, ResultPath and
   * OutputPath, in this order. Assign sees the result before ResultSelector.
   *
   * @param inputPath null selects an empty object
   * @param resultPath null discards the result
   * @param outputPath null selects an empty object
   */
  record Paths(
      @Nullable DataPath inputPath,
      @Nullable Template parameters,
      @Nullable Template resultSelector,
      @Nullable ReferencePath resultPath,
      @Nullable DataPath outputPath,
      Assignment assignment)
      implements DataFlow {

    private static final DataPath ROOT = DataPath.parse("$");

    @Override
    public JsonNode selected(Scope raw) {
      return select(inputPath, raw);
    }

    @Override
    public JsonNode effective(Scope raw) {
      JsonNode selected = selected(raw);
      return parameters == null ? selected : parameters.fill(raw.over(selected));
    }

    /** ResultPath stores the result in the input before InputPath. */
    @Override
    public JsonNode output(Scope raw, JsonNode result) {
      JsonNode shaped = resultSelector == null ? result : resultSelector.fill(raw.over(result));
      JsonNode merged = resultPath == null ? raw.data() : resultPath.put(raw.data(), shaped);
      return select(outputPath, raw.over(merged));
    }

    @Override
    public Map<String, JsonNode> assigned(Scope raw, JsonNode result) {
      return assignment.values(raw.over(result));
    }

    @Override
    public void inspect(Scope raw, @Nullable JsonNode result, BiConsumer<String, JsonNode> steps) {
      steps.accept("afterInputPath", selected(raw));
      steps.accept("afterParameters", effective(raw));
      if (result != null) {
        JsonNode shaped = resultSelector == null ? result : resultSelector.fill(raw.over(result));
        steps.accept("afterResultSelector", shaped);
        steps.accept(
            "afterResultPath",
            resultPath == null ? raw.data() : resultPath.put(raw.data(), shaped));
      }
    }

    private static JsonNode select(@Nullable DataPath path, Scope scope) {
      return path == null ? Json.NODES.objectNode() : path.evaluate(scope);
    }
  }

  /**
   * JSONata: Arguments, then Output.
   *
   * @param works whether the state has a result of its own, other than its input
   */
  record Queries(
      @Nullable Template arguments, @Nullable Template output, Assignment assignment, boolean works)
      implements DataFlow {

    private Scope after(Scope raw, JsonNode result) {
      return works ? raw.withResult(result) : raw;
    }

    @Override
    public JsonNode selected(Scope raw) {
      return raw.data();
    }

    @Override
    public JsonNode effective(Scope raw) {
      return arguments == null ? raw.data() : arguments.fill(raw);
    }

    @Override
    public void inspect(Scope raw, @Nullable JsonNode result, BiConsumer<String, JsonNode> steps) {
      steps.accept("afterArguments", effective(raw));
    }

    @Override
    public JsonNode output(Scope raw, JsonNode result) {
      return output == null ? result : output.fill(after(raw, result));
    }

    @Override
    public Map<String, JsonNode> assigned(Scope raw, JsonNode result) {
      return assignment.values(after(raw, result));
    }
  }
}
