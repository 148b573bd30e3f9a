package io.inframetrics.workflow.choice;

import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.MissingPathException;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.definition.DefinitionObject;
import io.inframetrics.workflow.jsonata.JsonataExpression;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A condition of a Choice: And, Or, Not, or a comparison of a variable.
 *
 * @hidden
 */
@FunctionalInterface
public interface ChoiceRule {

  /**
   * Whether the data satisfies the rule. And and Or evaluate their rules in order and stop as soon
   * as the result is certain.
   *
   * @throws FailureException States.Runtime if a comparison reads a path that is missing
   */
  boolean holds(Scope scope);

  /** Reads a rule; adds a problem for everything that is wrong with it. */
  static ChoiceRule load(DefinitionObject fields) {
    if (fields.jsonata()) {
      return condition(fields);
    }
    for (String name : List.of("Condition", "Output")) {
      fields.misplaced(name, "");
    }
    List<String> given =
        fields.names().stream()
            .filter(
                name ->
                    !List.of("Variable", "Next", "Comment", "Assign", "Condition", "Output")
                        .contains(name))
            .toList();
    if (given.isEmpty() && fields.has("Condition")) {
      return unreadable();
    }
    if (given.size() != 1) {
      fields.problem(
          given.isEmpty()
              ? "a rule needs a comparison, And, Or or Not"
              : "a rule must have exactly one comparison, but this one has "
                  + String.join(" and ", given));
      return unreadable();
    }
    String name = given.get(0);
    ChoiceRule rule =
        switch (name) {
          case "And" -> {
            List<ChoiceRule> rules = nested(fields, name);
            yield scope -> rules.stream().allMatch(each -> each.holds(scope));
          }
          case "Or" -> {
            List<ChoiceRule> rules = nested(fields, name);
            yield scope -> rules.stream().anyMatch(each -> each.holds(scope));
          }
          case "Not" -> {
            DefinitionObject inner = fields.object(name);
            ChoiceRule negated = inner == null ? unreadable() : nested(inner);
            yield scope -> !negated.holds(scope);
          }
          default -> comparison(fields, name);
        };
    return rule;
  }

  /** Reads the Condition of a rule in JSONata: true, false or an expression. */
  private static ChoiceRule condition(DefinitionObject fields) {
    for (String name : fields.names()) {
      if (name.equals("Variable")
          || List.of("And", "Or", "Not").contains(name)
          || isComparison(name)) {
        fields.misplaced(name, ": use Condition");
      }
    }
    JsonNode value = fields.value("Condition");
    if (value == null) {
      fields.problem("Condition is missing");
      return unreadable();
    }
    if (value.isBoolean()) {
      return scope -> value.booleanValue();
    }
    JsonataExpression expression = fields.expression("Condition");
    if (expression != null) {
      return scope -> expression.evaluate(scope, "boolean").booleanValue();
    }
    if (!value.isString() || !JsonataExpression.isExpression(value.stringValue())) {
      fields.problem(
          "Condition", "Condition must be true, false or a JSONata expression {% ... %}");
    }
    return unreadable();
  }

  private static boolean isComparison(String name) {
    return Operator.named(name.endsWith("Path") ? name.substring(0, name.length() - 4) : name)
        != null;
  }

  /** Stands in for a rule that could not be read; the definition is rejected, so it never runs. */
  private static ChoiceRule unreadable() {
    return scope -> {
      throw new IllegalStateException("an invalid rule must not run");
    };
  }

  private static List<ChoiceRule> nested(DefinitionObject fields, String name) {
    return fields.objects(name, true).stream().map(ChoiceRule::nested).toList();
  }

  private static ChoiceRule nested(DefinitionObject inner) {
    if (inner.has("Next")) {
      inner.value("Next");
      inner.problem("Next", "only a rule directly in Choices may have a Next");
    }
    if (inner.value("Assign") != null) {
      inner.problem("Assign", "only a rule directly in Choices may have an Assign");
    }
    ChoiceRule rule = load(inner);
    inner.refuseUnknown();
    return rule;
  }

  /** Compares a variable with a constant or with the value at another path. */
  private static ChoiceRule comparison(DefinitionObject fields, String name) {
    if (!fields.has("Variable")) {
      fields.problem("Variable is missing");
    }
    DataPath variable = fields.path("Variable");
    boolean fromPath = name.endsWith("Path");
    Operator operator = Operator.named(fromPath ? name.substring(0, name.length() - 4) : name);
    JsonNode operand = fields.value(name);
    if (operator == null || operand == null || (fromPath && !operator.takesPath())) {
      fields.problem(name, "'" + name + "' is not a comparison");
      return unreadable();
    }
    if (fromPath) {
      DataPath path = fields.path(name);
      return variable == null || path == null
          ? unreadable()
          : scope -> operator.test(value(variable, scope), value(path, scope));
    }
    if (!operator.takes(operand)) {
      fields.problem(name, name + " must be " + operator.operand());
    }
    if (variable == null) {
      return unreadable();
    }
    return operator == Operator.IS_PRESENT
        ? scope -> variable.isPresent(scope) == operand.booleanValue()
        : scope -> operator.test(value(variable, scope), operand);
  }

  private static JsonNode value(DataPath path, Scope scope) {
    try {
      return path.evaluate(scope);
    } catch (MissingPathException e) {
      throw FailureException.runtime(
          "Invalid path '"
              + path.text()
              + "': The choice state's condition path references an invalid value.");
    }
  }
}
