package io.inframetrics.collect.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The figures in the output of a plugin, tolerantly read: what real plugins print differs from the
 * <a href="https://www.monitoring-plugins.org/doc/guidelines.html">guidelines</a>. Each text has an
 * answer; reading takes time in proportion to its length.
 *
 * @param figures in their order, at most {@value #MAX_FIGURES}
 * @param refused the first parts that look like a figure but have a value that cannot be read
 */
record PerformanceData(List<Figure> figures, List<String> refused) {

  static final int MAX_FIGURES = 1_000;

  private static final int MAX_REFUSED = 3;
  private static final int LONGEST_REFUSED = 80;

  /** Labels are names of mount points and the like; a series cannot have longer ones. */
  private static final int LONGEST_LABEL = 300;

  /** Decimal commas do not occur, because plugins run in the locale {@code C}. */
  private static final Pattern VALUE =
      Pattern.compile(
          "(?<number>[-+]?+(?:\\d++(?:\\.\\d*+)?+|\\.\\d++)(?:[eE][-+]?+\\d++)?+)"
              + "(?<unit>[A-Za-z%\u00b5\u00b0][A-Za-z%/]{0,15}+)?+");

  /**
   * One figure.
   *
   * @param label without quotes
   * @param value empty if the plugin says {@code U}, which means that it could not find out
   * @param unit as printed, such as {@code ms}; empty if there is none
   * @param max the largest possible value; empty if it is not given
   */
  record Figure(String label, OptionalDouble value, String unit, OptionalDouble max) {}

  /**
   * Reads the whole output of a plugin. Figures stand behind the bar of the first line, and behind
   * the first bar of a later line up to the end of the output.
   */
  static PerformanceData of(String output) {
    String[] parts = output.split("\n", 2);
    StringBuilder text = new StringBuilder(afterBar(parts[0]));
    if (parts.length == 2) {
      text.append('\n').append(afterBar(parts[1]));
    }
    return new Reader(text.toString()).read();
  }

  private static String afterBar(String text) {
    int bar = text.indexOf('|');
    return bar < 0 ? "" : text.substring(bar + 1);
  }

  private static final class Reader {

    private final String text;
    private int at;
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();

    Reader(String text) {
      this.text = text;
    }

    PerformanceData read() {
      skipBlanks();
      while (at < text.length() && figures.size() < MAX_FIGURES) {
        int start = at;
        String label = label();
        if (label == null) {
          at = endOfWord(start); // Text, such as of a list of commands.
        } else {
          figure(start, label);
        }
        skipBlanks();
      }
      return new PerformanceData(List.copyOf(figures), List.copyOf(refused));
    }

    /** Moves behind the equals sign; null if there is no label here. */
    private @Nullable String label() {
      if (text.charAt(at) == '\'') {
        // Plugins do not double a quote inside: the label ends at a quote before an equals sign.
        String rest = text.substring(at + 1, Math.min(text.length(), at + LONGEST_LABEL));
        int end = rest.indexOf("'=");
        if (end > 0 && rest.lastIndexOf('\n', end) < 0) {
          at += 1 + end + 2;
          return rest.substring(0, end).replace("''", "'");
        }
      }
      String word = text.substring(at, endOfWord(at));
      int end = word.indexOf('=');
      if (end <= 0) {
        return null;
      }
      at += end + 1;
      return word.substring(0, end);
    }

    private void figure(int start, String label) {
      int end = endOfWord(at);
      String[] fields = text.substring(at, end).split(";", -1);
      at = end;
      if (fields[0].equals("U")) {
        figures.add(new Figure(label, OptionalDouble.empty(), "", OptionalDouble.empty()));
        return;
      }
      Matcher value = VALUE.matcher(fields[0]);
      OptionalDouble number =
          value.matches() ? finite(value.group("number")) : OptionalDouble.empty();
      if (number.isEmpty()) {
        refuse(start);
        return;
      }
      String unit = value.group("unit");
      OptionalDouble max = OptionalDouble.empty();
      if (fields.length > 4) {
        Matcher limit = VALUE.matcher(fields[4]);
        max =
            limit.matches() && limit.group("unit") == null
                ? finite(limit.group("number"))
                : OptionalDouble.empty();
      }
      figures.add(new Figure(label, number, unit == null ? "" : unit, max));
    }

    private static OptionalDouble finite(String text) {
      double number = Double.parseDouble(text);
      return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
    }

    private void refuse(int start) {
      if (refused.size() < MAX_REFUSED) {
        refused.add(text.substring(start, Math.min(at, start + LONGEST_REFUSED)));
      }
    }

    private void skipBlanks() {
      while (at < text.length() && isBlank(at)) {
        at++;
      }
    }

    private int endOfWord(int from) {
      int end = from;
      while (end < text.length() && !isBlank(end)) {
        end++;
      }
      return end;
    }

    private boolean isBlank(int index) {
      return Character.isWhitespace(text.charAt(index)) || text.charAt(index) == '\0';
    }
  }
}
