package io.inframetrics.workflow;

import io.inframetrics.workflow.definition.DefinitionException;
import io.inframetrics.workflow.definition.Problem;
import java.util.List;
import java.util.Map;

/** Why a definition is refused. */
final class Refusals {

  private Refusals() {}

  /** The pointers of its problems; empty when it is not refused. */
  static List<String> of(String definition, Map<String, String> substitutions) {
    return problems(definition, substitutions).stream().map(Problem::pointer).toList();
  }

  static List<Problem> problems(String definition, Map<String, String> substitutions) {
    try {
      StateMachine.parse(definition, substitutions);
      return List.of();
    } catch (DefinitionException e) {
      return e.problems();
    }
  }
}
