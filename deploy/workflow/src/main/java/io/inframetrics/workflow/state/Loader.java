package io.inframetrics.workflow.state;

import io.inframetrics.workflow.definition.DefinitionObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the states of a definition, scope by scope, then checks what needs all states.
 *
 * @hidden
 */
public final class Loader {

  /** In Unicode characters, from <a href="https://states-language.net/spec.html">the spec</a>. */
  private static final int MAX_NAME_LENGTH = 80;

  private static final List<String> PATH_FIELDS =
      List.of(
          "InputPath",
          "OutputPath",
          "Parameters",
          "Result",
          "ResultSelector",
          "ResultPath",
          "ItemsPath",
          "SecondsPath",
          "TimestampPath",
          "TimeoutSecondsPath",
          "HeartbeatSecondsPath",
          "MaxConcurrencyPath",
          "ToleratedFailureCountPath",
          "ToleratedFailurePercentagePath",
          "ErrorPath",
          "CausePath");
  private static final List<String> QUERY_FIELDS = List.of("Arguments", "Output", "Items");

  /** Names are unique in a state machine as a whole, branches included. */
  private final Set<String> names = new HashSet<>();

  /** The query language of states that name none. */
  private boolean jsonata;

  /** Reads all states of a machine. */
  public States machine(DefinitionObject fields) {
    jsonata = "JSONata".equals(queryLanguage(fields));
    return scope(fields);
  }

  States scope(DefinitionObject fields) {
    String startAt = fields.requiredString("StartAt");
    DefinitionObject states = fields.namedObjects("States");
    if (states == null) {
      if (!fields.has("States")) {
        fields.problem("States is missing");
      }
      return new States(startAt, Map.of());
    }
    Map<String, State> byName = new LinkedHashMap<>();
    Map<String, DefinitionObject> fieldsOf = new HashMap<>();
    for (String name : states.names()) {
      if (!names.add(name)) {
        states.problem(name, "another state is called '" + name + "' too");
      }
      if (name.isEmpty() || name.codePointCount(0, name.length()) > MAX_NAME_LENGTH) {
        states.problem(name, "a state's name must have 1 to " + MAX_NAME_LENGTH + " characters");
      }
      DefinitionObject state = states.object(name);
      if (state != null) {
        State loaded = state(name, state);
        if (loaded != null) {
          byName.put(name, loaded);
          fieldsOf.put(name, state);
        }
      }
    }
    if (states.names().isEmpty()) {
      states.problem("there must be at least one state");
    }
    checkTransitions(startAt, byName, fields, states, fieldsOf);
    return new States(startAt, Map.copyOf(byName));
  }

  private @Nullable State state(String name, DefinitionObject fields) {
    String type = fields.requiredString("Type");
    String language = queryLanguage(fields);
    if (jsonata && "JSONPath".equals(language)) {
      fields.problem(
          "QueryLanguage",
          "QueryLanguage cannot be JSONPath if it is JSONata for the whole state machine");
    }
    fields.startState(language == null ? jsonata : language.equals("JSONata"));
    for (String other : fields.jsonata() ? PATH_FIELDS : QUERY_FIELDS) {
      fields.misplaced(other, "");
    }
    State state =
        switch (type) {
          case "Pass" -> new PassState(name, fields);
          case "Task" -> new TaskState(name, fields);
          case "Choice" -> new ChoiceState(name, fields);
          case "Wait" -> new WaitState(name, fields);
          case "Succeed" -> new SucceedState(name, fields);
          case "Fail" -> new FailState(name, fields);
          case "Parallel" -> new ParallelState(name, fields, this);
          case "Map" -> new MapState(name, fields, this);
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

  private static @Nullable String queryLanguage(DefinitionObject fields) {
    String language = fields.string("QueryLanguage");
    if (language != null && !language.equals("JSONPath") && !language.equals("JSONata")) {
      fields.problem("QueryLanguage", "QueryLanguage must be JSONPath or JSONata");
    }
    return language;
  }

  private void checkTransitions(
      String startAt,
      Map<String, State> byName,
      DefinitionObject scope,
      DefinitionObject states,
      Map<String, DefinitionObject> fieldsOf) {
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
      states.problem("no reachable state ends: one of them needs End, or the type Succeed or Fail");
    }
    for (State state : byName.values()) {
      DefinitionObject own = Objects.requireNonNull(fieldsOf.get(state.name()));
      if (state.next() != null && !known.contains(state.next())) {
        own.problem("Next", missing(state.next()));
      }
      for (String target : state.otherTargets()) {
        if (!target.isEmpty() && !known.contains(target)) {
          own.problem(missing(target));
        }
      }
      if (known.contains(startAt) && !reached.contains(state.name())) {
        own.problem("no transition leads to this state");
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
