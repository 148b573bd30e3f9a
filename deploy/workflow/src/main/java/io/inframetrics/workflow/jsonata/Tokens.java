package io.inframetrics.workflow.jsonata;

import java.util.HashSet;
import java.util.Set;

/**
 * Reads the tokens of an expression that the library's parser accepted, to find what it does not
 * tell: the names of the variables, and the operators {@code ??} and {@code ?:}, which JSONata has
 * since 2.1 and Step Functions refuses. Text in strings, regular expressions, quoted names and
 * comments is passed over.
 */
final class Tokens {

  /** Ends a name; the operators of one character. */
  private static final String OPERATORS = ".[]{}()@#;:?+-*/%|=<>^&!~,";

  private final String text;
  private int at;

  /** Whether the last token was a value, so that a slash divides and does not begin a regex. */
  private boolean afterValue;

  private final Set<String> variables = new HashSet<>();

  private Tokens(String text) {
    this.text = text;
  }

  /**
   * Returns the names of all variables and functions of the expression, without dollars.
   *
   * @throws IllegalArgumentException for {@code ??} and {@code ?:}, with JSONata 2.0.6's error
   */
  static Set<String> variables(String expression) {
    Tokens tokens = new Tokens(expression);
    while (tokens.at < expression.length()) {
      tokens.token();
    }
    return Set.copyOf(tokens.variables);
  }

  private void token() {
    char c = text.charAt(at);
    char next = at + 1 < text.length() ? text.charAt(at + 1) : 0;
    if (" \t\n\r".indexOf(c) >= 0) {
      at++;
    } else if (c == '/' && next == '*') {
      at = after(text.indexOf("*/", at + 2), 2);
    } else if (c == '/' && !afterValue) {
      regex();
      afterValue = true;
    } else if (c == '"' || c == '\'') {
      string(c);
      afterValue = true;
    } else if (c == '`') {
      at = after(text.indexOf('`', at + 1), 1);
      afterValue = true;
    } else if (c == '*' && next == '*') {
      at += 2;
      afterValue = true;
    } else if (c == '?' && (next == '?' || next == ':')) {
      throw new IllegalArgumentException(
          "S0211: The symbol \"" + next + "\" cannot be used as a unary operator");
    } else if (OPERATORS.indexOf(c) >= 0) {
      at++;
      // A wildcard, a parent or a closing bracket is a value.
      afterValue = c == ')' || c == ']' || c == '}' || ((c == '*' || c == '%') && !afterValue);
    } else {
      name();
    }
  }

  private int after(int found, int length) {
    return found < 0 ? text.length() : found + length;
  }

  private void string(char quote) {
    at++;
    while (at < text.length() && text.charAt(at) != quote) {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    at++;
  }

  /** A regex ends at a slash that is neither escaped nor inside brackets. */
  private void regex() {
    int depth = 0;
    at++;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean escaped = text.charAt(at - 1) == '\\';
      if (c == '/' && depth == 0 && backslashesBefore() % 2 == 0) {
        at++;
        while (at < text.length() && (text.charAt(at) == 'i' || text.charAt(at) == 'm')) {
          at++;
        }
        return;
      }
      if ("([{".indexOf(c) >= 0 && !escaped) {
        depth++;
      } else if (")]}".indexOf(c) >= 0 && !escaped) {
        depth--;
      }
      at++;
    }
  }

  private int backslashesBefore() {
    int count = 0;
    while (text.charAt(at - 1 - count) == '\\') {
      count++;
    }
    return count;
  }

  private void name() {
    int start = at;
    while (at < text.length()
        && " \t\n\r".indexOf(text.charAt(at)) < 0
        && OPERATORS.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String name = text.substring(start, at);
    if (name.startsWith("$")) {
      variables.add(name.substring(1));
    }
    afterValue = !(name.equals("and") || name.equals("or") || name.equals("in"));
  }
}
