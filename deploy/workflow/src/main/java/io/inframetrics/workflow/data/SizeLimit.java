package io.inframetrics.workflow.data;

import java.util.Arrays;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Limits the data that a state may take or pass on.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html">Step
 *     Functions service quotas</a>
 * @hidden
 */
public final class SizeLimit {

  /** Bytes of compact JSON in UTF-8. */
  public static final int MAX_BYTES = 262_144;

  /**
   * The deepest nesting of objects and arrays. Step Functions documents no such limit; without it,
   * a loop that wraps its data in every round would overflow the stack of the JVM.
   */
  static final int MAX_DEPTH = 500;

  /** The bytes that a character of ASCII needs beside its own, because it is escaped. */
  private static final byte[] ESCAPES = new byte[0x80];

  static {
    Arrays.fill(ESCAPES, 0, ' ', (byte) 5);
    for (char c : "\b\t\n\f\r\"\\".toCharArray()) {
      ESCAPES[c] = 1;
    }
  }

  private SizeLimit() {}

  public static boolean exceeded(JsonNode node) {
    return left(node, MAX_BYTES, 0) < 0;
  }

  /** The bytes of data that is not nested too deep. */
  public static int bytes(JsonNode node) {
    return (int) (Integer.MAX_VALUE - left(node, Integer.MAX_VALUE, 0));
  }

  /**
   * The bytes that are left of a budget after a value; negative if it is too large, or nested too
   * deep. Counted without writing the value, and no further than the budget.
   */
  private static long left(JsonNode node, long budget, int depth) {
    if (node.isString()) {
      return left(node.stringValue(), budget);
    }
    if (!node.isContainer()) {
      // A number too large for a double is written in quotes.
      int quotes = node.isDouble() && !Double.isFinite(node.doubleValue()) ? 2 : 0;
      return budget - quotes - node.asString("null").length();
    }
    if (depth == MAX_DEPTH) {
      return -1;
    }
    // Two brackets, and a comma before every element but the first.
    long left = budget - 2 - Math.max(0, node.size() - 1);
    if (node instanceof ObjectNode object) {
      for (var field : object.properties()) {
        left = left < 0 ? left : left(field.getKey(), left - 1);
        left = left < 0 ? left : left(field.getValue(), left, depth + 1);
      }
    } else {
      for (JsonNode element : node.values()) {
        left = left < 0 ? left : left(element, left, depth + 1);
      }
    }
    return left;
  }

  private static long left(String text, long budget) {
    int length = text.length();
    long bytes = length + 2L;
    if (bytes > budget) {
      return budget - bytes;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < ESCAPES.length) {
        bytes += ESCAPES[c];
      } else {
        // A pair of surrogates has four bytes.
        bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return budget - bytes;
  }

  /** Fails with States.DataLimitExceeded if the data is too large. */
  public static void check(JsonNode node, String task) {
    if (exceeded(node)) {
      throw new FailureException(ErrorName.DATA_LIMIT_EXCEEDED, message(task));
    }
  }

  public static String message(String task) {
    return "The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit."
        .formatted(task);
  }
}
