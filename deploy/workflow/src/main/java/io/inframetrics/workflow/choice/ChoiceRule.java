package io.inframetrics.workflow.choice;

import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.MissingPathException;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.definition.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A condition of a Choice: And, Or, Not, or a comparison of a variable. */
public sealed interface ChoiceRule {

  /**
   * Whether the rule is true of the data.
   *
   * @throws FailureException States.Runtime when a comparison reads a path that is not there
   */
  boolean holds(Scope scope);

  /** All of them, looked at in order and no further than needed. */
  record And(List<ChoiceRule> rules) implements ChoiceRule {
    @Override
    public boolean holds(Scope scope) {
      return rules.stream().allMatch(rule -> rule.holds(scope));
    }
  }

  /** One of them, looked at in order and no further than needed. */
  record Or(List<ChoiceRule> rules) implements ChoiceRule {
    @Override
    public boolean holds(Scope scope) {
      return rules.stream().anyMatch(rule -> rule.holds(scope));
    }
  }

  /** Not it. */
  record Not(ChoiceRule rule) implements ChoiceRule {
    @Override
    public boolean holds(Scope scope) {
      return !rule.holds(scope);
    }
  }

  /** Stands for a rule that could not be read; the definition is refused, so it never runs. */
  record Unreadable() implements ChoiceRule {
    @Override
    public boolean holds(Scope scope) {
      throw new IllegalStateException("an unreadable rule does not run");
    }
  }

  /**
   * A variable beside a constant or the value of another path.
   *
   * @param constant null when {@code path} is given
   */
  record Comparison(
      DataPath variable, Operator operator, @Nullable JsonNode constant, @Nullable DataPath path)
      implements ChoiceRule {

    @Override
    public boolean holds(Scope scope) {
      if (operator == Operator.IS_PRESENT) {
        return variable.isPresent(scope)
            == Boolean.TRUE.equals(constant == null ? null : constant.booleanValue());
      }
      JsonNode left = value(variable, scope);
      JsonNode right = constant;
      if (right == null && path != null) {
        right = value(path, scope);
      }
      return right != null && operator.test(left, right);
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

  /** Reads a rule; whatever is wrong with it becomes a problem. */
  static ChoiceRule load(Fields fields) {
    List<String> given =
        fields.names().stream()
            .filter(name -> !List.of("Variable", "Next", "Comment", "Assign").contains(name))
            .toList();
    if (given.size() != 1) {
      fields.problem(
          given.isEmpty()
              ? "a rule needs a comparison, And, Or or Not"
              : "a rule has one comparison, not " + String.join(" and ", given));
      return new Unreadable();
    }
    String name = given.get(0);
    ChoiceRule rule =
        switch (name) {
          case "And" -> new And(nested(fields, name));
          case "Or" -> new Or(nested(fields, name));
          case "Not" -> {
            Fields inner = fields.object(name);
            yield inner == null ? new Unreadable() : new Not(nested(inner));
          }
          default -> comparison(fields, name);
        };
    fields.refuseUnknown();
    return rule;
  }

  private static List<ChoiceRule> nested(Fields fields, String name) {
    List<ChoiceRule> rules = new ArrayList<>();
    for (Fields inner : fields.objects(name, true)) {
      rules.add(nested(inner));
    }
    return List.copyOf(rules);
  }

  private static ChoiceRule nested(Fields inner) {
    if (inner.has("Next")) {
      inner.value("Next");
      inner.problem("Next", "only a rule that stands in Choices itself has a Next");
    }
    return load(inner);
  }

  private static ChoiceRule comparison(Fields fields, String name) {
    if (!fields.has("Variable")) {
      fields.problem("Variable is missing");
    }
    DataPath variable = fields.path("Variable");
    boolean fromPath = name.endsWith("Path");
    Operator operator = Operator.named(fromPath ? name.substring(0, name.length() - 4) : name);
    JsonNode operand = fields.value(name);
    if (operator == null || operand == null || (fromPath && !operator.takesPath())) {
      fields.problem(name, "'" + name + "' is not a comparison");
      return new Unreadable();
    }
    if (fromPath) {
      DataPath path = fields.path(name);
      return variable == null || path == null
          ? new Unreadable()
          : new Comparison(variable, operator, null, path);
    }
    String refusal = operator.refusal(operand);
    if (!refusal.isEmpty()) {
      fields.problem(name, name + " must be " + refusal);
    }
    return variable == null ? new Unreadable() : new Comparison(variable, operator, operand, null);
  }
}
