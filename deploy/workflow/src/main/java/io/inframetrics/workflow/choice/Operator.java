package io.inframetrics.workflow.choice;

import io.inframetrics.workflow.data.Json;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The comparisons of a Choice rule. A comparison is false unless both values have its type.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html">Choice</a>
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
  IS_NULL("IsNull", JsonNode::isNull),
  IS_PRESENT("IsPresent", value -> true),
  IS_NUMERIC("IsNumeric", JsonNode::isNumber),
  IS_STRING("IsString", JsonNode::isString),
  IS_BOOLEAN("IsBoolean", JsonNode::isBoolean),
  IS_TIMESTAMP("IsTimestamp", Operator::isTimestamp);

  private enum Kind {
    BOOLEAN("true or false", JsonNode::isBoolean, Comparator.comparing(JsonNode::booleanValue)),
    NUMERIC("a number", JsonNode::isNumber, Json::compare),
    STRING("a string", JsonNode::isString, Comparator.comparing(JsonNode::stringValue)),
    PATTERN(
        "a string",
        JsonNode::isString,
        (text, pattern) -> Wildcard.matches(pattern.stringValue(), text.stringValue()) ? 0 : 1),
    TIMESTAMP(
        "a timestamp such as 2026-02-19T11:27:43Z",
        Operator::isTimestamp,
        Comparator.comparing(Operator::instant));

    private final String words;

    // Functions without state are immutable.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Predicate<JsonNode> includes;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Comparator<JsonNode> order;

    Kind(String words, Predicate<JsonNode> includes, Comparator<JsonNode> order) {
      this.words = words;
      this.includes = includes;
      this.order = order;
    }
  }

  // Functions without state are immutable.
  @SuppressWarnings("ImmutableEnumChecker")
  private final BiPredicate<JsonNode, JsonNode> test;

  private final String field;
  private final Kind operand;
  private final boolean takesPath;

  Operator(String field, Kind kind, IntPredicate holds) {
    this.field = field;
    this.operand = kind;
    this.takesPath = kind != Kind.PATTERN;
    this.test =
        (left, right) ->
            kind.includes.test(left)
                && kind.includes.test(right)
                && holds.test(kind.order.compare(left, right));
  }

  Operator(String field, Predicate<JsonNode> type) {
    this.field = field;
    this.operand = Kind.BOOLEAN;
    this.takesPath = false;
    this.test = (value, expected) -> type.test(value) == expected.booleanValue();
  }

  /** The operator of a field name without the suffix Path; null if there is none. */
  static @Nullable Operator named(String field) {
    return Arrays.stream(values()).filter(op -> op.field.equals(field)).findFirst().orElse(null);
  }

  /** Whether the operand may come from a path. */
  boolean takesPath() {
    return takesPath;
  }

  boolean takes(JsonNode constant) {
    return operand.includes.test(constant);
  }

  String operand() {
    return operand.words;
  }

  boolean test(JsonNode left, JsonNode right) {
    return test.test(left, right);
  }

  /** RFC 3339 with an upper-case T, and an upper-case Z unless there is a numeric offset. */
  private static final Pattern RFC3339 =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?(?:Z|[+-]\\d{2}:\\d{2})");

  private static boolean isTimestamp(JsonNode value) {
    try {
      return value.isString()
          && RFC3339.matcher(value.stringValue()).matches()
          && instant(value) != null;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static Instant instant(JsonNode timestamp) {
    return OffsetDateTime.parse(timestamp.stringValue()).toInstant();
  }
}
