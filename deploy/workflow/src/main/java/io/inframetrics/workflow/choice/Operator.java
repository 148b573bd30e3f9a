package io.inframetrics.workflow.choice;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Timestamps;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The comparisons of a Choice rule. A comparison of values that are not both of its type is false.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html">Choice
 *     workflow state</a>
 */
enum Operator {
  BOOLEAN_EQUALS("BooleanEquals", Kind.BOOLEAN, order -> order == 0),
  NUMERIC_EQUALS("NumericEquals", Kind.NUMERIC, order -> order == 0),
  NUMERIC_GREATER_THAN("NumericGreaterThan", Kind.NUMERIC, order -> order > 0),
  NUMERIC_GREATER_THAN_EQUALS("NumericGreaterThanEquals", Kind.NUMERIC, order -> order >= 0),
  NUMERIC_LESS_THAN("NumericLessThan", Kind.NUMERIC, order -> order < 0),
  NUMERIC_LESS_THAN_EQUALS("NumericLessThanEquals", Kind.NUMERIC, order -> order <= 0),
  STRING_EQUALS("StringEquals", Kind.STRING, order -> order == 0),
  STRING_GREATER_THAN("StringGreaterThan", Kind.STRING, order -> order > 0),
  STRING_GREATER_THAN_EQUALS("StringGreaterThanEquals", Kind.STRING, order -> order >= 0),
  STRING_LESS_THAN("StringLessThan", Kind.STRING, order -> order < 0),
  STRING_LESS_THAN_EQUALS("StringLessThanEquals", Kind.STRING, order -> order <= 0),
  STRING_MATCHES("StringMatches", Kind.PATTERN, order -> order == 0),
  TIMESTAMP_EQUALS("TimestampEquals", Kind.TIMESTAMP, order -> order == 0),
  TIMESTAMP_GREATER_THAN("TimestampGreaterThan", Kind.TIMESTAMP, order -> order > 0),
  TIMESTAMP_GREATER_THAN_EQUALS("TimestampGreaterThanEquals", Kind.TIMESTAMP, order -> order >= 0),
  TIMESTAMP_LESS_THAN("TimestampLessThan", Kind.TIMESTAMP, order -> order < 0),
  TIMESTAMP_LESS_THAN_EQUALS("TimestampLessThanEquals", Kind.TIMESTAMP, order -> order <= 0),
  IS_NULL("IsNull", Kind.TYPE, order -> order == 0),
  IS_PRESENT("IsPresent", Kind.TYPE, order -> order == 0),
  IS_NUMERIC("IsNumeric", Kind.TYPE, order -> order == 0),
  IS_STRING("IsString", Kind.TYPE, order -> order == 0),
  IS_BOOLEAN("IsBoolean", Kind.TYPE, order -> order == 0),
  IS_TIMESTAMP("IsTimestamp", Kind.TYPE, order -> order == 0);

  private enum Kind {
    BOOLEAN("true or false"),
    NUMERIC("a number"),
    STRING("a string"),
    PATTERN("a string"),
    TIMESTAMP("a timestamp such as 2026-02-19T11:27:43Z"),
    TYPE("true or false");

    private final String operand;

    Kind(String operand) {
      this.operand = operand;
    }
  }

  private final String field;
  private final Kind kind;

  // Method references without state: as immutable as an enum must be.
  @SuppressWarnings("ImmutableEnumChecker")
  private final IntPredicate holds;

  Operator(String field, Kind kind, IntPredicate holds) {
    this.field = field;
    this.kind = kind;
    this.holds = holds;
  }

  /** The operator of a field name without its Path ending; null when there is none. */
  static @Nullable Operator named(String field) {
    return Arrays.stream(values()).filter(op -> op.field.equals(field)).findFirst().orElse(null);
  }

  /** Whether the operand may come from a path. */
  boolean takesPath() {
    return kind != Kind.TYPE && kind != Kind.PATTERN;
  }

  /** What the constant operand should have been; empty when it is that. */
  String refusal(JsonNode operand) {
    boolean right =
        switch (kind) {
          case BOOLEAN, TYPE -> operand.isBoolean();
          case NUMERIC -> operand.isNumber();
          case STRING, PATTERN -> operand.isString();
          case TIMESTAMP -> isTimestamp(operand);
        };
    return right ? "" : kind.operand;
  }

  boolean test(JsonNode left, JsonNode right) {
    return switch (kind) {
      case BOOLEAN ->
          left.isBoolean()
              && right.isBoolean()
              && holds(Boolean.compare(left.booleanValue(), right.booleanValue()));
      case NUMERIC -> left.isNumber() && right.isNumber() && holds(Json.compare(left, right));
      case STRING ->
          left.isString()
              && right.isString()
              && holds(left.stringValue().compareTo(right.stringValue()));
      case PATTERN ->
          left.isString()
              && right.isString()
              && Wildcard.matches(right.stringValue(), left.stringValue());
      case TIMESTAMP ->
          isTimestamp(left)
              && isTimestamp(right)
              && holds(
                  Timestamps.parse(left.stringValue())
                      .compareTo(Timestamps.parse(right.stringValue())));
      case TYPE -> isOfType(left) == right.booleanValue();
    };
  }

  private boolean holds(int order) {
    return holds.test(order);
  }

  private boolean isOfType(JsonNode value) {
    return switch (this) {
      case IS_NULL -> value.isNull();
      case IS_NUMERIC -> value.isNumber();
      case IS_STRING -> value.isString();
      case IS_BOOLEAN -> value.isBoolean();
      case IS_TIMESTAMP -> isTimestamp(value);
      default -> throw new IllegalStateException(this + " does not ask for a type");
    };
  }

  private static boolean isTimestamp(JsonNode value) {
    return value.isString() && Timestamps.isTimestamp(value.stringValue());
  }
}
