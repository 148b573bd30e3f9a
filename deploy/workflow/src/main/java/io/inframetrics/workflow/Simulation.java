package io.inframetrics.workflow;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.definition.Definition;
import io.inframetrics.workflow.definition.DefinitionException;
import io.inframetrics.workflow.definition.Problem;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.Trace;
import io.inframetrics.workflow.testing.ScriptedObjects;
import io.inframetrics.workflow.testing.ScriptedTasks;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs a definition on a virtual clock with scripted task results and returns a JSON report:
 *
 * <pre>{@code
 * {"status":"SUCCEEDED","output":any,"states":["A",...],"delays":[{"state":"A","kind":"wait","seconds":5},...],"transitions":n}
 * {"status":"FAILED","error":"Name","cause":"text",...}
 * }</pre>
 *
 * <p>Kinds are {@code wait} and {@code retry}; seconds may have a fraction; transitions are what
 * Step Functions bills, one for each state entered and one for each retry. Error and cause are null
 * if there is none. Task results that no task took are listed by their places, {@code
 * "unused":["tasks[2]"]}. A {@code ${Name}} without a value stays in its string as text.
 */
public final class Simulation {

  private static final String ERROR = "error";
  private static final String CAUSE = "cause";
  private static final String OUTPUT = "output";
  private static final String STATUS = "status";
  private static final String UNUSED = "unused";
  private static final String PROBLEMS = "problems";

  /** What a result has, and so what a case may expect. */
  private static final List<String> FIELDS =
      List.of(STATUS, OUTPUT, ERROR, CAUSE, "states", "delays", "transitions", UNUSED, PROBLEMS);

  private Simulation() {}

  /**
   * Runs one definition.
   *
   * @param definition JSON text
   * @param input the execution's input
   * @param tasks as described at {@link ScriptedTasks#of}
   * @param substitutions values for {@code ${Name}}; may be empty
   * @throws DefinitionException with everything that is wrong with the definition
   * @throws IllegalArgumentException if the tasks are invalid
   */
  public static ObjectNode simulate(
      String definition, JsonNode input, JsonNode tasks, Map<String, String> substitutions) {
    return run(
        StateMachine.read(Definition.parse(definition), substitutions, true),
        input,
        tasks,
        Json.NODES.objectNode());
  }

  /**
   * Runs cases: {@code {"cases":[{"id","definition","input","tasks","objects","expected"}]}}, where
   * expected has the status and any other fields of a result, and objects has the contents that a
   * distributed Map reads, by {@code bucket/key}. Each result has the case's id, {@code "pass"}:
   * whether every expected field is as expected, and if not, {@code "differs"}: the names of the
   * fields that are not. Inside values, strings that hold JSON are compared as JSON, and numbers by
   * value. A case passes with unused task results, unless it expects {@code "unused":[]}. An
   * invalid definition has the status {@code REFUSED} and its {@code problems}.
   *
   * @param results receives each result as soon as its case has run
   * @return whether all passed
   * @throws IllegalArgumentException if the array of cases is missing, a case expects a field that
   *     no result has, or tasks are invalid
   */
  public static boolean cases(JsonNode cases, Consumer<ObjectNode> results) {
    if (!(cases.get("cases") instanceof ArrayNode list)) {
      throw new IllegalArgumentException(
          "the file must be a JSON object with an array called cases");
    }
    for (int i = 0; i < list.size(); i++) {
      checkFields(list.get(i).path("expected"), "cases[" + i + "].expected");
    }
    boolean all = true;
    for (JsonNode one : list) {
      ObjectNode result = Json.NODES.objectNode();
      result.set("id", one.path("id"));
      ObjectNode outcome = outcome(one);
      List<String> differs = differing(one.path("expected"), outcome);
      result.put("pass", differs.isEmpty());
      if (!differs.isEmpty()) {
        differs.forEach(result.putArray("differs")::add);
      }
      result.setAll(outcome);
      results.accept(result);
      all &= differs.isEmpty();
    }
    return all;
  }

  private static void checkFields(JsonNode expected, String where) {
    if (!expected.isObject() && !expected.isMissingNode()) {
      throw new IllegalArgumentException(where + " must be an object");
    }
    for (String name : expected.propertyNames()) {
      if (!FIELDS.contains(name)) {
        throw new IllegalArgumentException(
            "%s has an unknown field '%s': use %s"
                .formatted(where, name, String.join(", ", FIELDS)));
      }
    }
  }

  private static ObjectNode outcome(JsonNode one) {
    try {
      JsonNode definition = one.path("definition");
      JsonNode json = definition.isString() ? Json.parse(definition.stringValue()) : definition;
      JsonNode tasks = one.has("tasks") ? one.get("tasks") : Json.NODES.arrayNode();
      JsonNode input = one.has("input") ? one.get("input") : Json.NODES.objectNode();
      JsonNode objects = one.has("objects") ? one.get("objects") : Json.NODES.objectNode();
      return run(StateMachine.read(json, Map.of(), true), input, tasks, objects);
    } catch (DefinitionException e) {
      ObjectNode refused = Json.NODES.objectNode();
      refused.put(STATUS, "REFUSED");
      ArrayNode problems = refused.putArray(PROBLEMS);
      for (Problem problem : e.problems()) {
        problems.addObject().put("pointer", problem.pointer()).put("message", problem.message());
      }
      return refused;
    }
  }

  private static ObjectNode run(
      StateMachine machine, JsonNode input, JsonNode tasks, JsonNode objects) {
    ScriptedTasks script = ScriptedTasks.of(tasks);
    ObjectNode result =
        describe(
            machine
                .execution()
                .input(input)
                .tasks(script)
                .objects(new ScriptedObjects(objects, script))
                .run());
    List<String> unused = script.unusedPlaces();
    if (!unused.isEmpty()) {
      unused.forEach(result.putArray(UNUSED)::add);
    }
    return result;
  }

  private static ObjectNode describe(ExecutionResult result) {
    ObjectNode json = Json.NODES.objectNode();
    json.put(STATUS, result.status().name());
    if (result.output() != null) {
      json.set(OUTPUT, result.output());
    } else {
      json.put(ERROR, result.error());
      json.put(CAUSE, result.cause());
    }
    ArrayNode states = json.putArray("states");
    result.trace().states().forEach(states::add);
    ArrayNode delays = json.putArray("delays");
    for (Trace.Delay delay : result.trace().delays()) {
      ObjectNode one = delays.addObject();
      one.put("state", delay.state());
      one.put("kind", delay.kind() == Trace.DelayKind.WAIT ? "wait" : "retry");
      putSeconds(one, delay.duration());
    }
    json.put("transitions", result.trace().transitions());
    return json;
  }

  private static void putSeconds(ObjectNode json, Duration duration) {
    if (duration.getNano() == 0) {
      json.put("seconds", duration.toSeconds());
    } else {
      BigDecimal seconds =
          BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
      json.put("seconds", seconds.stripTrailingZeros());
    }
  }

  /** The names of the expected fields, and the status, that are not as expected. */
  private static List<String> differing(JsonNode expected, ObjectNode actual) {
    List<String> differs = new ArrayList<>();
    for (String name : FIELDS) {
      JsonNode value = actual.get(name);
      if (value == null && name.equals(UNUSED)) {
        value = Json.NODES.arrayNode();
      }
      boolean compared = name.equals(STATUS) || expected.has(name);
      if (compared
          && (value == null || !Json.same(unfolded(expected.path(name)), unfolded(value)))) {
        differs.add(name);
      }
    }
    return differs;
  }

  /** Replaces every string that holds a JSON object or array by that object or array. */
  private static JsonNode unfolded(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode copy = Json.NODES.objectNode();
      object.properties().forEach(p -> copy.set(p.getKey(), unfolded(p.getValue())));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = Json.NODES.arrayNode(array.size());
      array.forEach(element -> copy.add(unfolded(element)));
      return copy;
    }
    String text = node.isString() ? node.stringValue().strip() : "";
    if (!text.startsWith("{") && !text.startsWith("[")) {
      return node;
    }
    try {
      return unfolded(Json.parse(text));
    } catch (JacksonException e) {
      // Text that only looks like JSON is compared as text.
      return node;
    }
  }
}
