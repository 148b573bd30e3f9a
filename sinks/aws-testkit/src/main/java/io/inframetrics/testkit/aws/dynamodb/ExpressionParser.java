package io.inframetrics.testkit.aws.dynamodb;

import static io.inframetrics.testkit.aws.dynamodb.DynamoDbError.require;

import io.inframetrics.testkit.aws.dynamodb.Table.Range;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one expression of a request.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html">Expressions</a>
 */
final class ExpressionParser {

  static final int MAX_BYTES = 4096;

  private static final Pattern TOKEN = Pattern.compile("\\s*([#:]?\\w+|<>|<=|>=|\\S)");
  private static final String END = "<EOF>";

  /** Tokens that the service may know where this stand-in does not. */
  private static final Set<String> UNSUPPORTED =
      Set.of(
          ("NOT IN BEGINS_WITH CONTAINS SIZE ATTRIBUTE_TYPE IF_NOT_EXISTS LIST_APPEND BETWEEN REMOVE"
                  + " DELETE . [ ( + - <> < <= > >=")
              .split(" ", -1));

  /**
   * Names of attributes that must be replaced by a placeholder.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html">Reserved
   *     words</a>
   */
  private static final Set<String> RESERVED_WORDS = reservedWords();

  private final String parameter;
  private final String text;
  private final Placeholders placeholders;
  private final List<String> tokens = new ArrayList<>();
  private final List<Integer> ends = new ArrayList<>();
  private int next;

  /**
   * Splits an expression into tokens.
   *
   * @param parameter of the request that holds it, such as {@code UpdateExpression}
   */
  ExpressionParser(String parameter, Parameters request, Placeholders placeholders) {
    this.parameter = parameter;
    this.text = request.text(parameter);
    this.placeholders = placeholders;
    requireValid(!text.isBlank(), "The expression can not be empty;");
    int bytes = Value.utf8Length(text);
    requireValid(
        bytes <= MAX_BYTES,
        "Expression size has exceeded the maximum allowed size; expression size: " + bytes);
    Matcher token = TOKEN.matcher(text);
    while (token.find()) {
      tokens.add(token.group(1));
      ends.add(token.end());
    }
  }

  private static Set<String> reservedWords() {
    try (InputStream in = ExpressionParser.class.getResourceAsStream("reserved-words.txt")) {
      byte[] words = Objects.requireNonNull(in).readAllBytes();
      return Set.of(new String(words, StandardCharsets.US_ASCII).strip().split("\\R", -1));
    } catch (IOException e) {
      throw new UncheckedIOException("the list of reserved words cannot be read", e);
    }
  }

  Predicate<Map<String, Value>> condition() {
    Predicate<Map<String, Value>> condition = conjunction();
    while (accept("OR")) {
      condition = condition.or(conjunction());
    }
    return requireEnd(condition);
  }

  private Predicate<Map<String, Value>> conjunction() {
    Predicate<Map<String, Value>> condition = comparison();
    while (accept("AND")) {
      condition = condition.and(comparison());
    }
    return condition;
  }

  private Predicate<Map<String, Value>> comparison() {
    boolean exists = accept("attribute_exists");
    if (exists || accept("attribute_not_exists")) {
      expect("(");
      String path = path();
      expect(")");
      return item -> item.containsKey(path) == exists;
    }
    String path = path();
    if (accept("=")) {
      Value value = value();
      return item -> value.equals(item.get(path));
    }
    expect("<");
    Value value = value();
    requireValid(value.isScalar(), "Incorrect operand type for operator or function; operator: <");
    return item -> {
      Value stored = item.get(path);
      return stored != null && stored.type().equals(value.type()) && stored.compareTo(value) < 0;
    };
  }

  /** Parses it as a condition on keys: the range of values of each. */
  Map<String, Range> keyCondition() {
    Map<String, Range> ranges = new LinkedHashMap<>();
    do {
      String path = path();
      require(
          !ranges.containsKey(path),
          "KeyConditionExpressions must only contain one condition per key");
      ranges.put(path, range());
    } while (accept("AND"));
    return requireEnd(ranges);
  }

  private Range range() {
    if (accept("=")) {
      Value value = value();
      return new Range(value, value);
    }
    expect("BETWEEN");
    Value low = value();
    expect("AND");
    Range range = new Range(low, value());
    requireValid(
        low.isScalar() && low.type().equals(range.high().type()) && range.contains(low),
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower"
            + " bound operand: "
            + low
            + ", upper bound operand: "
            + range.high());
    return range;
  }

  List<String> projection() {
    List<String> paths = new ArrayList<>();
    do {
      addDisjoint(paths, path());
    } while (accept(","));
    return requireEnd(paths);
  }

  /** {@code set} has new values by attribute, {@code add} what to add to numbers and sets. */
  record Update(Map<String, Value> set, Map<String, Value> add) {}

  Update update() {
    Update update = new Update(new LinkedHashMap<>(), new LinkedHashMap<>());
    List<String> paths = new ArrayList<>();
    do {
      String section = accept("SET") ? "SET" : "ADD";
      boolean isSet = section.equals("SET");
      if (!isSet) {
        expect("ADD");
      }
      Map<String, Value> changes = isSet ? update.set() : update.add();
      requireValid(
          changes.isEmpty(),
          "The \"" + section + "\" section can only be used once in an update expression;");
      do {
        String path = addDisjoint(paths, path());
        if (isSet) {
          expect("=");
        }
        changes.put(path, value());
      } while (accept(","));
    } while (next < tokens.size());
    for (Value addend : update.add().values()) {
      requireValid(
          addend.type().equals("SS") || addend.type().equals("N"),
          "Incorrect operand type for operator or function; operator: ADD, operand type: "
              + (addend.type().equals("S") ? "STRING" : addend.type())
              + ", typeSet: ALLOWED_FOR_ADD_OPERAND");
    }
    return update;
  }

  private String addDisjoint(List<String> paths, String path) {
    requireValid(
        !paths.contains(path),
        "Two document paths overlap with each other; must remove or rewrite one of these paths;"
            + " path one: [%s], path two: [%s]".formatted(path, path));
    paths.add(path);
    return path;
  }

  private Value value() {
    if (!peek().startsWith(":")) {
      if (Character.isLetter(peek().charAt(0)) || peek().startsWith("#")) {
        throw DynamoDbError.unsupported(
            "'%s' instead of a value in %s \"%s\"".formatted(peek(), parameter, text));
      }
      throw syntaxError();
    }
    return placeholders.value(parameter, tokens.get(next++));
  }

  /** The name of an attribute; paths into an attribute are not supported. */
  private String path() {
    String token = peek();
    String path = token;
    if (token.matches("#\\w+")) {
      path = placeholders.name(parameter, token);
    } else if (!token.matches("[A-Za-z_]\\w*") || UNSUPPORTED.contains(upper(token))) {
      throw syntaxError();
    }
    requireValid(
        token.startsWith("#") || !RESERVED_WORDS.contains(upper(token)),
        "Attribute name is a reserved keyword; reserved keyword: " + token);
    next++;
    return path;
  }

  private static String upper(String token) {
    return token.toUpperCase(Locale.ROOT);
  }

  private String peek() {
    return next < tokens.size() ? tokens.get(next) : END;
  }

  private boolean accept(String token) {
    boolean accepted = peek().equalsIgnoreCase(token);
    next += accepted ? 1 : 0;
    return accepted;
  }

  private void expect(String token) {
    if (!accept(token)) {
      throw syntaxError();
    }
  }

  private <T> T requireEnd(T result) {
    if (next < tokens.size()) {
      throw syntaxError();
    }
    return result;
  }

  /** An error at the next token; it says so if the service would know the token. */
  private DynamoDbError syntaxError() {
    if (UNSUPPORTED.contains(upper(peek()))) {
      return DynamoDbError.unsupported("'%s' in %s \"%s\"".formatted(peek(), parameter, text));
    }
    int from = next < 2 ? 0 : ends.get(next - 2);
    int to = ends.get(Math.min(next + 1, ends.size() - 1));
    return DynamoDbError.invalid(
        "Invalid %s: Syntax error; token: \"%s\", near: \"%s\"",
        parameter, peek(), text.substring(from, to).strip());
  }

  private void requireValid(boolean holds, String otherwise) {
    require(holds, "Invalid %s: %s", parameter, otherwise);
  }
}
