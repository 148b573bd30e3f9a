package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.definition.Fields;
import io.inframetrics.workflow.definition.Problems;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the states of a definition, scope by scope, and checks what only shows once all states are
 * known.
 */
public final class Loader {

  private static final int MAX_NAME_LENGTH = 80;

  /** Names are unique in a state machine as a whole, branches included. */
  private final Set<String> names = new HashSet<>();

  private final Problems problems;

  public Loader(Problems problems) {
    this.problems = problems;
  }

  /** Reads StartAt and States of a state machine, branch or processor. */
  public States scope(Fields fields) {
    String startAt = fields.requiredString("StartAt");
    Fields states = fields.namedObjects("States");
    if (states == null) {
      if (!fields.has("States")) {
        fields.problem("States is missing");
      }
      return new States(startAt, Map.of());
    }
    Map<String, State> byName = new LinkedHashMap<>();
    for (String name : states.names()) {
      if (!names.add(name)) {
        states.problem(name, "another state is called '" + name + "' too");
      }
      if (name.isEmpty() || name.codePointCount(0, name.length()) > MAX_NAME_LENGTH) {
        states.problem(name, "a state's name has 1 to " + MAX_NAME_LENGTH + " characters");
      }
      Fields state = states.object(name);
      if (state != null) {
        State loaded = state(name, state);
        if (loaded != null) {
          byName.put(name, loaded);
        }
      }
    }
    if (states.names().isEmpty()) {
      states.problem("there must be at least one state");
    }
    checkTransitions(startAt, byName, fields, states);
    return new States(startAt, Map.copyOf(byName));
  }

  private @Nullable State state(String name, Fields fields) {
    String type = fields.requiredString("Type");
    queryLanguage(fields);
    fields.unsupported("Assign", "workflow variables are");
    fields.unsupported("Arguments", "it belongs to JSONata");
    fields.unsupported("Output", "it belongs to JSONata");
    State state =
        switch (type) {
          case "Pass" -> PassState.load(name, fields);
          case "Task" -> TaskState.load(name, fields);
          case "Choice" -> ChoiceState.load(name, fields);
          case "Wait" -> WaitState.load(name, fields);
          case "Succeed" -> SucceedState.load(name, fields);
          case "Fail" -> FailState.load(name, fields);
          case "Parallel" -> ParallelState.load(name, fields, this);
          case "Map" -> MapState.load(name, fields, this);
          default -> {
            if (!type.isEmpty()) {
              fields.problem("Type", "'" + type + "' is not a type of state");
            }
            yield null;
          }
        };
    if (state != null) {
      fields.refuseUnknown();
    }
    return state;
  }

  public static void queryLanguage(Fields fields) {
    String language = fields.string("QueryLanguage");
    if (language != null && !language.equals("JSONPath")) {
      fields.problem(
          "QueryLanguage", "QueryLanguage " + language + " is not supported: only JSONPath is");
    }
  }

  private void checkTransitions(
      String startAt, Map<String, State> byName, Fields scope, Fields states) {
    Set<String> known = new LinkedHashSet<>(states.names());
    if (!startAt.isEmpty() && !known.contains(startAt)) {
      scope.problem("StartAt", missing(startAt));
    }
    Set<String> reached = new HashSet<>();
    Deque<String> open = new ArrayDeque<>();
    open.add(startAt);
    while (!open.isEmpty()) {
      State state = byName.get(open.remove());
      if (state != null && reached.add(state.name())) {
        if (state.next() != null) {
          open.add(state.next());
        }
        open.addAll(state.otherTargets());
      }
    }
    boolean ends = reached.stream().anyMatch(name -> endsScope(byName.get(name)));
    if (known.contains(startAt) && known.size() == byName.size() && !ends) {
      states.problem(
          "no state that can be reached ends here: one needs End, or the type Succeed or Fail");
    }
    for (State state : byName.values()) {
      if (state.next() != null && !known.contains(state.next())) {
        problems.add(Json.pointer(states.pointer(state.name()), "Next"), missing(state.next()));
      }
      for (String target : state.otherTargets()) {
        if (!target.isEmpty() && !known.contains(target)) {
          problems.add(states.pointer(state.name()), missing(target));
        }
      }
      if (known.contains(startAt) && !reached.contains(state.name())) {
        problems.add(states.pointer(state.name()), "no transition leads to this state");
      }
    }
  }

  private static boolean endsScope(@Nullable State state) {
    return state != null && !(state instanceof ChoiceState) && state.next() == null;
  }

  private static String missing(String target) {
    return "there is no state '" + target + "' in the same scope";
  }
}
