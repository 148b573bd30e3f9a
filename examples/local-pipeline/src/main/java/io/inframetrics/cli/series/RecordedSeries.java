package io.inframetrics.cli.series;

import io.inframetrics.cli.input.InputFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A series of a file, whatever tool wrote it.
 *
 * @param rows in the order of time; rows of the same time are in the order of the file
 * @param warnings one sentence each about what a user should know of the file
 */
public record RecordedSeries(List<Row> rows, List<String> warnings) {

  /**
   * A row of the file.
   *
   * @param position in the output, from 0: CSV keeps the order of its rows, JSON has none and is
   *     written in the order of time
   * @param timeText as it is in the file
   * @param valueText as it is in the file if that is a number without a unit or stands for a
   *     missing value, else the number
   * @param value NaN if it is missing
   */
  public record Row(int position, String timeText, String valueText, Instant time, double value) {}

  /**
   * Reads CSV, or JSON if the file begins with a brace or a bracket.
   *
   * @throws io.inframetrics.cli.input.UsageException if the file cannot be read
   */
  public static RecordedSeries read(Path file) {
    String text = InputFile.text(file);
    return isJson(text) ? AwsMetricJson.read(file, text) : SeriesCsv.read(file, text);
  }

  /**
   * Like {@link #read}, but JSON may have several metrics.
   *
   * @return the series by their labels; that of CSV has an empty one
   */
  public static Map<String, RecordedSeries> readAll(Path file) {
    String text = InputFile.text(file);
    return isJson(text)
        ? AwsMetricJson.readAll(file, text)
        : Map.of("", SeriesCsv.read(file, text));
  }

  private static boolean isJson(String text) {
    String start = text.stripLeading();
    return start.startsWith("{") || start.startsWith("[");
  }

  /** Sorts the rows, and says so if that changed their order. */
  static RecordedSeries sorted(
      Path file, List<Row> inFile, List<String> warnings, boolean keepsPositions) {
    List<Row> rows = new ArrayList<>(inFile);
    rows.sort(Comparator.comparing(Row::time));
    List<String> all = new ArrayList<>(warnings);
    if (!rows.equals(inFile)) {
      all.add(
          "file '%s' is not in the order of time: its rows were sorted by time%s"
              .formatted(file, keepsPositions ? ", and are written in the order of the file" : ""));
    }
    int same = 0;
    for (int i = 1; i < rows.size(); i++) {
      if (rows.get(i).time().equals(rows.get(i - 1).time())) {
        same++;
      }
    }
    if (same > 0) {
      all.add(
          "file '%s' has %d %s with the time of another row: they stay in the order of the file"
              .formatted(file, same, same == 1 ? "row" : "rows"));
    }
    if (!keepsPositions) {
      for (int i = 0; i < rows.size(); i++) {
        Row row = rows.get(i);
        rows.set(i, new Row(i, row.timeText(), row.valueText(), row.time(), row.value()));
      }
    }
    return new RecordedSeries(List.copyOf(rows), List.copyOf(all));
  }
}
