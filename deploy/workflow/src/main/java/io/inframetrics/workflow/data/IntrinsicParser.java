package io.inframetrics.workflow.data;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code States.Name(argument, ...)}. Arguments are strings in single quotes, numbers, true,
 * false, null, paths or calls. In a string a backslash escapes a quote, a brace or a backslash.
 */
final class IntrinsicParser {

  /** The deepest nesting of calls. */
  static final int MAX_DEPTH = 10;

  private static final Pattern NAME = Pattern.compile("[\\p{javaLetterOrDigit}.]*");
  private static final Pattern BLANKS = Pattern.compile("\\p{javaWhitespace}*");
  private static final Pattern WORD = Pattern.compile("[^,) ]*");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(['{}\\\\])");
  private static final Pattern STRING =
      Pattern.compile("'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'", Pattern.DOTALL);

  private record Literal(JsonNode value) implements Expression {
    @Override
    public JsonNode evaluate(Scope scope) {
      return value;
    }

    @Override
    public String text() {
      return Json.text(value);
    }
  }

  private final String text;
  private int at;

  private IntrinsicParser(String text) {
    this.text = text;
  }

  /**
   * Reads a call.
   *
   * @throws IllegalArgumentException if the text is not a call, with one sentence that says why
   */
  static Expression parse(String text) {
    IntrinsicParser parser = new IntrinsicParser(text);
    Expression call = parser.call(1);
    parser.blanks();
    if (parser.at != text.length()) {
      throw parser.error("nothing may follow the call");
    }
    return call;
  }

  private Expression call(int depth) {
    if (depth > MAX_DEPTH) {
      throw error("calls may be nested at most " + MAX_DEPTH + " deep");
    }
    int start = at;
    String name = take(NAME);
    IntrinsicFunction function = IntrinsicFunction.named(name);
    if (function == null) {
      throw error("there is no function '" + name + "'");
    }
    blanks();
    expect('(');
    List<Expression> arguments = new ArrayList<>();
    blanks();
    while (peek() != ')') {
      if (!arguments.isEmpty()) {
        expect(',');
        blanks();
      }
      // The template of Format keeps its escapes, because an escaped brace is not a placeholder.
      boolean raw = function == IntrinsicFunction.FORMAT && arguments.isEmpty();
      arguments.add(argument(depth, raw));
      blanks();
    }
    expect(')');
    if (!function.takes(arguments.size())) {
      throw error(name + " takes " + function.arity() + ", not " + arguments.size());
    }
    return new IntrinsicCall(function, List.copyOf(arguments), text.substring(start, at), text);
  }

  private Expression argument(int depth, boolean raw) {
    return switch (peek()) {
      case '\'' -> string(raw);
      case '$' -> path();
      case 'S' -> call(depth + 1);
      default -> scalar();
    };
  }

  private Expression string(boolean raw) {
    String quoted = take(STRING);
    if (quoted.isEmpty()) {
      throw error("a string has no closing quote");
    }
    String value = quoted.substring(1, quoted.length() - 1);
    return new Literal(Json.NODES.stringNode(raw ? value : ESCAPE.matcher(value).replaceAll("$1")));
  }

  /** A path ends at a comma or parenthesis outside of subscripts, filters and quoted names. */
  private Expression path() {
    int start = at;
    int nesting = 0;
    char quote = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (quote != 0) {
        if (c == '\\') {
          at++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '[' || c == '(') {
        nesting++;
      } else if (nesting > 0 && (c == ']' || c == ')')) {
        nesting--;
      } else if (nesting == 0 && (c == ',' || c == ')')) {
        break;
      }
      at++;
    }
    return DataPath.parse(text.substring(start, Math.min(at, text.length())).strip());
  }

  private Expression scalar() {
    String word = take(WORD);
    try {
      JsonNode value = Json.parse(word);
      if (value.isNumber() || value.isBoolean() || value.isNull()) {
        return new Literal(value);
      }
    } catch (JacksonException e) {
      throw (IllegalArgumentException) error("'" + word + "' is not a valid argument").initCause(e);
    }
    throw error("'" + word + "' is not a valid argument");
  }

  private void blanks() {
    take(BLANKS);
  }

  /** Consumes what the pattern matches at this position; empty if it does not match. */
  private String take(Pattern pattern) {
    Matcher matcher = pattern.matcher(text).region(at, text.length());
    String taken = matcher.lookingAt() ? matcher.group() : "";
    at += taken.length();
    return taken;
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void expect(char c) {
    if (peek() != c) {
      throw error("'" + c + "' is missing at character " + (at + 1));
    }
    at++;
  }

  private IllegalArgumentException error(String why) {
    return new IllegalArgumentException("'" + text + "' is not an intrinsic function: " + why);
  }
}
