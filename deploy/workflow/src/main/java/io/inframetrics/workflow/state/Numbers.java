package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.definition.Fields;
import tools.jackson.databind.JsonNode;

/** Numbers that a definition takes from the data. */
final class Numbers {

  private Numbers() {}

  /**
   * The value of a {@code ...SecondsPath} field.
   *
   * @throws FailureException States.Runtime when it is not a whole number of seconds
   */
  static long seconds(String field, DataPath path, Scope scope) {
    JsonNode value = path.evaluate(scope);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw FailureException.runtime(
          "The %s parameter cannot be parsed as a long value: %s == %s"
              .formatted(
                  field, path.text(), value.isString() ? value.stringValue() : Json.text(value)));
    }
    if (value.longValue() < 0) {
      throw FailureException.runtime(
          "The %s parameter references a negative value: %s == %d"
              .formatted(field, path.text(), value.longValue()));
    }
    return Math.min(value.longValue(), Fields.MAX_NUMBER);
  }

  /**
   * The value of a {@code ...Path} field that counts something.
   *
   * @throws FailureException States.Runtime when it is not a whole number of at least zero
   */
  static long count(String field, DataPath path, Scope scope) {
    JsonNode value = path.evaluate(scope);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw FailureException.runtime(
          "The %s field refers to value %s which is not a valid integer: %s"
              .formatted(field, Json.text(value), path.text()));
    }
    if (value.longValue() < 0) {
      throw FailureException.runtime(
          "The %s field refers to value %d which is not a non-negative integer: %s"
              .formatted(field, value.longValue(), path.text()));
    }
    return value.longValue();
  }
}
