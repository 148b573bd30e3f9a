package io.inframetrics.text;

import io.inframetrics.metric.SeriesId;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/**
 * The one place where texts for people are cut to what their destination takes. No method splits a
 * surrogate pair, so a cut text is as valid as the whole one.
 */
public final class Texts {

  private static final String ELLIPSIS = "...";

  private static final Pattern BREAKS = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029]+");

  private static final Pattern SPACE = Pattern.compile("\\s+");

  /** Where the parser was, which it says as a source that it does not show. */
  private static final Pattern HIDDEN_SOURCE =
      Pattern.compile(" \\((?:start marker|for \\w+ starting) at \\[Source:[^\\]]*\\]\\)");

  private Texts() {}

  /** At most {@code max} characters, the last three of them dots if something was cut off. */
  public static String shorten(String text, int max) {
    return text.length() <= max ? text : head(text, max - ELLIPSIS.length()) + ELLIPSIS;
  }

  /** The first {@code max} characters, followed by three dots if something was cut off. */
  public static String excerpt(String text, int max) {
    return text.length() <= max ? text : head(text, max) + ELLIPSIS;
  }

  /** The first {@code max} characters, or one less where they would end in half a pair. */
  public static String head(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max);
  }

  /** At most {@code max} bytes of UTF-8, the last three dots if something was cut off. */
  public static String shortenBytes(String text, int max) {
    return shortenBytes(text, max, ELLIPSIS);
  }

  /**
   * At most {@code max} bytes of UTF-8, ending in {@code ending} if something was cut off. An
   * ending that is longer than that stands alone.
   */
  public static String shortenBytes(String text, int max, String ending) {
    if (SeriesId.utf8Length(text) <= max) {
      return text;
    }
    int left = max - SeriesId.utf8Length(ending);
    int end = 0;
    while (true) {
      int next = end + Character.charCount(text.codePointAt(end));
      left -= SeriesId.utf8Length(text.substring(end, next));
      if (left < 0) {
        return text.substring(0, end) + ending;
      }
      end = next;
    }
  }

  /** The text with each run of line breaks and other control characters as one space. */
  public static String oneLine(String text) {
    return BREAKS.matcher(text).replaceAll(" ").strip();
  }

  /** The text in one line of at most {@code max} characters. */
  public static String oneLine(String text, int max) {
    return shorten(oneLine(text), max);
  }

  /** Printable ASCII on one line, for a subject; other characters become a question mark. */
  public static String printableAscii(String text, int max) {
    StringBuilder ascii = new StringBuilder(text.length());
    text.chars().forEach(c -> ascii.append(c < ' ' || c > '~' ? '?' : (char) c));
    return shorten(ascii.toString(), max);
  }

  /** What the parser found wrong with a JSON text: its own words, on one line. */
  public static String jsonMistake(JacksonException e) {
    String words = HIDDEN_SOURCE.matcher(e.getOriginalMessage()).replaceAll("");
    return SPACE.matcher(words).replaceAll(" ").trim();
  }

  /** What a failure says: its message, after its class unless the message is a sentence of ours. */
  public static String describe(Throwable failure) {
    String message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure.getClass().getName();
    }
    return failure instanceof InvalidRequestException
            || failure instanceof RetryableFailureException
            || failure instanceof IllegalArgumentException
        ? message
        : failure.getClass().getSimpleName() + ": " + message;
  }
}
