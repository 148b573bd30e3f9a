package io.inframetrics.collect.prometheus;

import io.inframetrics.text.Texts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads a metrics page, in Prometheus's text format 0.0.4 or OpenMetrics 1.0, as its bytes arrive.
 * Every line is checked; of the lines that no rule wants, nothing is kept. Like the Prometheus
 * server, it rejects a page with one wrong line. It needs memory for the longest line and not for
 * the page. Not thread-safe.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition
 *     formats</a>
 * @see <a href="https://prometheus.io/docs/specs/om/open_metrics_spec/">OpenMetrics 1.0</a>
 */
final class PageParser {

  enum Format {
    /** Timestamps are milliseconds; nothing marks the end. */
    TEXT,
    /** Timestamps are seconds; {@code # EOF} marks the end; samples may have exemplars. */
    OPEN_METRICS
  }

  interface SampleConsumer {

    /**
     * Takes a wanted sample.
     *
     * @param name its number in the {@link WantedNames}
     * @param labels those that are not empty; an empty label means the same as none
     * @param timestamp the sample's own, in milliseconds since 1970, or {@link #NO_TIMESTAMP}
     */
    void accept(int name, Map<String, String> labels, double value, long timestamp)
        throws MalformedPageException;
  }

  /** A page that breaks its format's rules; the message says where, and what would be right. */
  static final class MalformedPageException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedPageException(String sentence) {
      super(sentence);
    }
  }

  static final long NO_TIMESTAMP = Long.MIN_VALUE;

  /** Bytes of a line; the longest are help texts and label values that hold whole commands. */
  static final int MAX_LINE = 65_536;

  /** Characters of a wrong line that a message shows. */
  private static final int SHOWN = 80;

  private static final int NAME_START = 1;
  private static final int NAME = 2;
  private static final int LABEL_START = 4;
  private static final int LABEL = 8;

  /** What each byte may be part of. */
  private static final byte[] KINDS = new byte[256];

  static {
    for (int c = 'a'; c <= 'z'; c++) {
      KINDS[c] = KINDS[c - 'a' + 'A'] = NAME_START | NAME | LABEL_START | LABEL;
    }
    KINDS['_'] = NAME_START | NAME | LABEL_START | LABEL;
    KINDS[':'] = NAME_START | NAME;
    for (int c = '0'; c <= '9'; c++) {
      KINDS[c] = NAME | LABEL;
    }
  }

  /** The powers of ten that a double holds exactly. */
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  /** Whole numbers up to this one are exact in a double. */
  private static final long MAX_EXACT = 1L << 53;

  /** Digits that fit into a long, whatever they are. */
  private static final int MAX_DIGITS = 18;

  /** Exponents beyond this one are infinite or zero with any number of digits that fit a line. */
  private static final int MAX_EXPONENT = 1_000_000;

  private static final Set<String> TYPES =
      Set.of("counter", "gauge", "histogram", "summary", "untyped");
  private static final Set<String> OPEN_METRICS_TYPES =
      Set.of(
          "counter",
          "gauge",
          "histogram",
          "gaugehistogram",
          "summary",
          "info",
          "stateset",
          "unknown");

  private static final byte[] END_MARK = "# EOF".getBytes(StandardCharsets.US_ASCII);

  private final Format format;
  private final WantedNames wanted;
  private final SampleConsumer consumer;

  /** A line and its line feed; what follows in it belongs to lines that have not been read. */
  private final byte[] buffer = new byte[MAX_LINE + 1];

  private int filled;
  private int lineStart;
  private long lineNumber;
  private long samples;
  private boolean ended;

  /** Of each label of the current line: start and end of its name, start and end of its value. */
  private int[] labelBounds = new int[32];

  private int labels;

  /** The number that was read last. */
  private double number;

  PageParser(Format format, WantedNames wanted, SampleConsumer consumer) {
    this.format = format;
    this.wanted = wanted;
    this.consumer = consumer;
  }

  /** Reads the next bytes of the page; takes them all. */
  void feed(ByteBuffer data) throws MalformedPageException {
    while (data.hasRemaining()) {
      int taken = Math.min(data.remaining(), buffer.length - filled);
      data.get(buffer, filled, taken);
      int from = filled;
      filled += taken;
      readLines(from);
    }
  }

  /**
   * Reads what is left.
   *
   * @param whole whether the transport says that the page is complete; if it does not, a last line
   *     without a line feed may have been cut off
   */
  void finish(boolean whole) throws MalformedPageException {
    if (filled > 0) {
      if (!whole) {
        lineNumber++;
        lineStart = 0;
        throw wrong("has no line feed at its end: the page was cut off or is not complete");
      }
      buffer[filled++] = '\n';
      readLines(filled - 1);
    }
    if (format == Format.OPEN_METRICS && !ended) {
      throw new MalformedPageException(
          "the page ends after line %d without the line '# EOF': it was cut off"
              .formatted(lineNumber));
    }
  }

  /** How many samples were read, wanted or not. */
  long samples() {
    return samples;
  }

  /** Reads the complete lines; {@code from} is where the bytes begin that no one has looked at. */
  private void readLines(int from) throws MalformedPageException {
    int end = filled;
    while (end > from && buffer[end - 1] != '\n') {
      end--;
    }
    if (end == from) {
      if (filled == buffer.length) {
        lineNumber++;
        lineStart = 0;
        throw wrong("is longer than " + MAX_LINE + " bytes: shorten it");
      }
      return;
    }
    int next = 0;
    while (next < end) {
      lineNumber++;
      lineStart = next;
      next = line(next);
    }
    System.arraycopy(buffer, end, buffer, 0, filled - end);
    filled -= end;
  }

  /** Reads the line at {@code start} and returns where the next one begins. */
  private int line(int start) throws MalformedPageException {
    if (ended) {
      throw wrong("follows '# EOF', which must be the last line");
    }
    int at = skipBlanks(start);
    byte first = buffer[at];
    if (first == '\n') {
      return at + 1;
    }
    if (first == '#') {
      return comment(at);
    }
    if (!is(first, NAME_START)) {
      throw wrong(
          "does not start with the name of a metric: write name{label=\"value\"} value, names with"
              + " letters, digits, _ and :");
    }
    int nameStart = at;
    int hash = 0;
    do {
      hash = 31 * hash + buffer[at];
      at++;
    } while (is(buffer[at], NAME));
    int name = wanted.find(buffer, nameStart, at, hash);
    at = skipBlanks(at);
    labels = 0;
    if (buffer[at] == '{') {
      at = skipBlanks(labels(at));
    }
    at = number(at, name >= 0);
    double value = number;
    at = skipBlanks(at);
    long timestamp = NO_TIMESTAMP;
    if (buffer[at] != '\n' && buffer[at] != '#') {
      at = skipBlanks(timestamp(at));
      timestamp = Math.round(number);
    }
    int sampleLabels = labels;
    if (buffer[at] == '#' && format == Format.OPEN_METRICS) {
      at = exemplar(at);
    }
    if (buffer[at] != '\n') {
      throw wrong(
          "has more than a value and a timestamp: write one sample a line, and label values with"
              + " blanks in quotes");
    }
    samples++;
    if (name >= 0) {
      consumer.accept(name, labelTexts(sampleLabels), value, timestamp);
    }
    return at + 1;
  }

  /** Reads {@code {name="value",...}} and returns what follows. Adds to the labels of the line. */
  private int labels(int brace) throws MalformedPageException {
    int at = skipBlanks(brace + 1);
    while (buffer[at] != '}') {
      if (!is(buffer[at], LABEL_START)) {
        throw wrong(
            "has a wrong label name: write {label=\"value\"}, names with letters, digits and _");
      }
      int nameStart = at;
      do {
        at++;
      } while (is(buffer[at], LABEL));
      int nameEnd = at;
      at = skipBlanks(at);
      if (buffer[at] != '=') {
        throw wrong("has no = after a label's name: write {label=\"value\"}");
      }
      at = skipBlanks(at + 1);
      if (buffer[at] != '"') {
        throw wrong("has a label value without quotes: write {label=\"value\"}");
      }
      int valueStart = ++at;
      int bits = 0;
      byte next;
      while ((next = buffer[at]) != '"' && next != '\n') {
        bits |= next;
        at++;
        // An escaped quote does not end the value. A line feed does, even behind a backslash.
        if (next == '\\' && buffer[at] != '\n') {
          bits |= buffer[at];
          at++;
        }
      }
      if (next == '\n') {
        throw wrong("has a label value without a closing quote: write {label=\"value\"}");
      }
      if (bits < 0) {
        requireUtf8(valueStart, at);
      }
      keepLabel(nameStart, nameEnd, valueStart, at);
      at = skipBlanks(at + 1);
      if (buffer[at] == ',') {
        at = skipBlanks(at + 1);
      } else if (buffer[at] != '}') {
        throw wrong("has neither , nor } after a label: write {label=\"value\",other=\"value\"}");
      }
    }
    return at + 1;
  }

  private void keepLabel(int nameStart, int nameEnd, int valueStart, int valueEnd) {
    int at = 4 * labels++;
    if (at == labelBounds.length) {
      labelBounds = Arrays.copyOf(labelBounds, 2 * at);
    }
    labelBounds[at] = nameStart;
    labelBounds[at + 1] = nameEnd;
    labelBounds[at + 2] = valueStart;
    labelBounds[at + 3] = valueEnd;
  }

  private Map<String, String> labelTexts(int count) throws MalformedPageException {
    Map<String, String> texts = new HashMap<>(Math.max(4, 2 * count));
    for (int i = 0; i < 4 * count; i += 4) {
      String name = text(labelBounds[i], labelBounds[i + 1]);
      String value = unescaped(labelBounds[i + 2], labelBounds[i + 3]);
      if (texts.put(name, value) != null) {
        throw wrong("has the label '" + name + "' twice: write it once");
      }
    }
    texts.values().removeIf(String::isEmpty);
    return texts;
  }

  /** Other characters behind a backslash stay as they are, as in the Prometheus server. */
  private String unescaped(int start, int end) {
    String raw = text(start, end);
    int backslash = raw.indexOf('\\');
    if (backslash < 0) {
      return raw;
    }
    StringBuilder text = new StringBuilder(raw.length());
    int from = 0;
    while (backslash >= 0) {
      text.append(raw, from, backslash);
      char next = raw.charAt(backslash + 1);
      switch (next) {
        case 'n' -> text.append('\n');
        case '\\', '"' -> text.append(next);
        default -> text.append('\\').append(next);
      }
      from = backslash + 2;
      backslash = raw.indexOf('\\', from);
    }
    return text.append(raw, from, raw.length()).toString();
  }

  private int exemplar(int hash) throws MalformedPageException {
    int at = skipBlanks(hash + 1);
    if (buffer[at] != '{') {
      throw wrong("has no { in its exemplar: write # {label=\"value\"} value");
    }
    at = number(skipBlanks(labels(at)), false);
    at = skipBlanks(at);
    return buffer[at] == '\n' ? at : skipBlanks(timestamp(at));
  }

  /** Reads a timestamp into {@link #number}, in milliseconds. */
  private int timestamp(int start) throws MalformedPageException {
    int at = number(start, true);
    if (format == Format.OPEN_METRICS) {
      number *= 1_000;
    } else {
      for (int i = start; i < at; i++) {
        if (!isDigit(buffer[i]) && (i > start || (buffer[i] != '-' && buffer[i] != '+'))) {
          throw wrong("has a wrong timestamp: write whole milliseconds since 1970");
        }
      }
    }
    if (!Double.isFinite(number)) {
      throw wrong("has a timestamp that is not finite: write the time since 1970");
    }
    return at;
  }

  /**
   * Reads a number into {@link #number}, if its value is {@code needed}; otherwise checks it only.
   */
  private int number(int start, boolean needed) throws MalformedPageException {
    int at = start;
    byte sign = buffer[at];
    if (sign == '-' || sign == '+') {
      at++;
    }
    long mantissa = 0;
    int kept = 0;
    int exponent = 0;
    int digits = 0;
    boolean exact = true;
    boolean point = false;
    while (true) {
      int digit = buffer[at] - '0';
      if (digit >= 0 && digit <= 9) {
        digits++;
        if (kept < MAX_DIGITS) {
          mantissa = 10 * mantissa + digit;
          kept += mantissa == 0 ? 0 : 1;
          exponent -= point ? 1 : 0;
        } else {
          exact &= digit == 0;
          exponent += point ? 0 : 1;
        }
      } else if (buffer[at] == '.' && !point) {
        point = true;
      } else {
        break;
      }
      at++;
    }
    if (digits == 0) {
      return word(start);
    }
    if (buffer[at] == 'e' || buffer[at] == 'E') {
      at++;
      boolean negative = buffer[at] == '-';
      if (negative || buffer[at] == '+') {
        at++;
      }
      int power = 0;
      int first = at;
      while (isDigit(buffer[at])) {
        power = Math.min(MAX_EXPONENT, 10 * power + buffer[at] - '0');
        at++;
      }
      if (at == first) {
        throw wrong("has an exponent without digits: write a value such as 1.5e+09");
      }
      exponent += negative ? -power : power;
    }
    if (!isBlank(buffer[at]) && buffer[at] != '\n') {
      throw notANumber();
    }
    if (needed) {
      if (exact && mantissa <= MAX_EXACT && exponent >= -22 && exponent <= 22) {
        double power = POWERS_OF_TEN[Math.abs(exponent)];
        double value = exponent < 0 ? mantissa / power : mantissa * power;
        number = sign == '-' ? -value : value;
      } else {
        number = Double.parseDouble(text(start, at));
      }
    }
    return at;
  }

  /** Reads NaN or an infinity, in any case, as Go and OpenMetrics write them. */
  private int word(int start) throws MalformedPageException {
    int at = start;
    while (!isBlank(buffer[at]) && buffer[at] != '\n') {
      at++;
    }
    number =
        switch (at - start > 9 ? "" : lowerCase(text(start, at))) {
          case "nan" -> Double.NaN;
          case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
          case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
          default -> throw notANumber();
        };
    return at;
  }

  /** Reads a line that starts with {@code #} and returns where the next one begins. */
  private int comment(int hash) throws MalformedPageException {
    int at = skipBlanks(hash + 1);
    boolean help = starts(at, 'H', 'E', 'L', 'P');
    if ((help || starts(at, 'T', 'Y', 'P', 'E')) && isBlank(buffer[at + 4])) {
      int nameStart = skipBlanks(at + 4);
      at = nameStart;
      if (is(buffer[at], NAME_START)) {
        while (is(buffer[at], NAME)) {
          at++;
        }
      }
      if (at == nameStart || (!isBlank(buffer[at]) && buffer[at] != '\n')) {
        throw wrong("does not name a metric: write # TYPE name counter, or # HELP name text");
      }
      if (!help) {
        int typeStart = skipBlanks(at);
        at = lineEnd(typeStart);
        requireType(typeStart, at);
      }
    }
    at = lineEnd(at);
    if (format == Format.OPEN_METRICS
        && Arrays.equals(END_MARK, 0, END_MARK.length, buffer, lineStart, at)) {
      ended = true;
    }
    return at + 1;
  }

  private void requireType(int start, int end) throws MalformedPageException {
    String type = text(start, end).strip();
    Set<String> types = format == Format.TEXT ? TYPES : OPEN_METRICS_TYPES;
    if (!types.contains(type)) {
      throw wrong(
          "has an unknown type: write one of "
              + String.join(", ", types.stream().sorted().toList()));
    }
  }

  private boolean starts(int at, char a, char b, char c, char d) {
    return buffer[at] == a && buffer[at + 1] == b && buffer[at + 2] == c && buffer[at + 3] == d;
  }

  private int skipBlanks(int start) {
    int at = start;
    while (isBlank(buffer[at])) {
      at++;
    }
    return at;
  }

  private int lineEnd(int start) {
    int at = start;
    while (buffer[at] != '\n') {
      at++;
    }
    return at;
  }

  private static boolean isBlank(byte value) {
    return value == ' ' || value == '\t';
  }

  private static boolean isDigit(byte value) {
    return value >= '0' && value <= '9';
  }

  private static boolean is(byte value, int kind) {
    return (KINDS[value & 0xff] & kind) != 0;
  }

  private static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private void requireUtf8(int start, int end) throws MalformedPageException {
    try {
      CharBuffer ignored =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(buffer, start, end - start));
    } catch (CharacterCodingException e) {
      throw wrong("has a label value that is not UTF-8: write the page in UTF-8");
    }
  }

  private String text(int start, int end) {
    return new String(buffer, start, end - start, StandardCharsets.UTF_8);
  }

  private MalformedPageException notANumber() {
    return buffer[lineEnd(lineStart) - 1] == '\r'
        ? wrong("ends with a carriage return: end lines with a line feed only")
        : wrong("has a value that is not a number: write one such as 1.5e+09, NaN or +Inf");
  }

  private MalformedPageException wrong(String what) {
    int end = lineStart;
    while (end < filled && end < lineStart + 4 * SHOWN && buffer[end] != '\n') {
      end++;
    }
    return new MalformedPageException(
        "line %d '%s' %s".formatted(lineNumber, Texts.oneLine(text(lineStart, end), SHOWN), what));
  }
}
