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
   * @throws FailureException when an intrinsic function fails
   * @throws MissingPathException when a path finds nothing
   */
  JsonNode evaluate(Scope scope);

  /** As the definition wrote it. */
  String text();

  /**
   * Reads what may stand in a field whose name ends in {@code .$}.
   *
   * @throws IllegalArgumentException with one sentence when it is neither
   */
  static Expression parse(String text) {
    if (text.startsWith("States.")) {
      return IntrinsicParser.parse(text);
    }
    return DataPath.parse(text);
  }
}
