package io.inframetrics.workflow.data;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

final class ArrayFunctions {

  /** The most numbers that ArrayRange returns. */
  static final int MAX_RANGE = 1_000;

  private ArrayFunctions() {}

  static JsonNode array(Arguments arguments) {
    return Json.NODES.arrayNode(arguments.count()).addAll(arguments.values());
  }

  static JsonNode partition(Arguments arguments) {
    ArrayNode array = arguments.array(0);
    int size = arguments.integer(1);
    if (size < 1) {
      throw arguments.invalid(1, "a positive number");
    }
    ArrayNode chunks = Json.NODES.arrayNode();
    for (int i = 0; i < array.size(); i++) {
      (i % size == 0 ? chunks.addArray() : (ArrayNode) chunks.get(i / size)).add(array.get(i));
    }
    return chunks;
  }

  static JsonNode contains(Arguments arguments) {
    JsonNode wanted = arguments.any(1);
    return Json.NODES.booleanNode(
        arguments.array(0).valueStream().anyMatch(element -> Json.same(element, wanted)));
  }

  static JsonNode range(Arguments arguments) {
    long first = arguments.integer(0);
    long last = arguments.integer(1);
    long step = arguments.integer(2);
    if (step == 0) {
      throw arguments.invalid(2, "other than zero");
    }
    long count = Math.max(0, (last - first) / step + 1);
    if ((last - first) % step != 0 && Long.signum(last - first) != Long.signum(step)) {
      count = 0;
    }
    if (count > MAX_RANGE) {
      throw new IllegalArgumentException(
          "the range has " + count + " numbers, more than " + MAX_RANGE);
    }
    ArrayNode range = Json.NODES.arrayNode((int) count);
    for (long i = 0; i < count; i++) {
      range.add((int) (first + i * step));
    }
    return range;
  }

  static JsonNode getItem(Arguments arguments) {
    ArrayNode array = arguments.array(0);
    int index = arguments.integer(1);
    if (index < 0 || index >= array.size()) {
      throw arguments.invalid(1, "an index of the array, from 0 to " + (array.size() - 1));
    }
    return array.get(index);
  }

  static JsonNode length(Arguments arguments) {
    return Json.NODES.numberNode(arguments.array(0).size());
  }

  static JsonNode unique(Arguments arguments) {
    ArrayNode unique = Json.NODES.arrayNode();
    for (JsonNode element : arguments.array(0)) {
      if (unique.valueStream().noneMatch(kept -> Json.same(kept, element))) {
        unique.add(element);
      }
    }
    return unique;
  }
}
