package io.inframetrics.workflow.jsonata;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Utils;
import io.inframetrics.workflow.jsonata.OwnFunction.Arguments;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text functions whose time or result the library does not bound. It also takes a text to
 * replace for a regular expression, counts matches wrongly, hides errors of a function, and encodes
 * URLs in part or like one of their components.
 */
final class Texts {

  /** The longest text of a function or an operator, in characters: 16 times a state's data. */
  static final int MAX_LENGTH = 4 << 20;

  private static final int CHECK_CLOCK = 1 << 16;

  /** The characters that a URL keeps, besides letters and digits of ASCII. */
  private static final String URL_MARKS = "-_.!~*'();/?:@&=+$,#";

  private Texts() {}

  /** Encodes what may not stand anywhere in a URL, as JavaScript's encodeURI does. */
  static @Nullable String encodeUrl(@Nullable String url) {
    if (url == null) {
      return null;
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(url)) {
      throw new JException("D3140", -1, url);
    }
    StringBuilder encoded = new StringBuilder();
    for (byte each : url.getBytes(StandardCharsets.UTF_8)) {
      boolean kept =
          (each >= '0' && each <= '9')
              || (each >= 'A' && each <= 'Z')
              || (each >= 'a' && each <= 'z')
              || URL_MARKS.indexOf(each) >= 0;
      encoded.append(kept ? String.valueOf((char) each) : "%%%02X".formatted(each));
    }
    return encoded.toString();
  }

  static void checkLength(long length) {
    if (length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "A text of more than " + MAX_LENGTH + " characters is not supported.");
    }
  }

  /** A text that a regular expression can only read for so long. */
  private static final class Timed implements CharSequence {
    private final String text;
    private final long start = System.nanoTime();
    private int reads;

    Timed(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++reads % CHECK_CLOCK == 0) {
        Bounds.checkTime(start);
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return text.substring(from, to);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private record Match(String text, int start, int end, List<@Nullable String> groups) {
    Map<String, @Nullable Object> json() {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("match", text);
      json.put("start", start);
      json.put("end", end);
      json.put("groups", new ArrayList<>(groups));
      return json;
    }
  }

  /** Finds the first matches of a text or a regular expression, none of which may be empty. */
  private static List<Match> matches(String text, @Nullable Object pattern, int limit) {
    List<Match> found = new ArrayList<>();
    if (pattern instanceof String literal) {
      for (int at = text.indexOf(literal);
          at >= 0 && found.size() < limit;
          at = text.indexOf(literal, at + literal.length())) {
        found.add(new Match(literal, at, at + literal.length(), List.of()));
      }
      return found;
    }
    Matcher matcher = regex(pattern).matcher(new Timed(text));
    while (found.size() < limit && matcher.find()) {
      if (matcher.start() == matcher.end()) {
        throw new JException("D1004", -1);
      }
      List<@Nullable String> groups = new ArrayList<>();
      for (int i = 1; i <= matcher.groupCount(); i++) {
        groups.add(matcher.group(i));
      }
      found.add(new Match(matcher.group(), matcher.start(), matcher.end(), groups));
    }
    return found;
  }

  private static Pattern regex(@Nullable Object pattern) {
    if (pattern instanceof Pattern regex) {
      return regex;
    }
    throw new IllegalArgumentException(
        "A function instead of a regular expression is not supported.");
  }

  private static int limit(@Nullable Number limit, String error) {
    if (limit == null) {
      return Integer.MAX_VALUE;
    }
    if (limit.doubleValue() < 0) {
      throw new JException(error, -1, limit);
    }
    return limit.intValue();
  }

  static @Nullable Object contains(Arguments arguments) {
    String text = arguments.text(0);
    if (text == null) {
      return null;
    }
    return arguments.get(1) instanceof String part
        ? text.contains(part)
        : regex(arguments.get(1)).matcher(new Timed(text)).find();
  }

  static @Nullable Object match(Arguments arguments) {
    String text = arguments.text(0);
    if (text == null) {
      return null;
    }
    List<Object> found = Utils.createSequence();
    for (Match match : matches(text, arguments.get(1), limit(arguments.number(2), "D3040"))) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("match", match.text());
      json.put("index", match.start());
      json.put("groups", new ArrayList<>(match.groups()));
      found.add(json);
    }
    return found;
  }

  static @Nullable Object split(Arguments arguments) {
    String text = arguments.text(0);
    if (text == null) {
      return null;
    }
    int limit = limit(arguments.number(2), "D3020");
    List<Object> parts = new ArrayList<>();
    if ("".equals(arguments.get(1))) {
      text.codePoints().limit(limit).forEach(c -> parts.add(Character.toString(c)));
      return parts;
    }
    int from = 0;
    for (Match match : matches(text, arguments.get(1), limit)) {
      parts.add(text.substring(from, match.start()));
      from = match.end();
    }
    if (parts.size() < limit) {
      parts.add(text.substring(from));
    }
    return parts;
  }

  static @Nullable Object replace(Arguments arguments) throws Throwable {
    String text = arguments.text(0);
    if (text == null) {
      return null;
    }
    if ("".equals(arguments.get(1))) {
      throw new JException("D3010", -1);
    }
    StringBuilder replaced = new StringBuilder();
    int from = 0;
    for (Match match : matches(text, arguments.get(1), limit(arguments.number(3), "D3011"))) {
      replaced.append(text, from, match.start());
      replaced.append(replacement(arguments.get(2), match, arguments.get(1) instanceof Pattern));
      checkLength(replaced.length());
      from = match.end();
    }
    return replaced.append(text, from, text.length()).toString();
  }

  private static String replacement(@Nullable Object with, Match match, boolean ofRegex)
      throws Throwable {
    if (with instanceof String text) {
      return ofRegex ? filled(text, match) : text;
    }
    if (com.dashjoin.jsonata.Functions.funcApply(with, List.of(match.json()))
        instanceof String text) {
      return text;
    }
    throw new JException("D3012", -1);
  }

  /** Puts the match for $0, a group for $1 and so on, and a dollar for $$. */
  private static String filled(String template, Match match) {
    StringBuilder filled = new StringBuilder();
    int digits = String.valueOf(match.groups().size()).length();
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      char next = i + 1 < template.length() ? template.charAt(i + 1) : 0;
      if (c != '$') {
        filled.append(c);
      } else if (next == '$') {
        filled.append('$');
        i++;
      } else if (next == '0') {
        filled.append(match.text());
        i++;
      } else if (next >= '1' && next <= '9') {
        int end = i + 2;
        while (end < template.length()
            && end - i - 1 < digits
            && Character.isDigit(template.charAt(end))) {
          end++;
        }
        int group = Integer.parseInt(template.substring(i + 1, end));
        if (end > i + 2 && group > match.groups().size()) {
          group = Integer.parseInt(template.substring(i + 1, --end));
        }
        if (group <= match.groups().size() && match.groups().get(group - 1) != null) {
          filled.append(match.groups().get(group - 1));
        }
        i = end - 1;
      } else {
        filled.append(c);
      }
    }
    return filled.toString();
  }

  /** The library's takes quadratic time. */
  static @Nullable Object pad(Arguments arguments) {
    String text = arguments.text(0);
    Number width = arguments.number(1);
    if (text == null || width == null) {
      return text;
    }
    String padding = arguments.text(2);
    String unit = padding == null || padding.isEmpty() ? " " : padding;
    long missing = Math.abs(width.longValue()) - text.codePointCount(0, text.length());
    if (missing <= 0) {
      return text;
    }
    checkLength(text.length() + missing);
    int[] characters = unit.codePoints().toArray();
    StringBuilder added = new StringBuilder();
    for (int i = 0; i < missing; i++) {
      added.appendCodePoint(characters[i % characters.length]);
    }
    return width.longValue() < 0 ? added + text : text + added;
  }

  static @Nullable Object join(Arguments arguments) {
    List<?> texts = arguments.list(0);
    if (texts == null) {
      return null;
    }
    String separator = arguments.text(1);
    StringBuilder joined = new StringBuilder();
    String before = "";
    for (Object text : texts) {
      joined.append(before).append(text);
      before = separator == null ? "" : separator;
      checkLength(joined.length());
    }
    return joined.toString();
  }
}
