package io.inframetrics.workflow;

import io.inframetrics.workflow.definition.Definition;
import io.inframetrics.workflow.definition.DefinitionException;
import io.inframetrics.workflow.definition.DefinitionObject;
import io.inframetrics.workflow.definition.Problem;
import io.inframetrics.workflow.execution.Execution;
import io.inframetrics.workflow.state.Loader;
import io.inframetrics.workflow.state.States;
import io.inframetrics.workflow.state.VariableNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A definition in the Amazon States Language, checked and ready to run. Immutable: any number of
 * executions may run at once.
 *
 * <p>Loading refuses what Step Functions would refuse. A task may have any Resource that Step
 * Functions accepts; its handler answers.
 *
 * @see <a href="https://states-language.net/spec.html">Amazon States Language</a>
 */
public final class StateMachine {

  private static final String DEFAULT_NAME = "StateMachine";

  private final String name;
  private final States states;
  private final Duration timeout;
  private final JsonNode definition;

  private StateMachine(String name, States states, Duration timeout, JsonNode definition) {
    this.definition = definition;
    this.name = name;
    this.states = states;
    this.timeout = timeout;
  }

  /**
   * Reads a definition file.
   *
   * @param definition a UTF-8 file
   * @param substitutions the value of each {@code ${Name}}; a name without one is a problem
   * @throws DefinitionException with everything that is wrong with the definition
   * @throws IOException if the file cannot be read
   */
  public static StateMachine load(Path definition, Map<String, String> substitutions)
      throws IOException {
    return parse(Files.readString(definition), substitutions);
  }

  /**
   * Reads a definition.
   *
   * @param definition JSON text
   * @param substitutions the value of each {@code ${Name}}; a name without one is a problem
   * @throws DefinitionException with everything that is wrong with the definition
   */
  public static StateMachine parse(String definition, Map<String, String> substitutions) {
    return read(Definition.parse(definition), substitutions, false);
  }

  /**
   * Finds everything that is wrong with a definition. A {@code ${Name}} is accepted, because only a
   * deployment knows its value.
   *
   * @param definition JSON text
   * @return the problems in the order they were found; empty if there are none
   */
  public static List<Problem> validate(String definition) {
    try {
      read(Definition.parse(definition), Map.of(), true);
      return List.of();
    } catch (DefinitionException e) {
      return e.problems();
    }
  }

  /** Reads parsed JSON; {@code opaque} keeps a {@code ${Name}} without a value as text. */
  static StateMachine read(JsonNode json, Map<String, String> substitutions, boolean opaque) {
    return Definition.read(
        json,
        substitutions,
        opaque,
        fields -> {
          fields.string("Version");
          Long seconds = fields.integer("TimeoutSeconds", 1, DefinitionObject.MAX_NUMBER);
          States states = new Loader().machine(fields);
          VariableNames.check(json, fields::problemAt);
          fields.refuseUnknown();
          return new StateMachine(
              DEFAULT_NAME,
              states,
              Duration.ofSeconds(seconds == null ? DefinitionObject.MAX_NUMBER : seconds),
              json);
        });
  }

  /** Returns a copy with this {@code $$.StateMachine.Name}; the default is {@code StateMachine}. */
  public StateMachine named(String newName) {
    return new StateMachine(newName, states, timeout, definition);
  }

  /** The definition as it was given, before substitutions; must not be changed. */
  public JsonNode definition() {
    return definition;
  }

  States states() {
    return states;
  }

  /** Prepares an execution: by default on a virtual clock, with input {@code {}} and no tasks. */
  public Execution execution() {
    return new Execution(name, states, timeout);
  }
}
