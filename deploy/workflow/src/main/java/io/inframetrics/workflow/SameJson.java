package io.inframetrics.workflow;

import tools.jackson.databind.JsonNode;

/**
 * Equality of JSON values: objects whatever the order of their fields, numbers by value (1 and 1.0
 * are the same).
 */
final class SameJson {

  private SameJson() {}

  static boolean same(JsonNode left, JsonNode right) {
    return left.equals(
        (a, b) -> a.isNumber() && b.isNumber() ? Numbers.compare(a, b) : a.equals(b) ? 0 : 1,
        right);
  }
}
