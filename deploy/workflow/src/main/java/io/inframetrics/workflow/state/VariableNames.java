package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.PayloadTemplate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/**
 * Finds variables that an inner scope assigns although an outer one has them: a branch or an
 * iteration can read the variables around it, but not change them, nor hide them by its own.
 *
 * @hidden
 */
public final class VariableNames {

  private final BiConsumer<String, String> problems;

  private VariableNames(BiConsumer<String, String> problems) {
    this.problems = problems;
  }

  /** {@code problems} receives the pointer and the message of each Assign that has such a name. */
  public static void check(JsonNode machine, BiConsumer<String, String> problems) {
    new VariableNames(problems).scope(machine, "", Set.of());
  }

  private record Found(JsonNode fields, String pointer) {
    Set<String> names() {
      Set<String> names = new HashSet<>();
      // In JSONata a name cannot end in .$ anyway, so the suffix needs no look at the language.
      fields.path("Assign").propertyNames().forEach(key -> names.add(PayloadTemplate.name(key)));
      return names;
    }
  }

  private void scope(JsonNode scope, String pointer, Set<String> outer) {
    Set<String> visible = new HashSet<>(outer);
    String states = Json.pointer(pointer, "States");
    for (var state : scope.path("States").properties()) {
      for (Found found : assigning(state.getValue(), Json.pointer(states, state.getKey()))) {
        for (String name : found.names()) {
          if (outer.contains(name)) {
            problems.accept(
                Json.pointer(found.pointer(), "Assign"),
                "'"
                    + name
                    + "' is a variable of an outer scope: a branch or an iteration can read it, but "
                    + "not assign it. Use another name");
          }
          visible.add(name);
        }
      }
    }
    for (var state : scope.path("States").properties()) {
      inner(state.getValue(), Json.pointer(states, state.getKey()), visible);
    }
  }

  /** The state and its rules and catchers. */
  private static List<Found> assigning(JsonNode state, String pointer) {
    List<Found> found = new ArrayList<>();
    found.add(new Found(state, pointer));
    for (String list : List.of("Choices", "Catch")) {
      JsonNode elements = state.path(list);
      for (int i = 0; i < elements.size(); i++) {
        found.add(
            new Found(
                elements.path(i), Json.pointer(Json.pointer(pointer, list), String.valueOf(i))));
      }
    }
    return found;
  }

  private void inner(JsonNode state, String pointer, Set<String> visible) {
    JsonNode branches = state.path("Branches");
    for (int i = 0; i < branches.size(); i++) {
      scope(
          branches.path(i),
          Json.pointer(Json.pointer(pointer, "Branches"), String.valueOf(i)),
          visible);
    }
    for (String field : List.of("ItemProcessor", "Iterator")) {
      JsonNode processor = state.path(field);
      boolean distributed =
          processor.path("ProcessorConfig").path("Mode").asString("").equals("DISTRIBUTED");
      // The states of a distributed Map are executions of their own, without outer variables.
      scope(processor, Json.pointer(pointer, field), distributed ? Set.of() : visible);
    }
  }
}
