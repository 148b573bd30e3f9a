package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.definition.Fields;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A number that a definition gives itself, or the path of one in the data.
 *
 * @param pathField the name of the field that holds the path
 * @param constant null when it is not given
 * @param path null when it is not given
 */
record NumberField(String pathField, @Nullable Long constant, @Nullable DataPath path) {

  /** Reads the field of that name and the one with Path behind it. */
  static NumberField load(Fields fields, String name, long min) {
    String pathField = name + "Path";
    return new NumberField(
        pathField, fields.integer(name, min, Fields.MAX_NUMBER), fields.singlePath(pathField));
  }

  /**
   * A number of seconds; null when neither field is given.
   *
   * @throws FailureException States.Runtime when the data has no whole number of seconds there
   */
  @Nullable Long seconds(Scope scope) {
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
    return Math.min(value.longValue(), Fields.MAX_NUMBER);
  }

  /**
   * How many of something; 0 when neither field is given.
   *
   * @throws FailureException States.Runtime when the data has no whole number of at least zero
   *     there
   */
  long count(Scope scope) {
    if (path == null) {
      return constant == null ? 0 : constant;
    }
    JsonNode value = path.evaluate(scope);
    if (!isLong(value) || value.longValue() < 0) {
      throw FailureException.runtime(
          "The %s field refers to value %s which is not a %s integer: %s"
              .formatted(
                  pathField,
                  Json.text(value),
                  isLong(value) ? "non-negative" : "valid",
                  path.text()));
    }
    return value.longValue();
  }

  private static boolean isLong(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToLong();
  }
}
