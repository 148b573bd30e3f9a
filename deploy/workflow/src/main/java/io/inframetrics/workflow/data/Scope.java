package io.inframetrics.workflow.data;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/**
 * What an expression can see: the data ({@code $}), the context object ({@code $$}) and the run's
 * randomness.
 *
 * @param context asked only when an expression reads it, since most never do
 * @hidden
 */
public record Scope(JsonNode data, Supplier<JsonNode> context, RandomGenerator random) {

  public Scope over(JsonNode other) {
    return new Scope(other, context, random);
  }
}
