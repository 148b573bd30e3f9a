package io.inframetrics.testkit.aws.dynamodb;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A condition on the attributes of an item. */
sealed interface Condition {

  Set<String> OPERATORS = Set.of("=", "<>", "<", "<=", ">", ">=");

  /** Whether it holds for an item with these attributes. */
  boolean holds(Map<String, Value> item);

  /** What is compared. */
  sealed interface Operand {

    /** Its value for an item; null if the item lacks the attribute. */
    @Nullable Value of(Map<String, Value> item);
  }

  /** The value of an attribute. */
  record Path(String name) implements Operand {

    @Override
    public @Nullable Value of(Map<String, Value> item) {
      return item.get(name);
    }
  }

  /** A value that the request brings along. */
  record Literal(Value value) implements Operand {

    @Override
    public Value of(Map<String, Value> item) {
      return value;
    }
  }

  /** Both hold. */
  record And(Condition left, Condition right) implements Condition {

    @Override
    public boolean holds(Map<String, Value> item) {
      return left.holds(item) && right.holds(item);
    }
  }

  /** One of both holds. */
  record Or(Condition left, Condition right) implements Condition {

    @Override
    public boolean holds(Map<String, Value> item) {
      return left.holds(item) || right.holds(item);
    }
  }

  /** The item has the attribute, or lacks it. */
  record Exists(String path, boolean wanted) implements Condition {

    @Override
    public boolean holds(Map<String, Value> item) {
      return item.containsKey(path) == wanted;
    }
  }

  /** Two values compare so; values of different types, and missing ones, are only unequal. */
  record Comparison(String operator, Operand left, Operand right) implements Condition {

    Comparison checked(ExpressionParser parser) {
      if (!operator.equals("=") && !operator.equals("<>")) {
        requireOrder(parser, operator, left);
        requireOrder(parser, operator, right);
      }
      return this;
    }

    @Override
    public boolean holds(Map<String, Value> item) {
      Value a = left.of(item);
      Value b = right.of(item);
      if (a == null || b == null) {
        return operator.equals("<>");
      }
      if (operator.equals("=") || operator.equals("<>")) {
        return a.equals(b) == operator.equals("=");
      }
      if (!a.type().equals(b.type()) || !a.isScalar()) {
        return false;
      }
      int order = a.compareTo(b);
      return switch (operator) {
        case "<" -> order < 0;
        case "<=" -> order <= 0;
        case ">" -> order > 0;
        default -> order >= 0;
      };
    }
  }

  /** A value lies between two others, or equals one. */
  record Between(Operand operand, Operand low, Operand high) implements Condition {

    Between checked(ExpressionParser parser) {
      requireOrder(parser, "BETWEEN", low);
      requireOrder(parser, "BETWEEN", high);
      if (low instanceof Literal from && high instanceof Literal to) {
        if (!from.value().type().equals(to.value().type())) {
          throw parser.invalid(
              ("The BETWEEN operator requires same data type for lower and upper bounds; lower bound"
                      + " operand: %s, upper bound operand: %s")
                  .formatted(from.value(), to.value()));
        }
        if (from.value().compareTo(to.value()) > 0) {
          throw parser.invalid(
              ("The BETWEEN operator requires upper bound to be greater than or equal to lower"
                      + " bound; lower bound operand: %s, upper bound operand: %s")
                  .formatted(from.value(), to.value()));
        }
      }
      return this;
    }

    @Override
    public boolean holds(Map<String, Value> item) {
      return new Comparison(">=", operand, low).holds(item)
          && new Comparison("<=", operand, high).holds(item);
    }
  }

  private static void requireOrder(ExpressionParser parser, String operator, Operand operand) {
    if (operand instanceof Literal literal && !literal.value().isScalar()) {
      throw parser.invalid(
          "Incorrect operand type for operator or function; operator: %s, operand type: %s"
              .formatted(operator, literal.value().typeName()));
    }
  }
}
