package io.inframetrics.workflow.data;

import tools.jackson.databind.JsonNode;

/**
 * How much data a state may take or hand on.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html">Step
 *     Functions service quotas</a>
 * @hidden
 */
public final class SizeLimit {

  /** Bytes of compact JSON in UTF-8. */
  public static final int MAX_BYTES = 262_144;

  /**
   * How deep objects and arrays may nest. Step Functions documents no such limit; a loop that wraps
   * its data once more in every round would otherwise end this JVM's stack instead of the
   * execution.
   */
  static final int MAX_DEPTH = 500;

  /**
   * No character takes more: a control character is written as a backslash, a u and four digits.
   */
  private static final int MAX_BYTES_PER_CHAR = 6;

  private static final int MAX_BYTES_PER_SCALAR = 32;

  private SizeLimit() {}

  public static boolean exceeded(JsonNode node) {
    long atMost = atMost(node, 0);
    return atMost >= Integer.MAX_VALUE || (atMost > MAX_BYTES && Json.utf8Size(node) > MAX_BYTES);
  }

  /**
   * Refuses what is too large.
   *
   * @throws FailureException States.DataLimitExceeded when the node is too large
   */
  public static void check(JsonNode node, String task) {
    if (exceeded(node)) {
      throw new FailureException(ErrorName.DATA_LIMIT_EXCEEDED, message(task));
    }
  }

  public static String message(String task) {
    return "The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit."
        .formatted(task);
  }

  /** A bound that is cheap to find, since almost every value is far below the limit. */
  private static long atMost(JsonNode node, int depth) {
    if (node.isString()) {
      return 2L + (long) MAX_BYTES_PER_CHAR * node.stringValue().length();
    }
    if (node.isNumber() && (node.isBigInteger() || node.isBigDecimal())) {
      return node.asString().length() + 2L;
    }
    if (!node.isContainer()) {
      return MAX_BYTES_PER_SCALAR;
    }
    if (depth == MAX_DEPTH) {
      return Integer.MAX_VALUE;
    }
    long bytes = 2;
    for (var property : node.properties()) {
      bytes += (long) MAX_BYTES_PER_CHAR * property.getKey().length() + 4;
      bytes += atMost(property.getValue(), depth + 1);
    }
    if (node.isArray()) {
      for (JsonNode element : node) {
        bytes += 1 + atMost(element, depth + 1);
      }
    }
    return bytes;
  }
}
