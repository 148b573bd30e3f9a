package io.inframetrics.workflow.data;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/**
 * What an expression can read: data ({@code $}), context object ({@code $$}), random generator.
 *
 * @param context created on demand, because most expressions do not read it
 * @hidden
 */
public record Scope(JsonNode data, Supplier<JsonNode> context, RandomGenerator random) {

  public Scope over(JsonNode other) {
    return new Scope(other, context, random);
  }
}
