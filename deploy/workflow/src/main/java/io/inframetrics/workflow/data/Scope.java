package io.inframetrics.workflow.data;

import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an expression can read: data ({@code $}, in JSONata {@code $states.input}), context object
 * ({@code $$}), variables, the time, a random generator.
 *
 * @param context created on demand, because most expressions do not read it
 * @param variables as they were when the state was entered
 * @param result {@code $states.result} of JSONata; null before there is one
 * @param errorOutput {@code $states.errorOutput} of JSONata; null outside a catcher
 * @hidden
 */
public record Scope(
    JsonNode data,
    Supplier<JsonNode> context,
    Map<String, JsonNode> variables,
    Instant now,
    RandomGenerator random,
    @Nullable JsonNode result,
    @Nullable JsonNode errorOutput) {

  /** A scope with nothing but data. */
  public static Scope ofData(JsonNode data) {
    return new Scope(
        data, Json.NODES::objectNode, Map.of(), Instant.EPOCH, new Random(0), null, null);
  }

  public Scope over(JsonNode other) {
    return new Scope(other, context, variables, now, random, result, errorOutput);
  }

  public Scope withResult(JsonNode newResult) {
    return new Scope(data, context, variables, now, random, newResult, errorOutput);
  }

  public Scope withErrorOutput(JsonNode newErrorOutput) {
    return new Scope(data, context, variables, now, random, result, newErrorOutput);
  }
}
