package io.inframetrics.detect;

import io.inframetrics.metric.MetricUnit;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes numbers, units and durations as an operator reads them.
 *
 * @hidden
 */
public final class ReadableText {

  private static final MathContext FOUR_DIGITS = new MathContext(4, RoundingMode.HALF_UP);

  /** From this size on, and below its inverse, powers of ten are easier to read than digits. */
  private static final double LARGE = 1e9;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private ReadableText() {}

  /**
   * A number with four significant digits or fewer: {@code 37.66}, {@code 1,235}, {@code 4.2E+12}.
   */
  public static String number(double value) {
    BigDecimal rounded = new BigDecimal(value).round(FOUR_DIGITS).stripTrailingZeros();
    if (rounded.signum() == 0) {
      return "0";
    }
    double size = Math.abs(value);
    if (size >= LARGE || size < 1 / LARGE) {
      return rounded.toString();
    }
    return grouped(rounded.toPlainString());
  }

  /** Commas between thousands. String.format would load locales, which slows a cold JVM. */
  private static String grouped(String plain) {
    StringBuilder text = new StringBuilder(plain);
    int point = plain.indexOf('.');
    int first = plain.startsWith("-") ? 1 : 0;
    for (int i = (point < 0 ? plain.length() : point) - 3; i > first; i -= 3) {
      text.insert(i, ',');
    }
    return text.toString();
  }

  /** A value with its unit: {@code 93 %}, {@code 12.5 Mbit/s}, {@code 7}. */
  public static String value(double value, MetricUnit unit) {
    String name = unit(unit);
    return name.isEmpty() ? number(value) : number(value) + " " + name;
  }

  /** A difference with its unit: from 40 % to 41 % it is a percentage point. */
  public static String change(double value, MetricUnit unit) {
    return unit == MetricUnit.PERCENT
        ? number(value) + (number(value).equals("1") ? " percentage point" : " percentage points")
        : value(value, unit);
  }

  /** The unit's sign; empty where a bare number is enough. */
  public static String unit(MetricUnit unit) {
    return switch (unit) {
      case SECONDS -> "s";
      case MICROSECONDS -> "us";
      case MILLISECONDS -> "ms";
      case BYTES -> "bytes";
      case KILOBYTES -> "kB";
      case MEGABYTES -> "MB";
      case GIGABYTES -> "GB";
      case TERABYTES -> "TB";
      case BITS -> "bits";
      case KILOBITS -> "kbit";
      case MEGABITS -> "Mbit";
      case GIGABITS -> "Gbit";
      case TERABITS -> "Tbit";
      case PERCENT -> "%";
      case BYTES_PER_SECOND -> "bytes/s";
      case KILOBYTES_PER_SECOND -> "kB/s";
      case MEGABYTES_PER_SECOND -> "MB/s";
      case GIGABYTES_PER_SECOND -> "GB/s";
      case TERABYTES_PER_SECOND -> "TB/s";
      case BITS_PER_SECOND -> "bit/s";
      case KILOBITS_PER_SECOND -> "kbit/s";
      case MEGABITS_PER_SECOND -> "Mbit/s";
      case GIGABITS_PER_SECOND -> "Gbit/s";
      case TERABITS_PER_SECOND -> "Tbit/s";
      case COUNT_PER_SECOND -> "/s";
      case COUNT, NONE -> "";
    };
  }

  /** A duration in its largest unit, rounded down: {@code 15 days}, {@code 1 hour}. */
  public static String duration(Duration duration) {
    if (duration.toDays() > 0) {
      return count(duration.toDays(), "day");
    }
    if (duration.toHours() > 0) {
      return count(duration.toHours(), "hour");
    }
    if (duration.toMinutes() > 0) {
      return count(duration.toMinutes(), "minute");
    }
    return duration.toSeconds() > 0 ? count(duration.toSeconds(), "second") : "less than a second";
  }

  /** A duration to the minute: {@code 65 minutes}, {@code 3 hours and 35 minutes}. */
  public static String minutes(long seconds) {
    long minutes = Math.max(1, Math.round(seconds / 60.0));
    if (minutes < 120) {
      return count(minutes, "minute");
    }
    String hours = count(minutes / 60, "hour");
    return minutes % 60 == 0 ? hours : hours + " and " + count(minutes % 60, "minute");
  }

  /** The same after "the last": {@code 15 days}, {@code hour}. */
  public static String last(Duration duration) {
    return withoutOne(duration(duration));
  }

  /** How often: {@code 10 seconds}, {@code minute}, {@code 5 minutes}, {@code day}. */
  public static String every(Duration interval) {
    String text =
        interval.toMinutes() == 0
            ? count(interval.toSeconds(), "second")
            : interval.toMinutes() < 120 && interval.toMinutes() != 60
                ? count(interval.toMinutes(), "minute")
                : interval.toHours() < 48 && interval.toHours() != 24
                    ? count(interval.toHours(), "hour")
                    : duration(interval);
    return withoutOne(text);
  }

  private static String withoutOne(String text) {
    return text.startsWith("1 ") ? text.substring(2) : text;
  }

  /** An instant to the minute: {@code 2026-02-19 11:27 UTC}. */
  public static String time(Instant instant) {
    return TIME.format(instant) + " UTC";
  }

  /** A time zone as it follows a time of the day: {@code UTC}, {@code Europe/Berlin}. */
  public static String zone(ZoneId zone) {
    return zone.normalized().equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
  }

  /** {@code 1 point}, {@code 2 points}, {@code 1,000 points}. */
  public static String count(long count, String noun) {
    return grouped(Long.toString(count)) + " " + noun + (count == 1 ? "" : "s");
  }
}
