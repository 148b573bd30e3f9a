package io.inframetrics.workflow.data;

import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Gives typed access to the arguments of an intrinsic function. */
record Arguments(List<JsonNode> values, RandomGenerator random) {

  /** The longest text that Base64Encode, Base64Decode and Hash accept, in characters. */
  static final int MAX_TEXT = 10_000;

  int count() {
    return values.size();
  }

  JsonNode any(int index) {
    return values.get(index);
  }

  String string(int index) {
    JsonNode value = values.get(index);
    if (!value.isString()) {
      throw invalid(index, "a string");
    }
    return value.stringValue();
  }

  String text(int index) {
    String value = string(index);
    if (value.length() > MAX_TEXT) {
      throw invalid(index, "at most " + MAX_TEXT + " characters long");
    }
    return value;
  }

  ArrayNode array(int index) {
    if (values.get(index) instanceof ArrayNode array) {
      return array;
    }
    throw invalid(index, "an array");
  }

  ObjectNode object(int index) {
    if (values.get(index) instanceof ObjectNode object) {
      return object;
    }
    throw invalid(index, "an object");
  }

  /** A whole number; a fraction is rounded, halves up, as in Step Functions. */
  int integer(int index) {
    JsonNode value = values.get(index);
    if (!value.isNumber()) {
      throw invalid(index, "a number");
    }
    long rounded =
        value.canConvertToLong() && value.isIntegralNumber()
            ? value.longValue()
            : Math.round(value.doubleValue());
    if (rounded != (int) rounded) {
      throw invalid(index, "from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE);
    }
    return (int) rounded;
  }

  IllegalArgumentException invalid(int index, String mustBe) {
    String value = Json.text(values.get(index));
    return new IllegalArgumentException(
        "argument %d must be %s but is %s"
            .formatted(
                index + 1, mustBe, value.length() > 100 ? value.substring(0, 100) + "..." : value));
  }
}
