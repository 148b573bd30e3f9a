package io.inframetrics.workflow.testing;

import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What executions reached of a definition: its states, the rules and the default of its choices,
 * its retriers and its catchers. Thread-safe.
 */
public final class Coverage {

  private static final List<String> LISTS = List.of("Choices", "Retry", "Catch");

  /** How often each part was reached, in the order of the definition. */
  private final Map<Part, Integer> reached = new LinkedHashMap<>();

  /**
   * One part of a definition.
   *
   * @param part empty for the state itself, otherwise such as {@code Catch[0]}
   */
  public record Part(String state, String part) {
    @Override
    public String toString() {
      return part.isEmpty() ? state : state + " " + part;
    }
  }

  /** Creates the coverage of a definition that nothing has reached yet. */
  public Coverage(JsonNode definition) {
    scope(definition);
  }

  private void scope(JsonNode scope) {
    for (var each : scope.path("States").properties()) {
      String name = each.getKey();
      JsonNode state = each.getValue();
      reached.put(new Part(name, ""), 0);
      for (String list : LISTS) {
        for (int i = 0; i < state.path(list).size(); i++) {
          reached.put(new Part(name, list + "[" + i + "]"), 0);
        }
      }
      if (state.has("Default")) {
        reached.put(new Part(name, "Default"), 0);
      }
      state.path("Branches").forEach(this::scope);
      scope(state.path("ItemProcessor"));
      scope(state.path("Iterator"));
    }
  }

  /** Adds what an execution reached. */
  public synchronized void add(ExecutionResult result) {
    for (Trace.Visited visit : result.trace().visits()) {
      reach(new Part(visit.state(), ""));
      visit.decisions().forEach(decision -> reach(new Part(visit.state(), decision)));
    }
  }

  private void reach(Part part) {
    reached.computeIfPresent(part, (key, count) -> count + 1);
  }

  /** What no execution reached, in the order of the definition. */
  public synchronized List<Part> missed() {
    return reached.entrySet().stream()
        .filter(each -> each.getValue() == 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The part of the definition that was reached, from 0 to 1. */
  public synchronized double ratio() {
    return reached.isEmpty() ? 1 : 1 - (double) missed().size() / reached.size();
  }

  /** One line with the sum, then one line for each part that no execution reached. */
  public synchronized String report() {
    List<Part> missed = missed();
    StringBuilder report = new StringBuilder();
    report.append(
        "%d of %d states, choices, retriers and catchers reached\n"
            .formatted(reached.size() - missed.size(), reached.size()));
    missed.forEach(part -> report.append("  not reached: ").append(part).append('\n'));
    return report.toString();
  }
}
