package io.inframetrics.workflow.data;

import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
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

  private static final JsonMapper MAPPER = Json.nestingTo(MAX_DEPTH).build();

  /** No character takes more: a control character becomes a backslash, a u and four digits. */
  private static final int MAX_BYTES_PER_CHAR = 6;

  /** The longest text of a number that is neither a BigInteger nor a BigDecimal, rounded up. */
  private static final int MAX_BYTES_PER_SCALAR = 32;

  private SizeLimit() {}

  public static boolean exceeded(JsonNode node) {
    return left(node, MAX_BYTES, 0) < 0 && exceededExactly(node);
  }

  /**
   * The bytes that are certainly left of a budget after a value; negative if that takes counting.
   * Almost every value is so small that this is known without writing it.
   */
  private static long left(JsonNode node, long budget, int depth) {
    if (node.isString()) {
      return budget - 2 - (long) MAX_BYTES_PER_CHAR * node.stringValue().length();
    }
    if (!node.isContainer()) {
      return node.isBigInteger() || node.isBigDecimal() ? -1 : budget - MAX_BYTES_PER_SCALAR;
    }
    long left = depth < MAX_DEPTH ? budget - 2 : -1;
    if (node instanceof ObjectNode object) {
      for (var field : object.properties()) {
        if (left < 0) {
          return left;
        }
        long name = (long) MAX_BYTES_PER_CHAR * field.getKey().length() + 4;
        left = left(field.getValue(), left - name, depth + 1);
      }
    } else {
      for (JsonNode element : node.values()) {
        if (left < 0) {
          return left;
        }
        left = left(element, left - 1, depth + 1);
      }
    }
    return left;
  }

  private static boolean exceededExactly(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node).length > MAX_BYTES;
    } catch (StreamConstraintsException e) {
      return true; // Nested too deep.
    }
  }

  /** The bytes of data that does not exceed the limit. */
  public static int bytes(JsonNode node) {
    return MAPPER.writeValueAsBytes(node).length;
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
