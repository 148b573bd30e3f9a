package io.inframetrics.testkit.aws.dynamodb;

import io.inframetrics.testkit.aws.dynamodb.Condition.Operand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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

  private static final Pattern TOKEN =
      Pattern.compile("\\s*([#:]?\\w+|<>|<=|>=|[=<>(),.\\[\\]+-]|\\S)");
  private static final String END = "<EOF>";

  /** Operators of the service's language, and its functions, that this stand-in does not know. */
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "NOT",
          "IN",
          "BEGINS_WITH",
          "CONTAINS",
          "SIZE",
          "ATTRIBUTE_TYPE",
          "IF_NOT_EXISTS",
          "LIST_APPEND",
          "REMOVE",
          "DELETE",
          ".",
          "[",
          "+",
          "-");

  private final String parameter;
  private final String text;
  private final Placeholders placeholders;
  private final List<String> tokens = new ArrayList<>();
  private final List<Integer> ends = new ArrayList<>();
  private int next;

  /**
   * Takes an expression apart.
   *
   * @param parameter of the request that holds it, such as {@code UpdateExpression}
   */
  ExpressionParser(String parameter, Parameters request, Placeholders placeholders) {
    this.parameter = parameter;
    this.text = request.text(parameter);
    this.placeholders = placeholders;
    if (text.isBlank()) {
      throw invalid("The expression can not be empty;");
    }
    if (Value.utf8(text).length > MAX_BYTES) {
      throw invalid(
          "Expression size has exceeded the maximum allowed size; expression size: "
              + Value.utf8(text).length);
    }
    Matcher token = TOKEN.matcher(text);
    while (token.find()) {
      tokens.add(token.group(1));
      ends.add(token.end());
    }
  }

  /** All of it as a condition. */
  Condition condition() {
    Condition condition = alternatives();
    requireEnd();
    return condition;
  }

  /** All of it as a list of attributes. */
  List<String> projection() {
    List<String> paths = new ArrayList<>();
    do {
      addDisjoint(paths, path());
    } while (accept(","));
    requireEnd();
    return paths;
  }

  /**
   * What an update does.
   *
   * @param set new values by attribute
   * @param add what to add to numbers and sets, by attribute
   */
  record Update(Map<String, Operand> set, Map<String, Value> add) {}

  /** All of it as an update. */
  Update update() {
    Map<String, Operand> set = new LinkedHashMap<>();
    Map<String, Value> add = new LinkedHashMap<>();
    List<String> paths = new ArrayList<>();
    do {
      String section = peek().toUpperCase(Locale.ROOT);
      if (accept("SET")) {
        requireOnce(section, set);
        do {
          String path = addDisjoint(paths, path());
          expect("=");
          set.put(path, operand());
        } while (accept(","));
      } else if (accept("ADD")) {
        requireOnce(section, add);
        do {
          add.put(addDisjoint(paths, path()), addend());
        } while (accept(","));
      } else {
        throw syntaxError();
      }
    } while (next < tokens.size());
    return new Update(set, add);
  }

  private void requireOnce(String section, Map<?, ?> soFar) {
    if (!soFar.isEmpty()) {
      throw invalid(
          "The \"%s\" section can only be used once in an update expression;".formatted(section));
    }
  }

  private Value addend() {
    Value value = placeholders.value(parameter, take());
    if (!value.isSet() && !value.type().equals("N")) {
      throw invalid(
          ("Incorrect operand type for operator or function; operator: ADD, operand type: %s,"
                  + " typeSet: ALLOWED_FOR_ADD_OPERAND")
              .formatted(value.typeName()));
    }
    return value;
  }

  private String addDisjoint(List<String> paths, String path) {
    if (paths.contains(path)) {
      throw invalid(
          ("Two document paths overlap with each other; must remove or rewrite one of these paths;"
                  + " path one: [%s], path two: [%s]")
              .formatted(path, path));
    }
    paths.add(path);
    return path;
  }

  private Condition alternatives() {
    Condition condition = conjunction();
    while (accept("OR")) {
      condition = new Condition.Or(condition, conjunction());
    }
    return condition;
  }

  private Condition conjunction() {
    Condition condition = simple();
    while (accept("AND")) {
      condition = new Condition.And(condition, simple());
    }
    return condition;
  }

  private Condition simple() {
    if (accept("(")) {
      Condition inner = alternatives();
      expect(")");
      return inner;
    }
    String word = peek();
    if (word.equals("attribute_exists") || word.equals("attribute_not_exists")) {
      take();
      expect("(");
      String path = path();
      expect(")");
      return new Condition.Exists(path, word.equals("attribute_exists"));
    }
    Operand left = operand();
    if (accept("BETWEEN")) {
      Operand low = operand();
      expect("AND");
      return new Condition.Between(left, low, operand()).checked(this);
    }
    String operator = peek();
    if (!Condition.OPERATORS.contains(operator)) {
      throw syntaxError();
    }
    take();
    return new Condition.Comparison(operator, left, operand()).checked(this);
  }

  private Operand operand() {
    return peek().startsWith(":")
        ? new Condition.Literal(placeholders.value(parameter, take()))
        : new Condition.Path(path());
  }

  /** The name of an attribute; paths into an attribute are not supported. */
  private String path() {
    String token = peek();
    String path;
    if (token.startsWith("#") && token.length() > 1) {
      path = placeholders.name(parameter, take());
    } else if (Character.isLetter(token.charAt(0)) || token.startsWith("_")) {
      if (tokens.size() > next + 1 && tokens.get(next + 1).equals("(")) {
        throw syntaxError();
      }
      if (ReservedWords.contains(token)) {
        throw invalid("Attribute name is a reserved keyword; reserved keyword: " + token);
      }
      path = take();
    } else {
      throw syntaxError();
    }
    if (Set.of(".", "[").contains(peek())) {
      throw syntaxError();
    }
    return path;
  }

  private String peek() {
    return next < tokens.size() ? tokens.get(next) : END;
  }

  private String take() {
    String token = peek();
    next++;
    return token;
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

  private void requireEnd() {
    if (next < tokens.size()) {
      throw syntaxError();
    }
  }

  /** An error at the next token; one that says so if the service would know what is there. */
  private DynamoDbError syntaxError() {
    if (UNSUPPORTED.contains(peek().toUpperCase(Locale.ROOT))) {
      return DynamoDbError.unsupported("'%s' in %s \"%s\"".formatted(peek(), parameter, text));
    }
    int from = next < 2 ? 0 : ends.get(next - 2);
    int to = ends.get(Math.min(next + 1, ends.size() - 1));
    return invalid(
        "Syntax error; token: \"%s\", near: \"%s\""
            .formatted(peek(), text.substring(from, to).strip()));
  }

  DynamoDbError invalid(String what) {
    return DynamoDbError.invalid("Invalid %s: %s", parameter, what);
  }
}
