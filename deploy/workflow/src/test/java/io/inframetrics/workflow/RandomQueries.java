package io.inframetrics.workflow;

import io.inframetrics.workflow.data.Json;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Turns some states of a definition into JSONata, and adds variables, as a seed has it. */
final class RandomQueries {

  private static final List<String> PATH_FIELDS =
      List.of(
          "InputPath",
          "OutputPath",
          "Parameters",
          "ResultPath",
          "ItemsPath",
          "SecondsPath",
          "Result",
          "ResultSelector");

  private static final List<String> ATOMS =
      List.of(
          "$states.input",
          "$states.input.a",
          "$states.input.n",
          "$states.input.l",
          "$states.input.s",
          "$states.input.**.n",
          "$states.result",
          "$states.errorOutput.Error",
          "$states.context.State.Name",
          "$states.context.Map.Item.Value",
          "$states",
          "$x",
          "$y0",
          "$y1",
          "$y2",
          "a",
          "$",
          "$$",
          "null",
          "true",
          "1",
          "-2.5",
          "1e300",
          "'abc'",
          "\"t\"",
          "[]",
          "{}",
          "[1..4]",
          "/b+/",
          "$sum",
          "$millis()",
          "$now()",
          "$random()",
          "$uuid()",
          "$nope",
          "``",
          "%",
          "*");

  private static final List<String> SHAPES =
      List.of(
          "(A)",
          "[A, A]",
          "{'k': A, 'l': A}",
          "A + A",
          "A / A",
          "A & A",
          "A = A",
          "A < A",
          "A in A",
          "A and A",
          "A ? A : A",
          "A.a",
          "A[0]",
          "A[n > 1]",
          "A{'k': A}",
          "A^(n)",
          "A ~> $string",
          "A ~> |$|{'b': A}, 'a'|",
          "$count(A)",
          "$sum(A)",
          "$string(A)",
          "$sort(A)",
          "$sort(A, function($l, $r){A})",
          "$distinct(A)",
          "$reverse(A)",
          "$shuffle(A)",
          "$keys(A)",
          "$merge(A)",
          "$map(A, function($v, $i){A})",
          "$filter(A, function($v){A})",
          "$reduce(A, function($l, $r){A})",
          "$each(A, function($v, $k){A})",
          "$partition(A, A)",
          "$range(1, A, 1)",
          "$parse(A)",
          "$hash(A, 'MD5')",
          "$pad(A, A)",
          "$join(A, A)",
          "$split(A, A)",
          "$replace(A, A, A)",
          "$contains(A, A)",
          "$match(A, /b/)",
          "$number(A)",
          "$lookup(A, 'a')",
          "$toMillis(A)",
          "$fromMillis(A)",
          "$eval(A)",
          "($z := A; $z)",
          "($f := function($n){$n > 20 ? A : $f($n + 1)}; $f(0))",
          "($f := function($n){1 + $f($n)}; $f(A))",
          "$substring(?, 1)(A)",
          "$error(A)",
          "$assert(A, 'no')",
          "A ?? A",
          "A ?: A",
          "(A",
          "A)",
          "A '",
          "A /");

  private final Random random;

  RandomQueries(long seed) {
    this.random = new Random(seed);
  }

  ObjectNode mixed(ObjectNode definition) {
    boolean whole = random.nextInt(4) == 0;
    if (whole) {
      definition.put("QueryLanguage", "JSONata");
    }
    scope(definition, 0, whole);
    return definition;
  }

  private void scope(JsonNode scope, int depth, boolean whole) {
    for (var named : scope.path("States").properties()) {
      ObjectNode state = (ObjectNode) named.getValue();
      boolean jsonata = whole || random.nextBoolean();
      String type = state.path("Type").stringValue();
      if (jsonata) {
        state.remove(PATH_FIELDS);
        if (!whole) {
          state.put("QueryLanguage", "JSONata");
        }
        fields(state, type);
      }
      assign(state, type, depth, jsonata);
      state
          .path("Catch")
          .forEach(
              catcher -> {
                if (jsonata) {
                  ((ObjectNode) catcher).remove("ResultPath");
                  maybe((ObjectNode) catcher, "Output");
                }
                assign((ObjectNode) catcher, "Catch", depth, jsonata);
              });
      state.path("Branches").forEach(branch -> scope(branch, depth + 1, whole));
      scope(state.path("ItemProcessor"), depth + 1, whole);
    }
  }

  private void fields(ObjectNode state, String type) {
    if (!type.equals("Fail")) {
      maybe(state, "Output");
    }
    switch (type) {
      case "Task" -> {
        maybe(state, "Arguments");
        maybe(state, "TimeoutSeconds");
      }
      case "Parallel" -> maybe(state, "Arguments");
      case "Wait" -> {
        state.remove("Seconds");
        state.put(one(List.of("Seconds", "Timestamp")), query());
      }
      case "Map" -> {
        maybe(state, "Items");
        maybe(state, "ItemSelector");
        maybe(state, "MaxConcurrency");
      }
      case "Fail" -> maybe(state, "Cause");
      case "Choice" -> {
        for (JsonNode rule : state.path("Choices")) {
          String next = rule.path("Next").stringValue();
          ObjectNode query = ((ObjectNode) rule).removeAll().put("Next", next);
          query.put("Condition", random.nextInt(3) == 0 ? query() : "{% $random() < 0.5 %}");
          maybe(query, "Output");
        }
      }
      default -> {}
    }
  }

  private void maybe(ObjectNode fields, String name) {
    switch (random.nextInt(4)) {
      case 0 -> fields.put(name, query());
      case 1 -> {
        if (name.equals("Output") || name.equals("Arguments") || name.equals("ItemSelector")) {
          ArrayNode list = fields.putObject(name).put("k", "{% $states.input %}").putArray("l");
          list.add(query()).add(1);
        }
      }
      default -> {}
    }
  }

  private void assign(ObjectNode fields, String type, int depth, boolean jsonata) {
    if (type.equals("Succeed") || type.equals("Fail") || random.nextInt(3) != 0) {
      return;
    }
    // Now and then the name of an outer scope, which is refused.
    String name = random.nextInt(20) == 0 ? "x" : "y" + depth;
    ObjectNode assign = fields.putObject("Assign");
    if (jsonata) {
      assign.put(name, random.nextBoolean() ? query() : "{% $states.input %}");
    } else {
      assign.put(name + ".$", one(List.of("$", "$.a", "$$.State.Name", "$y0", "States.UUID()")));
    }
  }

  /** An expression with its delimiters. */
  String query() {
    return "{% " + expression(random.nextInt(4)) + " %}";
  }

  private String expression(int depth) {
    if (depth == 0) {
      return one(ATOMS);
    }
    StringBuilder filled = new StringBuilder();
    for (char c : one(SHAPES).toCharArray()) {
      filled.append(c == 'A' ? expression(random.nextInt(depth)) : c);
    }
    return filled.toString();
  }

  /** A value that only this source has. */
  static ObjectNode marked(String mark, JsonNode input) {
    ObjectNode marked = Json.NODES.objectNode();
    if (input instanceof ObjectNode object) {
      marked.setAll(object);
    }
    return marked.put("s", mark).put("mark", mark);
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
