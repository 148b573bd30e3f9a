package io.inframetrics.workflow.choice;

import io.inframetrics.workflow.data.FailureException;
import java.util.ArrayList;
import java.util.List;

/**
 * Implements StringMatches: {@code *} matches any number of characters, {@code \*} an asterisk and
 * {@code \\} a backslash.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html">Choice</a>
 */
final class Wildcard {

  private Wildcard() {}

  /** Whether the pattern matches all of the text; fails with States.Runtime for a bad escape. */
  static boolean matches(String pattern, String text) {
    List<String> pieces = pieces(pattern);
    String first = pieces.get(0);
    String last = pieces.get(pieces.size() - 1);
    if (pieces.size() == 1) {
      return text.equals(first);
    }
    if (text.length() < first.length() + last.length()
        || !text.startsWith(first)
        || !text.endsWith(last)) {
      return false;
    }
    // Matching each middle piece as early as possible leaves the most text for the rest.
    int from = first.length();
    int end = text.length() - last.length();
    for (String piece : pieces.subList(1, pieces.size() - 1)) {
      int at = text.indexOf(piece, from);
      if (at < 0 || at + piece.length() > end) {
        return false;
      }
      from = at + piece.length();
    }
    return true;
  }

  private static List<String> pieces(String pattern) {
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        if (i + 1 == pattern.length() || "*\\".indexOf(pattern.charAt(i + 1)) < 0) {
          throw FailureException.runtime(
              "The StringMatches pattern '" + pattern + "' has a backslash that escapes nothing.");
        }
        piece.append(pattern.charAt(++i));
      } else if (c == '*') {
        pieces.add(piece.toString());
        piece.setLength(0);
      } else {
        piece.append(c);
      }
    }
    pieces.add(piece.toString());
    return pieces;
  }
}
