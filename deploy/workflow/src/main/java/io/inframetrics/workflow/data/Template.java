package io.inframetrics.workflow.data;

import tools.jackson.databind.JsonNode;

/**
 * JSON of a definition with computed parts: a payload template of JSONPath, or any JSON with
 * JSONata expressions.
 *
 * @hidden
 */
@FunctionalInterface
public interface Template {

  /**
   * Returns the JSON with all computed values.
   *
   * @throws FailureException if one cannot be computed
   */
  JsonNode fill(Scope scope);
}
