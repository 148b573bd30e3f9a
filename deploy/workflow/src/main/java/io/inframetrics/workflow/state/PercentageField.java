package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.definition.DefinitionObject;
import io.inframetrics.workflow.jsonata.JsonataExpression;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A number from 0 to 100, with a fraction or without: in the definition, at a path or from a
 * JSONata expression. All are null if the field is not given.
 */
record PercentageField(
    String name,
    @Nullable Double constant,
    @Nullable DataPath path,
    @Nullable JsonataExpression expression) {

  private static final double MAX = 100;
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}(?:\\.\\d{1,18})?");

  static PercentageField load(DefinitionObject fields, String name) {
    fields.oneOf(false, name, name + "Path");
    JsonataExpression expression = fields.expression(name);
    Double constant = expression == null ? fields.number(name, 0) : null;
    if (constant != null && constant > MAX) {
      fields.problem(name, name + " must be a number from 0 to 100");
    }
    DataPath path = fields.jsonata() ? null : fields.singlePath(name + "Path");
    return new PercentageField(name, constant, path, expression);
  }

  /** The percentage, or null if it is not given. */
  @Nullable Double value(Scope scope) {
    if (expression == null && path == null) {
      return constant;
    }
    double value =
        expression != null
            ? expression.evaluate(scope, "number").doubleValue()
            : found(path, scope).doubleValue();
    if (value < 0 || value > MAX) {
      throw new FailureException(
          expression == null ? ErrorName.RUNTIME : ErrorName.QUERY_EVALUATION_ERROR,
          name + " must be between 0 and 100.");
    }
    return value;
  }

  /** The number at a path; as for counts, the digits of a text are a number, too. */
  private JsonNode found(@Nullable DataPath from, Scope scope) {
    if (from == null) {
      throw new IllegalStateException("neither a path nor an expression is given");
    }
    JsonNode found = from.evaluate(scope);
    if (found.isString() && NUMBER.matcher(found.stringValue()).matches()) {
      return Json.NODES.numberNode(Double.parseDouble(found.stringValue()));
    }
    if (!found.isNumber()) {
      throw FailureException.runtime(
          "The %sPath field refers to value %s which is not a valid float: %s"
              .formatted(name, NumberField.quoted(found), from.text()));
    }
    return found;
  }
}
