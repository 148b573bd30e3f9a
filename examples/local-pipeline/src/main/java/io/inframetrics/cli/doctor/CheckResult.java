package io.inframetrics.cli.doctor;

import io.inframetrics.text.Texts;
import java.util.Locale;

/**
 * The result of one check.
 *
 * @param what was checked, one word or two
 * @param text what was found and, if it is wrong, what to do, in one line
 */
record CheckResult(State state, String what, String text) {

  /** Characters of a line; AWS's own messages are long. */
  private static final int MAX_TEXT = 600;

  enum State {
    OK,
    WRONG,
    /** It cannot be known, or not without changing something. */
    UNKNOWN
  }

  static CheckResult ok(String what, String text) {
    return new CheckResult(State.OK, what, text);
  }

  static CheckResult wrong(String what, String text) {
    return new CheckResult(State.WRONG, what, text);
  }

  static CheckResult unknown(String what, String text) {
    return new CheckResult(State.UNKNOWN, what, text);
  }

  String line() {
    String word = state == State.WRONG ? "WRONG" : state.name().toLowerCase(Locale.ROOT);
    return "%-8s %-12s %s".formatted(word, what, Texts.oneLine(text, MAX_TEXT)).stripTrailing();
  }
}
