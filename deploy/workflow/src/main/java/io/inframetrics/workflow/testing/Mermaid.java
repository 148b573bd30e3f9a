package io.inframetrics.workflow.testing;

import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.StateOutcome;
import io.inframetrics.workflow.execution.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Draws a definition as a Mermaid state diagram, which Markdown viewers show, and a run on it: how
 * often each state was visited, and in colour how the last visit ended.
 *
 * @see <a href="https://mermaid.js.org/syntax/stateDiagram.html">State diagrams</a>
 */
public final class Mermaid {

  private static final Map<StateOutcome, String> COLOURS =
      Map.of(
          StateOutcome.SUCCEEDED, "fill:#d5f5d5",
          StateOutcome.CAUGHT, "fill:#fff0c0",
          StateOutcome.FAILED, "fill:#ffd0d0",
          StateOutcome.ABORTED, "fill:#e0e0e0");

  private final @Nullable Trace trace;
  private final StringBuilder text = new StringBuilder("stateDiagram-v2\n");
  private final Map<String, String> ids = new HashMap<>();
  private final Map<StateOutcome, List<String>> classes = new LinkedHashMap<>();

  private Mermaid(@Nullable Trace trace) {
    this.trace = trace;
  }

  /** Returns the drawing of a definition. */
  public static String draw(JsonNode definition) {
    return new Mermaid(null).diagram(definition);
  }

  /** Returns the drawing of a definition with a run on it. */
  public static String draw(JsonNode definition, ExecutionResult result) {
    return new Mermaid(result.trace()).diagram(definition);
  }

  private String diagram(JsonNode definition) {
    scope(definition, "  ");
    for (var each : classes.entrySet()) {
      String name = each.getKey().name().toLowerCase(Locale.ROOT);
      text.append("  classDef ").append(name).append(' ').append(COLOURS.get(each.getKey()));
      text.append("\n  class ").append(String.join(",", each.getValue()));
      text.append(' ').append(name).append('\n');
    }
    return text.toString();
  }

  /** Names are free text, so states have numbers in the drawing and their names as labels. */
  private String id(String name) {
    return ids.computeIfAbsent(name, key -> "s" + (ids.size() + 1));
  }

  private void scope(JsonNode scope, String indent) {
    text.append(indent).append("[*] --> ").append(id(scope.path("StartAt").asString("")));
    text.append('\n');
    for (var each : scope.path("States").properties()) {
      state(each.getKey(), each.getValue(), indent);
    }
    for (var each : scope.path("States").properties()) {
      transitions(id(each.getKey()), each.getValue(), indent);
    }
  }

  private void state(String name, JsonNode state, String indent) {
    List<JsonNode> inner = new ArrayList<>();
    state.path("Branches").forEach(inner::add);
    for (String processor : new String[] {"ItemProcessor", "Iterator"}) {
      if (state.has(processor)) {
        inner.add(state.get(processor));
      }
    }
    text.append(indent).append("state \"").append(label(name)).append("\" as ").append(id(name));
    if (inner.isEmpty()) {
      text.append('\n');
      colour(name);
      return;
    }
    // Mermaid cannot colour a state that contains others.
    text.append(" {\n");
    for (int i = 0; i < inner.size(); i++) {
      text.append(i == 0 ? "" : indent + "  --\n");
      scope(inner.get(i), indent + "  ");
    }
    text.append(indent).append("}\n");
  }

  private String label(String name) {
    if (trace == null) {
      return escaped(name);
    }
    List<Trace.Visited> visits = trace.visits(name);
    int retries = visits.stream().mapToInt(Trace.Visited::retries).sum();
    return escaped(
        name
            + (visits.size() > 1 ? " (" + visits.size() + " visits)" : "")
            + (retries > 0 ? " (" + retries + (retries == 1 ? " retry)" : " retries)") : ""));
  }

  private void colour(String name) {
    List<Trace.Visited> visits = trace == null ? List.of() : trace.visits(name);
    if (!visits.isEmpty()) {
      StateOutcome outcome = visits.get(visits.size() - 1).outcome();
      classes.computeIfAbsent(outcome, key -> new ArrayList<>()).add(id(name));
    }
  }

  private void transitions(String from, JsonNode state, String indent) {
    boolean ends = state.path("End").asBoolean(false);
    String type = state.path("Type").asString("");
    if (ends || type.equals("Succeed") || type.equals("Fail")) {
      arrow(from, "[*]", "", indent);
    }
    if (state.has("Next")) {
      arrow(from, id(state.get("Next").asString("")), "", indent);
    }
    for (String list : new String[] {"Choices", "Catch"}) {
      JsonNode elements = state.path(list);
      for (int i = 0; i < elements.size(); i++) {
        String label =
            list.equals("Catch")
                ? String.join(
                    ", ",
                    elements
                        .get(i)
                        .path("ErrorEquals")
                        .valueStream()
                        .map(JsonNode::asString)
                        .toList())
                : "Choices[" + i + "]";
        arrow(from, id(elements.get(i).path("Next").asString("")), label, indent);
      }
    }
    if (state.has("Default")) {
      arrow(from, id(state.get("Default").asString("")), "Default", indent);
    }
  }

  private void arrow(String from, String to, String label, String indent) {
    text.append(indent).append(from).append(" --> ").append(to);
    text.append(label.isEmpty() ? "" : " : " + escaped(label)).append('\n');
  }

  /** Replaces everything that could mean something to Mermaid or HTML by its code. */
  private static String escaped(String name) {
    StringBuilder escaped = new StringBuilder();
    name.codePoints()
        .forEach(
            c -> {
              if (Character.isLetterOrDigit(c) || " ._-,()[]".indexOf(c) >= 0) {
                escaped.appendCodePoint(c);
              } else {
                escaped.append('#').append(c).append(';');
              }
            });
    return escaped.toString();
  }
}
