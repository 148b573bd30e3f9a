package io.inframetrics.workflow.data;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code States.Name(argument, ...)}. An argument is a string in single quotes, a number,
 * true, false, null, a path or another call. In a string a backslash before a quote, a brace or
 * another backslash makes it stand for itself.
 */
final class IntrinsicParser {

  /** How deep calls may nest. */
  static final int MAX_DEPTH = 10;

  /** A constant argument. */
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
   * Reads one call.
   *
   * @throws IllegalArgumentException with one sentence when the text is no call of a known function
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
      throw error("calls nest at most " + MAX_DEPTH + " deep");
    }
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    String name = text.substring(start, at);
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
      // The template of Format keeps its escapes: an escaped brace in it is not a place for a
      // value.
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
    at++;
    StringBuilder value = new StringBuilder();
    while (peek() != '\'') {
      if (at >= text.length()) {
        throw error("a string has no closing quote");
      }
      if (text.charAt(at) == '\\'
          && at + 1 < text.length()
          && "'{}\\".indexOf(text.charAt(at + 1)) >= 0) {
        at++;
        if (raw) {
          value.append('\\');
        }
      }
      value.append(text.charAt(at++));
    }
    at++;
    return new Literal(Json.NODES.stringNode(value.toString()));
  }

  /**
   * A path reaches to the comma or parenthesis that is not inside a subscript, a filter or a quoted
   * name.
   */
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
    int start = at;
    while (at < text.length() && ",) ".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(start, at);
    try {
      JsonNode value = Json.parse(word);
      if (value.isNumber() || value.isBoolean() || value.isNull()) {
        return new Literal(value);
      }
    } catch (JacksonException e) {
      throw (IllegalArgumentException) error("'" + word + "' is not an argument").initCause(e);
    }
    throw error("'" + word + "' is not an argument");
  }

  private void blanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
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
