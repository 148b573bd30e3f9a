package io.inframetrics.workflow.data;

import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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

  private SizeLimit() {}

  public static boolean exceeded(JsonNode node) {
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
