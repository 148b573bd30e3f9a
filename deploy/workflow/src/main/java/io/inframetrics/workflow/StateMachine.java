package io.inframetrics.workflow;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.definition.DefinitionException;
import io.inframetrics.workflow.definition.Fields;
import io.inframetrics.workflow.definition.Problem;
import io.inframetrics.workflow.definition.Problems;
import io.inframetrics.workflow.definition.Substitutions;
import io.inframetrics.workflow.execution.Execution;
import io.inframetrics.workflow.state.Loader;
import io.inframetrics.workflow.state.States;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A definition in the Amazon States Language (JSONPath), checked and ready to run. Immutable: any
 * number of executions may run at once.
 *
 * <p>What Step Functions has and this does not is refused by name when the definition is loaded:
 * JSONata, variables (Assign), distributed Map, activities, and integrations other than {@code
 * lambda:invoke} and {@code sns:publish}.
 *
 * @see <a href="https://states-language.net/spec.html">Amazon States Language</a>
 */
public final class StateMachine {

  private static final String DEFAULT_NAME = "StateMachine";

  private final String name;
  private final States states;
  private final Duration timeout;

  private StateMachine(String name, States states, Duration timeout) {
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
   * @throws IOException when the file cannot be read
   */
  public static StateMachine load(java.nio.file.Path definition, Map<String, String> substitutions)
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
    return parse(definition, substitutions, false);
  }

  /** Likewise; an unresolved {@code ${Name}} may stay as opaque text. */
  static StateMachine parse(String definition, Map<String, String> substitutions, boolean opaque) {
    Problems problems = new Problems();
    JsonNode json = json(definition, problems);
    StateMachine machine = json == null ? null : read(json, substitutions, opaque, problems);
    if (machine == null || !problems.found().isEmpty()) {
      throw new DefinitionException(problems.found());
    }
    return machine;
  }

  /** Likewise, for a definition that is JSON already. */
  static StateMachine parse(
      JsonNode definition, Map<String, String> substitutions, boolean opaque) {
    Problems problems = new Problems();
    StateMachine machine = read(definition, substitutions, opaque, problems);
    if (machine == null || !problems.found().isEmpty()) {
      throw new DefinitionException(problems.found());
    }
    return machine;
  }

  /**
   * Finds everything that is wrong with a definition. A {@code ${Name}} is not: it stands for a
   * value that only a deployment knows.
   *
   * @param definition JSON text
   * @return the problems in the order they were found; empty when there is none
   */
  public static List<Problem> validate(String definition) {
    try {
      parse(definition, Map.of(), true);
      return List.of();
    } catch (DefinitionException e) {
      return e.problems();
    }
  }

  private static @Nullable JsonNode json(String definition, Problems problems) {
    try {
      return Json.parseDefinition(definition);
    } catch (JacksonException e) {
      var location = e.getLocation();
      problems.add(
          "",
          "the definition is not JSON: "
              + Json.mistake(e)
              + (location == null
                  ? ""
                  : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")"));
      return null;
    }
  }

  private static @Nullable StateMachine read(
      JsonNode json, Map<String, String> substitutions, boolean opaque, Problems problems) {
    JsonNode resolved = new Substitutions(substitutions, opaque ? null : problems).apply(json);
    if (!(resolved instanceof ObjectNode object)) {
      problems.add("", "the definition must be an object");
      return null;
    }
    Fields fields = Fields.of(object, "", problems);
    fields.string("Version");
    Loader.queryLanguage(fields);
    Long seconds = fields.integer("TimeoutSeconds", 1, Fields.MAX_NUMBER);
    States states = new Loader(problems).scope(fields);
    fields.refuseUnknown();
    return new StateMachine(
        DEFAULT_NAME, states, Duration.ofSeconds(seconds == null ? Fields.MAX_NUMBER : seconds));
  }

  /**
   * The same definition under a name, for {@code $$.StateMachine.Name}; {@code StateMachine} when
   * not given.
   */
  public StateMachine named(String newName) {
    return new StateMachine(newName, states, timeout);
  }

  /**
   * Prepares an execution: on a virtual clock, with an empty object for input and no tasks, unless
   * told otherwise.
   */
  public Execution execution() {
    return new Execution(name, states, timeout);
  }
}
