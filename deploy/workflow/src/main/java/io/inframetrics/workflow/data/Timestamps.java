package io.inframetrics.workflow.data;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/**
 * The states language's timestamps: RFC 3339, an upper-case T between date and time, an upper-case
 * Z where there is no numeric offset.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html">Choice
 *     workflow state</a>
 */
public final class Timestamps {

  private static final Pattern RFC3339 =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?(?:Z|[+-]\\d{2}:\\d{2})");

  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Timestamps() {}

  public static boolean isTimestamp(String text) {
    if (!RFC3339.matcher(text).matches()) {
      return false;
    }
    try {
      parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Reads a timestamp.
   *
   * @throws IllegalArgumentException with one sentence when the text is not a timestamp
   */
  public static Instant parse(String text) {
    if (!RFC3339.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a timestamp such as 2026-02-19T11:27:43Z");
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a timestamp such as 2026-02-19T11:27:43Z", e);
    }
  }

  /**
   * Reads what a Wait accepts, which is a little more: an ISO-8601 extended offset date-time, with
   * or without seconds.
   *
   * @throws IllegalArgumentException with one sentence when the text is no such time
   */
  public static Instant parseOffsetDateTime(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a timestamp such as 2026-02-19T11:27:43Z", e);
    }
  }

  /** As the context object shows times: UTC, milliseconds. */
  public static String format(Instant time) {
    return MILLIS.format(time);
  }
}
