package io.inframetrics.cli.series;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A time in a file.
 *
 * @param zoned whether the text says which zone it is in; without one it is read as UTC
 */
public record Timestamp(Instant time, boolean zoned) {

  /** What to write instead of a text that is not a time. */
  static final String FORMS = "use 2026-02-19 11:27:43, ISO-8601 or epoch seconds or milliseconds";

  /**
   * Larger numbers are not seconds, which would mean year 5138 or later, but milliseconds; a
   * thousand times larger ones are microseconds, and so on.
   */
  private static final double MOST_SECONDS = 1e11;

  private static final double MOST_NANOS = MOST_SECONDS * 1e9;

  private static final DateTimeFormatter DASHES = format("uuuu-MM-dd", "HH");

  /** As CloudWatch's console writes it; spreadsheets drop the zeros in front. */
  private static final DateTimeFormatter SLASHES = format("uuuu/M/d", "H");

  /** Where the year stands last, months and days look alike. */
  private static final Pattern YEAR_LAST =
      Pattern.compile("\\d{1,2}([/.-])\\d{1,2}\\1(\\d{4}|\\d{2})(\\D.*)?");

  /** Zones after a space, as Go and spreadsheets write them. */
  private static final Pattern SPACED_OFFSET = Pattern.compile(" ([+-]\\d\\d(:?\\d\\d)?)$");

  private static final Pattern UTC = Pattern.compile(" ?(UTC|GMT)$");

  private static DateTimeFormatter format(String date, String hour) {
    return new DateTimeFormatterBuilder()
        .appendPattern(date)
        .optionalStart()
        .appendPattern("['T'][' ']" + hour + ":mm")
        .optionalStart()
        .appendPattern(":ss")
        .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
        .optionalEnd()
        .appendPattern("[XXX][XX][X]")
        .optionalEnd()
        .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
        .toFormatter(Locale.ROOT)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  /** The time that the text says; null if it says none. */
  public static @Nullable Timestamp parse(String text) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      if (text.indexOf('/') > 0) {
        return date(SLASHES, text);
      }
      return text.indexOf('-', 1) < 0 ? number(text) : date(DASHES, text);
    } catch (DateTimeException | NumberFormatException e) {
      return null;
    }
  }

  /** Whether the text is a date that could mean two days, such as 02/03/2026. */
  static boolean isAmbiguous(String text) {
    return YEAR_LAST.matcher(text).matches();
  }

  private static @Nullable Timestamp number(String text) {
    double number = Double.parseDouble(text);
    double size = Math.abs(number);
    // Not a number or one without a meaning.
    if (!(size < MOST_NANOS)) {
      return null;
    }
    double unit = 1;
    while (size / unit >= MOST_SECONDS) {
      unit *= 1_000;
    }
    double seconds = Math.floor(number / unit);
    long nanos = (long) ((number - seconds * unit) * (1e9 / unit));
    return new Timestamp(Instant.ofEpochSecond((long) seconds, nanos), true);
  }

  private static Timestamp date(DateTimeFormatter format, String text) {
    String plain = text;
    if (text.endsWith("UTC") || text.endsWith("GMT")) {
      plain = UTC.matcher(text).replaceFirst("");
      plain = plain.matches(".*[+-]\\d\\d:?\\d\\d") ? plain : plain + "Z";
    }
    TemporalAccessor time = format.parse(SPACED_OFFSET.matcher(plain).replaceFirst("$1"));
    return time.isSupported(ChronoField.OFFSET_SECONDS)
        ? new Timestamp(OffsetDateTime.from(time).toInstant(), true)
        : new Timestamp(LocalDateTime.from(time).toInstant(ZoneOffset.UTC), false);
  }
}
