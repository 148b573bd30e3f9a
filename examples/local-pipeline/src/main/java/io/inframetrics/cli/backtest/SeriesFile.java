package io.inframetrics.cli.backtest;

import io.inframetrics.cli.series.RecordedSeries;
import io.inframetrics.cli.series.Timestamp;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recorded series.
 *
 * @param rows in the order of time, whatever their order in the file
 * @param warnings one sentence each about what a user should know of the file
 */
record SeriesFile(List<Row> rows, List<String> warnings) {

  static SeriesFile read(Path file) {
    RecordedSeries series = RecordedSeries.read(file);
    return new SeriesFile(
        series.rows().stream()
            .map(
                row ->
                    new Row(
                        row.position(),
                        row.timeText(),
                        row.valueText(),
                        row.time().getEpochSecond(),
                        row.value()))
            .toList(),
        series.warnings());
  }

  /** From the oldest row to the newest. */
  long seconds() {
    return rows.isEmpty() ? 0 : rows.get(rows.size() - 1).epochSecond() - rows.get(0).epochSecond();
  }

  /** Seconds since the epoch; null if the text is not a time. */
  static @Nullable Long epochSecond(String text) {
    Timestamp time = Timestamp.parse(text);
    return time == null ? null : time.time().getEpochSecond();
  }

  /** A row; {@code position} is its place in the output, {@code value} is NaN if there is none. */
  record Row(int position, String timeText, String valueText, long epochSecond, double value) {}
}
