package io.inframetrics.pipeline;

import java.nio.charset.StandardCharsets;

/** Texts for people, cut to what their destination takes. */
final class Texts {

  private static final String ELLIPSIS = "...";

  private Texts() {}

  /** At most {@code max} characters, the last three dots if something was cut off. */
  static String shorten(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int cut = max - ELLIPSIS.length();
    if (Character.isHighSurrogate(text.charAt(cut - 1))) {
      cut--;
    }
    return text.substring(0, cut) + ELLIPSIS;
  }

  /** At most {@code max} bytes of UTF-8. */
  static String shortenBytes(String text, int max) {
    String shorter = text;
    int bytes;
    while ((bytes = shorter.getBytes(StandardCharsets.UTF_8).length) > max) {
      // Each character that goes takes a byte at least, so this ends soon.
      shorter =
          shorten(
              text,
              Math.max(ELLIPSIS.length() + 1, shorter.length() - Math.max(1, (bytes - max) / 3)));
    }
    return shorter;
  }

  /** Printable ASCII on one line, for a subject; other characters become a question mark. */
  static String printableAscii(String text, int max) {
    StringBuilder ascii = new StringBuilder(text.length());
    text.chars().forEach(c -> ascii.append(c < ' ' || c > '~' ? '?' : (char) c));
    return shorten(ascii.toString(), max);
  }

  /**
   * What a failure says: its message, led by its class unless a sentence of ours can be expected.
   */
  static String describe(Throwable failure) {
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
