package io.inframetrics.cli.backtest;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.text.Texts;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A recorded series: {@code timestamp,value} rows in the file's order, whatever their times. */
record SeriesFile(List<Row> rows) {

  /** Texts that stand for a missing value. */
  private static final Set<String> NONE = Set.of("", "nan", "null", "na", "inf", "-inf");

  /** Larger numbers are not seconds, which would mean year 5138 or later, but milliseconds. */
  private static final double MOST_SECONDS = 1e11;

  private static final DateTimeFormatter DATE_AND_TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendPattern("['T'][' ']HH:mm")
          .optionalStart()
          .appendPattern(":ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .optionalEnd()
          .appendPattern("[XXX][XX][X]")
          .optionalEnd()
          .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  static SeriesFile read(Path file) {
    List<Row> rows = new ArrayList<>();
    int number = 0;
    boolean headed = false;
    for (String line : (Iterable<String>) InputFile.text(file).lines()::iterator) {
      number++;
      String text = number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
      if (text.isBlank()) {
        continue;
      }
      int comma = text.indexOf(',');
      if (comma < 0) {
        throw mistake(file, number, "'%s' has no comma: use timestamp,value", text);
      }
      String timeText = text.substring(0, comma);
      int second = text.indexOf(',', comma + 1);
      String valueText = text.substring(comma + 1, second < 0 ? text.length() : second);
      Long time = epochSecond(timeText.strip());
      if (time == null) {
        if (!headed && rows.isEmpty() && isHeader(timeText, valueText)) {
          headed = true;
          continue;
        }
        throw mistake(
            file,
            number,
            "timestamp '%s' is not a time: use 2026-02-19 11:27:43, ISO-8601 or epoch seconds",
            timeText);
      }
      Double value = value(valueText.strip());
      if (value == null) {
        throw mistake(
            file, number, "value '%s' is not a number: use a number, or leave it empty", valueText);
      }
      rows.add(new Row(timeText, valueText, time, value));
    }
    return new SeriesFile(List.copyOf(rows));
  }

  /** Whether most rows are older than the row before. */
  boolean isNewestFirst() {
    int back = 0;
    for (int i = 1; i < rows.size(); i++) {
      back += rows.get(i).epochSecond() < rows.get(i - 1).epochSecond() ? 1 : 0;
    }
    return 2 * back > rows.size();
  }

  /** From the oldest row to the newest. */
  long seconds() {
    LongSummaryStatistics times = rows.stream().mapToLong(Row::epochSecond).summaryStatistics();
    return rows.isEmpty() ? 0 : times.getMax() - times.getMin();
  }

  /** Whether a line without a time is a header and not an invalid row. */
  private static boolean isHeader(String timeText, String valueText) {
    return timeText.chars().noneMatch(Character::isDigit) || value(valueText.strip()) == null;
  }

  /** Seconds since the epoch; null if the text is not a time. */
  static @Nullable Long epochSecond(String text) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      if (text.indexOf('-', 1) < 0) {
        double seconds = Double.parseDouble(text);
        return Math.abs(seconds) < MOST_SECONDS ? (long) Math.floor(seconds) : null;
      }
      TemporalAccessor time = DATE_AND_TIME.parse(text);
      return time.isSupported(ChronoField.OFFSET_SECONDS)
          ? OffsetDateTime.from(time).toEpochSecond()
          : LocalDateTime.from(time).toEpochSecond(ZoneOffset.UTC);
    } catch (DateTimeException | NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Double value(String text) {
    if (NONE.contains(text.toLowerCase(Locale.ROOT))) {
      return Double.NaN;
    }
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static UsageException mistake(Path file, int line, String what, String text) {
    return new UsageException(
        "file '%s', line %d: ".formatted(file, line) + what.formatted(Texts.excerpt(text, 60)));
  }

  /** A row with its texts as they are in the file; {@code value} is NaN if there is none. */
  record Row(String timeText, String valueText, long epochSecond, double value) {}
}
