package io.inframetrics.workflow;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.execution.TaskFailure;
import io.inframetrics.workflow.execution.TaskHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Definitions, inputs and task results drawn from a seed: mostly sound, now and then broken. */
final class RandomDefinitions {

  private static final List<String> PATHS =
      List.of(
          "$",
          "$.a",
          "$.b",
          "$.a.b",
          "$.l",
          "$.l[0]",
          "$.l[*]",
          "$.n",
          "$.s",
          "$.t",
          "$.nope",
          "$$.State.Name",
          "$..n",
          "$.l[?(@.n > 1)]",
          "$.l[?(@ == 'abc')]",
          "$['a','b']",
          "$.l[-1]",
          "$.l[1:]");
  private static final List<String> CALLS =
      List.of(
          "States.Format('{}', $.s)",
          "States.Array($.a, $.n)",
          "States.MathAdd($.n, 1)",
          "States.MathRandom(1, 100)",
          "States.UUID()",
          "States.ArrayLength($.l)",
          "States.StringToJson($.s)",
          "States.ArrayRange(1, $.n, 1)");
  private static final List<String> ERRORS =
      List.of(
          "E",
          "F",
          "States.Timeout",
          "States.TaskFailed",
          "States.ALL",
          "States.Runtime",
          "States.BranchFailed");
  private static final List<String> OPERATORS =
      List.of(
          "NumericEquals",
          "NumericLessThan",
          "StringEquals",
          "StringMatches",
          "IsPresent",
          "IsNull",
          "BooleanEquals");

  private final Random random;
  private int names;

  RandomDefinitions(long seed) {
    this.random = new Random(seed);
  }

  ObjectNode definition() {
    ObjectNode definition = scope(0);
    if (random.nextInt(4) == 0) {
      definition.put("TimeoutSeconds", 1 + random.nextInt(1_000));
    }
    return definition;
  }

  JsonNode input() {
    return value(0);
  }

  /** A handler that answers, fails or takes its time, as the seed has it. */
  TaskHandler tasks() {
    return call -> {
      call.takes(Duration.ofSeconds(random.nextInt(20)));
      if (random.nextInt(3) == 0) {
        throw new TaskFailure(one(ERRORS), random.nextBoolean() ? null : "because");
      }
      if (random.nextInt(20) == 0) {
        throw new IllegalStateException("boom");
      }
      return value(0);
    };
  }

  private ObjectNode scope(int depth) {
    int count = 1 + random.nextInt(4);
    List<String> scope = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      scope.add("S" + names++);
    }
    ObjectNode definition = Json.NODES.objectNode();
    definition.put("StartAt", scope.get(0));
    ObjectNode states = definition.putObject("States");
    for (int i = 0; i < count; i++) {
      states.set(scope.get(i), state(scope, i, depth));
    }
    return definition;
  }

  private ObjectNode state(List<String> scope, int index, int depth) {
    ObjectNode state = Json.NODES.objectNode();
    String type =
        one(
            List.of(
                "Pass",
                "Pass",
                "Task",
                "Task",
                "Wait",
                "Choice",
                "Succeed",
                "Fail",
                "Parallel",
                "Map"));
    boolean last = index + 1 == scope.size();
    if (!last && (type.equals("Succeed") || type.equals("Fail"))) {
      type = "Pass";
    }
    if (depth > 2 && (type.equals("Parallel") || type.equals("Map"))) {
      type = "Pass";
    }
    state.put("Type", type);
    if (!List.of("Choice", "Succeed", "Fail").contains(type)) {
      leave(state, scope, index);
    }
    if (!type.equals("Fail") && random.nextInt(4) == 0) {
      state.put(one(List.of("InputPath", "OutputPath")), one(PATHS));
    }
    switch (type) {
      case "Pass" -> shape(state, "Parameters");
      case "Task" -> {
        state.put(
            "Resource",
            one(
                List.of(
                    "arn:aws:lambda:us-east-1:000000000000:function:f",
                    "arn:aws:states:::lambda:invoke")));
        shape(state, "Parameters");
        if (random.nextBoolean()) {
          state.put("TimeoutSeconds", 1 + random.nextInt(20));
        }
        handle(state, scope);
      }
      case "Wait" -> {
        if (random.nextBoolean()) {
          state.put("Seconds", random.nextInt(100_000));
        } else {
          state.put("SecondsPath", "$.n");
        }
      }
      case "Choice" -> choose(state, scope, index);
      case "Parallel" -> {
        ArrayNode branches = state.putArray("Branches");
        for (int i = 0; i <= random.nextInt(3); i++) {
          branches.add(scope(depth + 1));
        }
        handle(state, scope);
      }
      case "Map" -> {
        state.set("ItemProcessor", scope(depth + 1));
        state.put("ItemsPath", one(List.of("$.l", "$", "$.a")));
        state.put("MaxConcurrency", random.nextInt(3));
        handle(state, scope);
      }
      default -> state.put("Comment", "nothing more to say");
    }
    if (random.nextInt(200) == 0) {
      state.put("Oops", 1);
    }
    return state;
  }

  private void leave(ObjectNode state, List<String> scope, int index) {
    if (index + 1 < scope.size()) {
      // Backwards now and then, so that there are loops.
      state.put("Next", random.nextInt(5) == 0 ? one(scope) : scope.get(index + 1));
    } else if (random.nextInt(8) == 0) {
      state.put("Next", one(scope));
    } else {
      state.put("End", true);
    }
  }

  private void shape(ObjectNode state, String field) {
    if (random.nextInt(3) == 0) {
      state.putObject(field).put("n", 2).put("s.$", one(CALLS)).put("a.$", one(PATHS));
    }
    if (random.nextInt(3) == 0) {
      state.put("ResultPath", one(List.of("$.a", "$.b.c", "$", "$.l[0]")));
    }
  }

  private void handle(ObjectNode state, List<String> scope) {
    if (random.nextBoolean()) {
      ObjectNode retrier = state.putArray("Retry").addObject();
      retrier.putArray("ErrorEquals").add(one(ERRORS));
      retrier.put("IntervalSeconds", 1 + random.nextInt(100)).put("MaxAttempts", random.nextInt(4));
      retrier
          .put("BackoffRate", 1 + random.nextInt(3))
          .put("JitterStrategy", one(List.of("FULL", "NONE")));
    }
    if (random.nextBoolean()) {
      ObjectNode catcher = state.putArray("Catch").addObject();
      catcher.putArray("ErrorEquals").add(one(ERRORS));
      catcher.put("Next", one(scope));
      catcher.put("ResultPath", one(List.of("$.e", "$")));
    }
  }

  private void choose(ObjectNode state, List<String> scope, int index) {
    ArrayNode choices = state.putArray("Choices");
    for (int i = 0; i <= random.nextInt(3); i++) {
      ObjectNode rule = choices.addObject();
      rule.put("Next", one(scope));
      ObjectNode test =
          random.nextInt(3) == 0 ? rule.putArray(one(List.of("And", "Or"))).addObject() : rule;
      String operator = one(OPERATORS);
      test.put("Variable", one(PATHS));
      if (operator.startsWith("Numeric")) {
        test.put(operator, random.nextInt(5));
      } else if (operator.startsWith("String")) {
        test.put(operator, one(List.of("a*", "x", "*")));
      } else {
        test.put(operator, random.nextBoolean());
      }
    }
    if (index + 1 < scope.size()) {
      state.put("Default", scope.get(index + 1));
    } else if (random.nextInt(4) != 0) {
      state.put("Default", one(scope));
    }
  }

  private JsonNode value(int depth) {
    return switch (random.nextInt(depth > 2 ? 5 : 9)) {
      case 0 -> Json.NODES.nullNode();
      case 1 -> Json.NODES.numberNode(random.nextInt(10));
      case 2 -> Json.NODES.stringNode(one(List.of("", "abc", "{\"a\":1}", "2026-01-01T00:00:10Z")));
      case 3 -> Json.NODES.booleanNode(random.nextBoolean());
      case 4 -> Json.NODES.numberNode(random.nextInt(100) / 8.0);
      case 5 -> Json.NODES.arrayNode().add(value(depth + 1)).add(value(depth + 1));
      default -> {
        ObjectNode object = Json.NODES.objectNode();
        for (String name : List.of("a", "b", "l", "n", "s", "t")) {
          if (random.nextInt(3) != 0) {
            object.set(
                name,
                name.equals("l") ? Json.NODES.arrayNode().add(value(depth + 1)) : value(depth + 1));
          }
        }
        yield object;
      }
    };
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
