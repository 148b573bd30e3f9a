package io.inframetrics.text;

import io.inframetrics.metric.SeriesId;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/**
 * Shortens texts for people to what their destination accepts. No method splits a surrogate pair,
 * so a shortened text is valid wherever the whole one is.
 */
public final class Texts {

  private static final String ELLIPSIS = "...";
  private static final Pattern BREAKS =
      Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]+");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private static final Pattern NO_NUMBER = Pattern.compile("Non-standard token '([^']*)'");

  /** What the parser would take if a program had set it so. */
  private static final Pattern OPTION =
      Pattern.compile(
          ": enable `?\\w+\\.\\w+`? to allow| \\(not recognized as one since Feature '\\w+' not enabled for parser\\)");

  /** The position in a parser message, which is useless because its source is hidden. */
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

  /** The first {@code max} characters, or one less if they would end inside a surrogate pair. */
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
   * ending longer than {@code max} stands alone.
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

  /** Replaces each run of line breaks and other control characters by one space. */
  public static String oneLine(String text) {
    return BREAKS.matcher(text).replaceAll(" ").strip();
  }

  public static String oneLine(String text, int max) {
    return shorten(oneLine(text), max);
  }

  /** The JSON parser's own message, on one line, without the options of a program. */
  public static String jsonMistake(JacksonException e) {
    String words = HIDDEN_SOURCE.matcher(e.getOriginalMessage()).replaceAll("");
    words = NO_NUMBER.matcher(words).replaceAll("'$1' is not a number in JSON");
    words = OPTION.matcher(words).replaceAll("");
    return SPACE.matcher(words).replaceAll(" ").trim();
  }

  /**
   * The failure's message on one line, after its class name unless we wrote the message as a
   * sentence.
   */
  public static String describe(Throwable failure) {
    String message = oneLine(String.valueOf(failure.getMessage()));
    if (failure.getMessage() == null || message.isEmpty()) {
      return failure.getClass().getName();
    }
    return failure instanceof InvalidRequestException
            || failure instanceof RetryableFailureException
            || failure instanceof IllegalArgumentException
        ? message
        : failure.getClass().getSimpleName() + ": " + message;
  }
}
