package io.inframetrics.text;

import io.inframetrics.metric.SeriesId;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;

/** Texts for people, cut to what their destination takes. */
public final class Texts {

  private static final String ELLIPSIS = "...";

  private Texts() {}

  /** At most {@code max} characters, the last three dots if something was cut off. */
  public static String shorten(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int cut = max - ELLIPSIS.length();
    if (Character.isHighSurrogate(text.charAt(cut - 1))) {
      cut--;
    }
    return text.substring(0, cut) + ELLIPSIS;
  }

  /** At most {@code max} bytes of UTF-8, the last three dots if something was cut off. */
  public static String shortenBytes(String text, int max) {
    if (SeriesId.utf8Length(text) <= max) {
      return text;
    }
    int bytes = ELLIPSIS.length();
    int end = 0;
    while (true) {
      int next = end + Character.charCount(text.codePointAt(end));
      bytes += SeriesId.utf8Length(text.substring(end, next));
      if (bytes > max) {
        return text.substring(0, end) + ELLIPSIS;
      }
      end = next;
    }
  }

  /** Printable ASCII on one line, for a subject; other characters become a question mark. */
  public static String printableAscii(String text, int max) {
    StringBuilder ascii = new StringBuilder(text.length());
    text.chars().forEach(c -> ascii.append(c < ' ' || c > '~' ? '?' : (char) c));
    return shorten(ascii.toString(), max);
  }

  /**
   * What a failure says: its message, led by its class unless a sentence of ours can be expected.
   */
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
