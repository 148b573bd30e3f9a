package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.definition.DefinitionObject;
import io.inframetrics.workflow.jsonata.JsonataExpression;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A number in the definition, the path of a number in the data, or a JSONata expression.
 *
 * @param pathField the name of the field that holds the path
 * @param constant null if not given
 * @param path null if not given
 * @param expression null if not given
 */
record NumberField(
    String pathField,
    @Nullable Long constant,
    @Nullable DataPath path,
    @Nullable JsonataExpression expression) {

  private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");

  /** A field that the definition does not have. */
  static final NumberField NONE = new NumberField("", null, null, null);

  boolean given() {
    return constant != null || path != null || expression != null;
  }

  /** Reads the field with this name and, in JSONPath, the one with the suffix Path. */
  static NumberField load(DefinitionObject fields, String name, long min) {
    return load(fields, name, min, DefinitionObject.MAX_NUMBER);
  }

  static NumberField load(DefinitionObject fields, String name, long min, long max) {
    String pathField = name + "Path";
    JsonataExpression expression = fields.expression(name);
    return new NumberField(
        pathField,
        expression == null ? fields.integer(name, min, max) : null,
        fields.jsonata() ? null : fields.singlePath(pathField),
        expression);
  }

  /** The expression's value; fails with States.QueryEvaluationError if it is not a count. */
  private static long computed(JsonataExpression expression, Scope scope) {
    JsonNode value = expression.evaluate(scope, "number");
    if (!isLong(value) || value.longValue() < 0) {
      throw expression.unexpected("non-negative integer", value);
    }
    return Math.min(value.longValue(), DefinitionObject.MAX_NUMBER);
  }

  /** Seconds, or null if neither field is given; fails with States.Runtime if invalid. */
  @Nullable Long seconds(Scope scope) {
    if (expression != null) {
      return computed(expression, scope);
    }
    if (path == null) {
      return constant;
    }
    JsonNode value = path.evaluate(scope);
    if (!isLong(value)) {
      throw FailureException.runtime(
          "The %s parameter cannot be parsed as a long value: %s == %s"
              .formatted(pathField, path.text(), Json.shown(value)));
    }
    if (value.longValue() < 0) {
      throw FailureException.runtime(
          "The %s parameter references a negative value: %s == %d"
              .formatted(pathField, path.text(), value.longValue()));
    }
    return Math.min(value.longValue(), DefinitionObject.MAX_NUMBER);
  }

  /**
   * A count, or 0 if neither field is given; fails with States.Runtime if invalid. Step Functions
   * takes the digits of a text at a path, too, but not for seconds.
   */
  long count(Scope scope) {
    return count(scope, null);
  }

  /** The same with another failure for a negative number at a path; null for the usual one. */
  long count(Scope scope, @Nullable Supplier<FailureException> ifNegative) {
    if (expression != null) {
      return computed(expression, scope);
    }
    if (path == null) {
      return constant == null ? 0 : constant;
    }
    JsonNode found = path.evaluate(scope);
    JsonNode value =
        found.isString() && WHOLE.matcher(found.stringValue()).matches()
            ? Json.NODES.numberNode(Long.parseLong(found.stringValue()))
            : found;
    if (ifNegative != null && isLong(value) && value.longValue() < 0) {
      throw ifNegative.get();
    }
    if (!isLong(value) || value.longValue() < 0) {
      throw FailureException.runtime(
          "The %s field refers to value %s which is not a %s integer: %s"
              .formatted(
                  pathField, quoted(found), isLong(value) ? "non-negative" : "valid", path.text()));
    }
    return value.longValue();
  }

  /** Any value as Step Functions shows it in these messages. */
  static String quoted(JsonNode value) {
    return '"' + Json.shown(value) + '"';
  }

  private static boolean isLong(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToLong();
  }
}
