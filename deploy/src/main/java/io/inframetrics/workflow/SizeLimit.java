package io.inframetrics.workflow;

import tools.jackson.databind.JsonNode;

/**
 * How much data a state may take or hand on.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html">Step
 *     Functions service quotas</a>
 */
final class SizeLimit {

  /** Bytes of compact JSON in UTF-8. */
  static final int MAX_BYTES = 262_144;

  /**
   * No character takes more: a control character is written as a backslash, a u and four digits.
   */
  private static final int MAX_BYTES_PER_CHAR = 6;

  private static final int MAX_BYTES_PER_SCALAR = 32;

  private SizeLimit() {}

  static boolean exceeded(JsonNode node) {
    return atMost(node) > MAX_BYTES && Json.utf8Size(node) > MAX_BYTES;
  }

  /**
   * Refuses what is too large.
   *
   * @throws FailureException States.DataLimitExceeded when the node is too large
   */
  static void check(JsonNode node, String task) {
    if (exceeded(node)) {
      throw new FailureException(ErrorName.DATA_LIMIT_EXCEEDED, message(task));
    }
  }

  static String message(String task) {
    return "The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit."
        .formatted(task);
  }

  /** A bound that is cheap to find, since almost every value is far below the limit. */
  private static long atMost(JsonNode node) {
    if (node.isString()) {
      return 2L + (long) MAX_BYTES_PER_CHAR * node.stringValue().length();
    }
    if (node.isNumber() && (node.isBigInteger() || node.isBigDecimal())) {
      return node.asString().length() + 2L;
    }
    if (!node.isContainer()) {
      return MAX_BYTES_PER_SCALAR;
    }
    long bytes = 2;
    for (var property : node.properties()) {
      bytes +=
          (long) MAX_BYTES_PER_CHAR * property.getKey().length() + 4 + atMost(property.getValue());
    }
    if (node.isArray()) {
      for (JsonNode element : node) {
        bytes += 1 + atMost(element);
      }
    }
    return bytes;
  }
}
