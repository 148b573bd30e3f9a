package io.inframetrics.workflow.data;

import tools.jackson.databind.JsonNode;

/** A constant argument of an intrinsic function. */
record Literal(JsonNode value, String text) implements Expression {

  @Override
  public JsonNode evaluate(Scope scope) {
    return value;
  }
}
