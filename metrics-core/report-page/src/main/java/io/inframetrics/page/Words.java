package io.inframetrics.page;

import io.inframetrics.detect.ReadableText;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.metric.SeriesId;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes names, times, values and durations as the page's scripts do, in the page's time zone. */
final class Words {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

  private static final MathContext THREE_DIGITS = new MathContext(3, RoundingMode.HALF_UP);

  private static final Map<String, String> TYPES =
      Map.of("cpu_utilization", "CPU utilization", "cpu", "CPU");

  /** Units of one scale, each so many times the one before. */
  private record Scale(int factor, List<String> signs, List<String> names) {}

  private static final List<Scale> SCALES =
      List.of(
          new Scale(
              1_000, List.of("µs", "ms", "s"), List.of("Microseconds", "Milliseconds", "Seconds")),
          new Scale(1_024, List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB"), List.of("Bytes")),
          new Scale(
              1_000,
              List.of("B", "kB", "MB", "GB", "TB", "PB"),
              List.of("", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes")),
          new Scale(
              1_000,
              List.of("bit", "kbit", "Mbit", "Gbit", "Tbit"),
              List.of("Bits", "Kilobits", "Megabits", "Gigabits", "Terabits")));

  private static final String PER_SECOND = "/Second";

  private final ZoneId zone;

  Words(ZoneId zone) {
    this.zone = zone;
  }

  /** {@code 2026-11-28 13:22}; the page says once in which zone. */
  String time(Instant instant) {
    return TIME.format(instant.atZone(zone));
  }

  /** The same of a time in a document; a text that is not a time stays as it is. */
  String time(String instant) {
    try {
      return time(Instant.parse(instant));
    } catch (DateTimeException e) {
      return instant;
    }
  }

  String zone() {
    return ReadableText.zone(zone);
  }

  /**
   * {@code 400 ms}, {@code 45 s}, {@code 1 min 41 s}, {@code 90 min}, {@code 2.5 h}, {@code 3
   * days}.
   */
  static String duration(Duration duration) {
    double seconds = duration.toMillis() / 1_000.0;
    if (seconds < 0.0005) {
      return "0 s";
    }
    if (seconds < 1) {
      return duration.toMillis() + " ms";
    }
    if (seconds < 60) {
      return number(seconds) + " s";
    }
    if (seconds < 600 && duration.toSeconds() % 60 != 0) {
      return "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart());
    }
    if (seconds < 120 * 60 && seconds != 3_600) {
      return Math.round(seconds / 60) + " min";
    }
    if (seconds < 48 * 3_600 && seconds != 86_400) {
      return oneDecimal(seconds / 3_600) + " h";
    }
    String days = oneDecimal(seconds / 86_400);
    return days + (days.equals("1") ? " day" : " days");
  }

  private static String oneDecimal(double value) {
    return ReadableText.number(
        new BigDecimal(value).setScale(1, RoundingMode.HALF_UP).doubleValue());
  }

  /** {@code 37.7 %}, {@code 120 Mbit/s}, {@code 1.5 GiB}. */
  static String value(double value, String unit) {
    boolean perSecond = unit.endsWith(PER_SECOND);
    String base = perSecond ? unit.substring(0, unit.length() - PER_SECOND.length()) : unit;
    for (Scale scale : SCALES) {
      int step = scale.names().indexOf(base);
      if (step >= 0 && !base.isEmpty()) {
        double scaled = value;
        while (Math.abs(scaled) >= scale.factor() && step < scale.signs().size() - 1) {
          scaled /= scale.factor();
          step++;
        }
        while (scaled != 0 && Math.abs(scaled) < 1 && step > 0) {
          scaled *= scale.factor();
          step--;
        }
        return number(scaled) + " " + scale.signs().get(step) + (perSecond ? "/s" : "");
      }
    }
    String sign = MetricUnit.ofWireName(unit).map(ReadableText::unit).orElse(unit);
    return sign.isEmpty() ? number(value) : number(value) + " " + sign;
  }

  private static String number(double value) {
    return ReadableText.number(
        Math.abs(value) >= 1_000 ? value : new BigDecimal(value).round(THREE_DIGITS).doubleValue());
  }

  static String count(long count, String noun) {
    return ReadableText.count(count, noun);
  }

  /** {@code Disk usage on build-1, device=/}; an id of another form stays as it is. */
  static String seriesName(String seriesId) {
    try {
      Series series = SeriesId.parse(seriesId);
      StringBuilder name = new StringBuilder(typeName(series.type().name()));
      name.append(
          series.instanceId().equals("*") ? " on many instances" : " on " + series.instanceId());
      series.dimensions().forEach((key, value) -> name.append(", ").append(key + "=" + value));
      return name.toString();
    } catch (IllegalArgumentException e) {
      return seriesId; // A detector of somebody else may name anything.
    }
  }

  /** {@code CPU utilization}, {@code Disk usage}. */
  static String typeName(String type) {
    String known = TYPES.get(type);
    if (known != null || type.isEmpty()) {
      return known == null ? "" : known;
    }
    String words = type.replace('_', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  /** The id of the element that a link to a series leads to, as {@code format.js} makes it. */
  static String anchor(String seriesId) {
    StringBuilder anchor = new StringBuilder("series-");
    for (int i = 0; i < seriesId.length(); i++) {
      char c = seriesId.charAt(i);
      if ((c >= '0' && c <= '9')
          || (c >= 'A' && c <= 'Z')
          || (c >= 'a' && c <= 'z')
          || c == '.'
          || c == '-') {
        anchor.append(c);
      } else {
        anchor.append('_').append(Integer.toHexString(c));
      }
    }
    return anchor.toString();
  }
}
