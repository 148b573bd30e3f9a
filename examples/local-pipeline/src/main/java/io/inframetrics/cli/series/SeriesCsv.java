package io.inframetrics.cli.series;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.cli.series.RecordedSeries.Row;
import io.inframetrics.text.Texts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A series as CSV: {@code timestamp,value} with or without a header, what Grafana downloads and
 * what the CloudWatch console downloads. Fields are separated by commas, semicolons or tabs.
 */
final class SeriesCsv {

  private static final String FORMATTED = "switch off 'Formatted data' in Grafana's export";

  /** The line that tells a spreadsheet how fields are separated. */
  private static final Pattern DELIMITER =
      Pattern.compile("\\A\"?sep=([,;\t])\"?[ \t]*(?=\\R|\\z)");

  /** What the lines above the points are called in a download from the CloudWatch console. */
  private static final List<String> CLOUDWATCH =
      List.of("Id", "StatusCode", "Messages", "Full label", "Label");

  private static final Set<String> TIME_NAMES =
      Set.of("time", "timestamp", "date", "datetime", "ts", "_time");

  private static final Set<String> SERIES_NAMES = Set.of("series", "metric", "metric_name");

  private static final String VALUE_NAME = "value";
  private static final Pattern DIGITS = Pattern.compile("-?\\d+");

  private final Path file;
  private final boolean cutOff;
  private final char delimiter;
  private final List<CsvRecord> records;
  private final List<String> warnings = new ArrayList<>();
  private List<String> names = List.of();
  private int first;
  private int timeColumn;
  private int valueColumn = 1;
  private boolean zoneAssumed;
  private @Nullable Seen unit;
  private @Nullable Seen separator;

  /** The first value of its kind. */
  private record Seen(String kind, String text, long line) {}

  private SeriesCsv(Path file, String text) {
    this.file = file;
    this.cutOff = !text.endsWith("\n") && !text.endsWith("\r");
    Matcher line = DELIMITER.matcher(text);
    this.delimiter = line.find() ? line.group(1).charAt(0) : delimiter(text);
    // The line itself stays empty, so that lines keep their numbers.
    this.records = records(file, line.replaceFirst(""), delimiter);
  }

  static RecordedSeries read(Path file, String text) {
    return new SeriesCsv(file, text).read();
  }

  private static List<CsvRecord> records(Path file, String text, char delimiter) {
    CsvReader.CsvReaderBuilder builder =
        CsvReader.builder()
            .fieldSeparator(delimiter)
            .allowUnclosedQuote(true)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE);
    List<CsvRecord> records = new ArrayList<>();
    try {
      for (CsvRecord each : builder.ofCsvRecord(text)) {
        if (!each.getFields().stream().allMatch(String::isBlank)) {
          records.add(each);
        }
      }
    } catch (CsvParseException e) {
      throw new UsageException(
          "file '%s' is not CSV: %s".formatted(file, Texts.oneLine(String.valueOf(e.getMessage()))),
          e);
    }
    return records;
  }

  /** The comma, semicolon or tab that comes first outside of quotes. */
  private static char delimiter(String text) {
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each == '"') {
        quoted = !quoted;
      } else if (!quoted && (each == ',' || each == ';' || each == '\t')) {
        return each;
      }
    }
    return ',';
  }

  private RecordedSeries read() {
    readHeader();
    chooseColumns();
    List<Row> rows = new ArrayList<>();
    for (CsvRecord each : records.subList(first, records.size())) {
      try {
        rows.add(row(rows.size(), each));
      } catch (UsageException e) {
        // A quote that is not closed takes the rest of the file with it: that is not one row.
        boolean oneLine = each.getFields().stream().noneMatch(field -> field.contains("\n"));
        if (!cutOff || !oneLine || rows.isEmpty() || each != records.get(records.size() - 1)) {
          throw e;
        }
        warn(
            "ends in the middle of line %d: that row is left out"
                .formatted(each.getStartingLineNumber()));
      }
    }
    // In the form of our own, which the help describes, times are UTC.
    boolean ours = names.isEmpty() || names.get(timeColumn).equalsIgnoreCase("timestamp");
    if (zoneAssumed && !ours) {
      warn("has times without a zone: they were read as UTC");
    }
    return RecordedSeries.sorted(file, rows, warnings, true);
  }

  private void readHeader() {
    while (first < records.size() && CLOUDWATCH.contains(records.get(first).getField(0))) {
      List<String> fields = records.get(first).getFields();
      List<String> values = fields.subList(1, fields.size());
      switch (fields.get(0)) {
        case "StatusCode" -> {
          if (!values.stream().allMatch(value -> value.isBlank() || value.equals("Complete"))) {
            warn("says StatusCode %s: points may be missing".formatted(AwsMetricJson.some(values)));
          }
        }
        case "Messages" -> {
          if (!values.stream().allMatch(String::isBlank)) {
            warn("says: %s".formatted(AwsMetricJson.some(values)));
          }
        }
        default -> {}
      }
      if (names.isEmpty() || fields.get(0).equals("Label")) {
        names = fields;
      }
      first++;
    }
    if (first == 0 && !records.isEmpty() && isHeader(records.get(0))) {
      names = records.get(0).getFields();
      first = 1;
    }
  }

  /** Whether a record without a time is a header and not an invalid row. */
  private static boolean isHeader(CsvRecord each) {
    if (each.getFieldCount() < 2 || Timestamp.parse(each.getField(0).strip()) != null) {
      return false;
    }
    Quantity value = Quantity.parse(each.getField(1));
    return each.getField(0).chars().noneMatch(Character::isDigit) || value == null;
  }

  private void chooseColumns() {
    if (names.isEmpty()) {
      return;
    }
    List<String> lower = names.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    timeColumn =
        IntStream.range(0, lower.size())
            .filter(i -> TIME_NAMES.contains(lower.get(i)))
            .findFirst()
            .orElse(0);
    List<Integer> others =
        IntStream.range(0, lower.size())
            .filter(i -> !TIME_NAMES.contains(lower.get(i)) && i != timeColumn)
            .boxed()
            .toList();
    for (int column : others) {
      if (SERIES_NAMES.contains(lower.get(column))) {
        requireOneSeries(column);
      }
    }
    if (lower.contains(VALUE_NAME)) {
      valueColumn = lower.indexOf(VALUE_NAME);
      return;
    }
    List<Integer> numeric = others.stream().filter(this::hasNumbers).toList();
    if (numeric.size() > 1) {
      throw mistake(
          records.get(first - 1),
          "there are %d columns of values, %s: export one of them, or call the one to read 'value'"
              .formatted(
                  numeric.size(),
                  AwsMetricJson.some(
                      numeric.stream().map(i -> "'" + names.get(i) + "'").toList())));
    }
    List<Integer> after = others.stream().filter(i -> i > timeColumn).toList();
    valueColumn =
        Stream.of(numeric, after, others).flatMap(List::stream).findFirst().orElse(timeColumn + 1);
  }

  private boolean hasNumbers(int column) {
    return records.subList(first, records.size()).stream()
        .filter(each -> each.getFieldCount() > column)
        .map(each -> Quantity.parse(each.getField(column)))
        .anyMatch(value -> value != null && !value.isMissing());
  }

  private void requireOneSeries(int column) {
    Set<String> series = new LinkedHashSet<>();
    for (CsvRecord each : records.subList(first, records.size())) {
      if (each.getFieldCount() > column) {
        series.add("'" + each.getField(column) + "'");
      }
      if (series.size() > 1) {
        throw mistake(
            each,
            "there is a second series, %s: export one series to a file"
                .formatted(AwsMetricJson.some(List.copyOf(series))));
      }
    }
  }

  private Row row(int position, CsvRecord each) {
    List<String> fields = each.getFields();
    if (fields.stream().anyMatch(field -> field.contains("\n") || field.contains("\r"))) {
      throw mistake(each, "a quote is not closed: close it, or export without quotes");
    }
    if (fields.size() <= Math.max(timeColumn, valueColumn)) {
      String text = Texts.excerpt(Texts.oneLine(String.join(",", fields)), 60);
      throw fields.size() == 1
          ? mistake(each, "'%s' has no comma: use timestamp,value".formatted(text))
          : mistake(each, "'%s' ends before the column of the value".formatted(text));
    }
    String timeText = fields.get(timeColumn);
    Timestamp time = Timestamp.parse(timeText.strip());
    if (time == null) {
      throw noTime(each, timeText);
    }
    Quantity value = value(each);
    zoneAssumed |= !time.zoned();
    boolean plain = timeText.chars().noneMatch(c -> c == ',' || c == '"');
    return new Row(
        position,
        plain ? timeText : time.time().toString(),
        value.text(),
        time.time(),
        value.number());
  }

  private UsageException noTime(CsvRecord each, String text) {
    String found = Texts.excerpt(Texts.oneLine(text), 60);
    return Timestamp.isAmbiguous(text.strip())
        ? mistake(
            each,
            ("timestamp '%s' does not say which number is the month: export ISO dates such as 2026-02-19"
                    + " 11:27:43, or epoch milliseconds")
                .formatted(found))
        : mistake(each, "timestamp '%s' is not a time: %s".formatted(found, Timestamp.FORMS));
  }

  private Quantity value(CsvRecord each) {
    String text = each.getField(valueColumn);
    String found = Texts.excerpt(Texts.oneLine(text), 60);
    Quantity value = Quantity.parse(text);
    if (value == null) {
      throw mistake(
          each,
          ("value '%s' is not a number: use a number, or leave it empty"
                  + (found.chars().anyMatch(Character::isDigit) ? " (" + FORMATTED + ")" : ""))
              .formatted(found));
    }
    if (delimiter != ';' && Quantity.isAmbiguous(text)) {
      throw mistake(
          each,
          ("value '%s' may have a decimal comma or a comma between thousands: " + FORMATTED)
              .formatted(found));
    }
    // A zero is the same in every unit.
    if (value.isMissing() || value.number() == 0) {
      return value;
    }
    unit = unit == null ? new Seen(value.unit(), found, each.getStartingLineNumber()) : unit;
    if (!unit.kind().equals(value.unit())) {
      throw mistake(
          each,
          ("value '%s' has another unit than '%s' in line %d: " + FORMATTED)
              .formatted(found, unit.text(), unit.line()));
    }
    requireOneSeparator(each, value, found);
    return value;
  }

  private void requireOneSeparator(CsvRecord each, Quantity value, String found) {
    int next = valueColumn + 1;
    // Without quotes, 2,134 is two fields.
    if (names.size() == next
        && each.getFieldCount() == next + 1
        && DIGITS.matcher(found).matches()
        && DIGITS.matcher(each.getField(next)).matches()) {
      throw mistake(
          each,
          ("there is one number more than columns after '%s': if it has a decimal comma, separate the"
                  + " fields by semicolons")
              .formatted(found));
    }
    if (value.separator() == Quantity.NO_SEPARATOR) {
      return;
    }
    String kind = String.valueOf(value.separator());
    separator = separator == null ? new Seen(kind, found, each.getStartingLineNumber()) : separator;
    if (!separator.kind().equals(kind)) {
      throw mistake(
          each,
          ("value '%s' separates its fraction in another way than '%s' in line %d: " + FORMATTED)
              .formatted(found, separator.text(), separator.line()));
    }
  }

  private void warn(String what) {
    warnings.add("file '%s' ".formatted(file) + what);
  }

  private UsageException mistake(CsvRecord each, String what) {
    return new UsageException(
        "file '%s', line %d: ".formatted(file, each.getStartingLineNumber()) + what);
  }
}
