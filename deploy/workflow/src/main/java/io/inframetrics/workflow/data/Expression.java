package io.inframetrics.workflow.data;

import tools.jackson.databind.JsonNode;

/**
 * A value computed while a state runs: a path or a call of an intrinsic function.
 *
 * @hidden
 */
public interface Expression {

  /**
   * Computes the value.
   *
   * @throws FailureException if an intrinsic function fails
   * @throws MissingPathException if a path finds nothing
   */
  JsonNode evaluate(Scope scope);

  /** The expression as written in the definition. */
  String text();

  /**
   * Reads a path or a call, as in a field whose name ends in {@code .$}.
   *
   * @throws IllegalArgumentException with one sentence if it is neither
   */
  static Expression parse(String text) {
    if (text.startsWith("States.")) {
      return IntrinsicParser.parse(text);
    }
    return DataPath.parse(text);
  }
}
