package io.inframetrics.workflow;

import com.sun.management.OperatingSystemMXBean;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.Trace;
import io.inframetrics.workflow.jsonata.JsonataExpression;
import io.inframetrics.workflow.testing.ScriptedTasks;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Prints how much CPU time each JSONata expression of a file of cases takes to parse and evaluate;
 * see {@code deploy/workflow/benchmarks}.
 */
final class ExpressionSpeed {

  private static final int ROUNDS = 9;
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private ExpressionSpeed() {}

  /**
   * {@code prepare CASES} prints the distinct expressions with what they read, as JSON; {@code
   * measure FILE} prints the microseconds of each, one a line.
   */
  public static void main(String[] args) throws IOException {
    JsonNode file = Json.parse(Files.readString(Path.of(args[1])));
    if (args[0].equals("prepare")) {
      System.out.println(Json.text(prepared(file)));
    } else {
      file.forEach(ExpressionSpeed::microseconds); // Warms up.
      for (JsonNode one : file) {
        System.out.printf("%.3f%n", microseconds(one));
      }
    }
  }

  private static JsonNode prepared(JsonNode file) {
    Map<String, ObjectNode> distinct = new LinkedHashMap<>();
    for (JsonNode one : file.get("cases")) {
      StateMachine machine = StateMachine.read(one.get("definition"), Map.of(), true);
      ExecutionResult result =
          machine
              .execution()
              .input(one.get("input"))
              .tasks(ScriptedTasks.of(one.get("tasks")))
              .run();
      ObjectNode variables = Json.NODES.objectNode();
      for (Trace.Visited visit : result.trace().visits()) {
        JsonNode state = one.get("definition").findValue(visit.state());
        ObjectNode states = Json.NODES.objectNode();
        states.set("input", visit.input());
        states.set("result", one.at("/tasks/0/output"));
        states
            .putObject("errorOutput")
            .put("Error", one.at("/tasks/0/error").asString(""))
            .put("Cause", Json.text(one.at("/tasks/0/cause")));
        states
            .putObject("context")
            .putObject("Map")
            .putObject("Item")
            .put("Index", 0)
            .put("Value", "Item1");
        collect(state, states, variables.deepCopy(), distinct);
        visit.assigned().forEach(variables::set);
      }
    }
    return Json.NODES.arrayNode().addAll(distinct.values());
  }

  private static void collect(
      JsonNode node, ObjectNode states, ObjectNode variables, Map<String, ObjectNode> found) {
    if (node.isString() && JsonataExpression.isExpression(node.stringValue())) {
      String text = node.stringValue();
      ObjectNode one = Json.NODES.objectNode();
      one.put("expression", text.substring(2, text.length() - 2).strip());
      one.set("states", states.deepCopy());
      one.set("variables", variables);
      found.putIfAbsent(one.get("expression").stringValue(), one);
    }
    node.forEach(child -> collect(child, states, variables, found));
  }

  private static double microseconds(JsonNode one) {
    String text = "{%" + one.get("expression").stringValue() + "%}";
    Map<String, JsonNode> variables = new HashMap<>();
    one.get("variables").properties().forEach(v -> variables.put(v.getKey(), v.getValue()));
    JsonNode states = one.get("states");
    Scope scope =
        new Scope(
            states.get("input"),
            () -> states.get("context"),
            variables,
            Instant.EPOCH,
            new Random(0),
            states.get("result"),
            states.get("errorOutput"));
    List<Double> rounds = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      // CPU time of the whole process, with the garbage collector: the machine may be busy.
      long start = PROCESS.getProcessCpuTime();
      int times = 0;
      while (PROCESS.getProcessCpuTime() - start < 100_000_000) {
        for (int i = 0; i < 50; i++, times++) {
          sink = evaluated(text, scope);
        }
      }
      rounds.add((PROCESS.getProcessCpuTime() - start) / 1e3 / times);
    }
    double[] sorted = rounds.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[ROUNDS / 2];
  }

  /** Keeps the result in use, so that the compiler cannot drop the work. */
  @SuppressWarnings("unused")
  private static volatile @Nullable Object sink;

  private static Object evaluated(String text, Scope scope) {
    try {
      return JsonataExpression.parse(text, "Output").evaluate(scope);
    } catch (FailureException e) {
      return e;
    }
  }
}
