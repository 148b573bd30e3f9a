package io.inframetrics.cli.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.cli.input.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same two points, 2.5 and 3 from 2026-02-14 14:20 UTC on, in the forms of many tools. */
class SeriesCsvTest {

  private static final String UTC = "has times without a zone: they were read as UTC";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Grafana: plain, quoted, epoch, for a spreadsheet, formatted, and the table of old
        // versions.
        "\"Time\",\"CPU\"\n2026-02-14 14:20:00,2.5\n2026-02-14 14:25:00,3\n",
        "\"Time\",\"CPU\"\r\n\"2026-02-14 14:20:00\",\"2.5\"\r\n\r\n\"2026-02-14 14:25:00\",\"3\"\r\n",
        "\"Time\",\"CPU, all\"\n1771078800000,2.5\n1771079100000,3\n",
        "\uFEFFsep=,\r\n\"Time\",\"CPU\"\r\n2026-02-14 14:20:00,2.5\r\n2026-02-14 14:25:00,3\r\n",
        "sep=;\n\"Time\";\"CPU\"\n2026-02-14 14:20:00;2,5\n2026-02-14 14:25:00;3,0\n",
        "\"Time\",\"CPU\"\n2026-02-14 14:20:00,2.5%\n2026-02-14 14:25:00,3%\n",
        "\"Time\",\"CPU\"\n2026-02-14 14:20:00,2.5 GiB\n2026-02-14 14:25:00,3 GiB\n",
        "\"Series\";\"Time\";\"Value\"\n\"cpu\";\"2026-02-14T14:20:00+00:00\";2.5\n"
            + "\"cpu\";\"2026-02-14T15:25:00+01:00\";3\n",
        "Time\tCPU\n2026-02-14 14:20:00\t2.5\n2026-02-14 14:25:00\t3\n",
        // The CloudWatch console.
        "Id,m2\nStatusCode,Complete\nMessages,\n"
            + "Full label,us-east-1:AWS/EC2 CPUUtilization\nLabel,CPUUtilization\n"
            + "2026/02/14 14:20:00,2.5\n2026/02/14 14:25:00,3\n",
        "Full label,\"a, b\"\nLabel,CPUUtilization\n2026/02/14 14:20:00,2.5\n2026/2/14 14:25,3\n",
        // Others.
        "1771078800;2,5\n1771079100;3\n",
        "timestamp,value,label\n2026-02-14 14:20:00 UTC,2.5,0\n2026-02-14 16:25:00 +0200,3,1\n",
        "host,value,time\nweb-1,2.5,1771078800000000000\nweb-1,3,1771079100000000000\n",
      })
  void readsWhatPeopleHave(String text) throws IOException {
    RecordedSeries series = read(text);

    assertThat(series.rows())
        .extracting(row -> row.time().toString() + " " + row.value())
        .containsExactly("2026-02-14T14:20:00Z 2.5", "2026-02-14T14:25:00Z 3.0");
    assertThat(series.warnings()).allMatch(warning -> warning.endsWith(UTC));
  }

  @Test
  void saysWhichZoneItTookOnlyWhereTheFormDoesNot() throws IOException {
    assertThat(read("Time,CPU\n2026-02-14 14:20:00,1\n").warnings())
        .containsExactly("file '%s' %s".formatted(file(), UTC));
    assertThat(read("Time,CPU\n2026-02-14T14:20:00Z,1\n").warnings()).isEmpty();
    assertThat(read("timestamp,value\n2026-02-14 14:20:00,1\n").warnings()).isEmpty();
    assertThat(read("2026-02-14 14:20:00,1\n").warnings()).isEmpty();
  }

  @Test
  void readsUtf16AsSpreadsheetsWriteIt() throws IOException {
    Files.write(file(), "\uFEFFTime;CPU\n1771078800000;2,5\n".getBytes(StandardCharsets.UTF_16LE));
    assertThat(RecordedSeries.read(file()).rows())
        .singleElement()
        .returns(2.5, RecordedSeries.Row::value);
  }

  @Test
  void takesEveryWordForAMissingValue() throws IOException {
    assertThat(
            read("""
                    "Time";"CPU"
                    1771078800000;
                    1771078801000;null
                    1771078802000;NaN
                    1771078803000;undefined
                    1771078804000;"-"
                    1771078805000;1,5
                    ;;
                    """)
                .rows())
        .extracting(RecordedSeries.Row::value)
        .containsExactly(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 1.5);
  }

  @Test
  void writesNumbersThatFitIntoCsv() throws IOException {
    assertThat(
            read("Time;CPU\n\"2026-02-14 14:20:00\";2,50\n2026-02-14 14:25:00;1.234,5 MiB\n"
                    .replace(" MiB", ""))
                .rows())
        .extracting(row -> row.timeText() + "," + row.valueText())
        .containsExactly("2026-02-14 14:20:00,2.50", "2026-02-14 14:25:00,1234.5");
    assertThat(read("Time,CPU\n1771078800000,\"1,234.5\"\n").rows())
        .singleElement()
        .returns("1234.5", RecordedSeries.Row::valueText);
  }

  @Test
  void aSeriesWithoutAnyValueIsOneOfMissingValues() throws IOException {
    assertThat(read("Time,CPU,note\n1771078800000,,\n").rows()).singleElement();
    assertThat(read("CPU,Time\nnull,1771078800000\n").rows())
        .extracting(RecordedSeries.Row::value)
        .containsExactly(Double.NaN);
  }

  @Test
  void leavesOutARowThatIsCutOff() throws IOException {
    for (String end :
        List.of(
            "2026-02-14 14:3",
            "2026-02-14",
            "\"2026-02-14 14:30:00",
            "\"2026-02-14 14:30:00\",3.1")) {
      RecordedSeries series =
          read("timestamp,value\n2026-02-14 14:20:00,2.5%\n2026-02-14 14:25:00,3%\n" + end);
      assertThat(series.rows()).hasSize(2);
      assertThat(series.warnings())
          .containsExactly(
              "file '%s' ends in the middle of line 4: that row is left out".formatted(file()));
    }
  }

  @Test
  void saysThatPointsMayBeMissing() throws IOException {
    assertThat(
            read("Id,m1\nStatusCode,PartialData\nMessages,too many\nLabel,CPU\n"
                    + "2026/02/14 14:20:00,1\n")
                .warnings())
        .containsExactly(
            "file '%s' says StatusCode PartialData: points may be missing".formatted(file()),
            "file '%s' says: too many".formatted(file()),
            "file '%s' %s".formatted(file(), UTC));
  }

  @Test
  void asksForOneSeries() {
    refused(
        "\"Time\",\"web-1\",\"web-2\"\n1771078800000,1,2\n",
        "line 1: there are 2 columns of values, 'web-1', 'web-2': export one of them, or call the one"
            + " to read 'value'");
    refused(
        "Id,m1,m2\nLabel,CPU,CPU\n2026/02/14 14:20:00,1,2\n",
        "line 2: there are 2 columns of values, 'CPU', 'CPU'");
    refused(
        "\"Series\";\"Time\";\"Value\"\n\"a\";\"2026-02-14T14:20:00Z\";1\n\"b\";\"2026-02-14T14:20:00Z\";2\n",
        "line 3: there is a second series, 'a', 'b': export one series to a file");
  }

  @Test
  void saysWhatToChangeInTheExport() {
    refused(
        "Time,CPU\n02/03/2026 10:00:00,1\n",
        "line 2: timestamp '02/03/2026 10:00:00' does not say which number is the month: export ISO"
            + " dates such as 2026-02-19 11:27:43, or epoch milliseconds");
    refused(
        "Time,Memory\n1771078800000,980 KiB\n1771079100000,0 B\n1771079400000,1.2 MiB\n",
        "line 4: value '1.2 MiB' has another unit than '980 KiB' in line 2: switch off 'Formatted data'"
            + " in Grafana's export");
    refused(
        "Time,CPU\n1771078800000,\"1,234\"\n",
        "line 2: value '1,234' may have a decimal comma or a comma between thousands");
    refused(
        "Time;CPU\n1771078800000;1,5\n1771078800000;1.234\n",
        "line 3: value '1.234' separates its fraction in another way than '1,5' in line 2");
    refused(
        "Time,CPU\n1771078800000,2,134\n",
        "line 2: there is one number more than columns after '2': if it has a decimal comma, separate"
            + " the fields by semicolons");
    refused(
        "Time,Up\n1771078800000,1 h 3 m\n", "line 2: value '1 h 3 m' is not a number", "Formatted");
    refused(
        "Time,CPU\n\"1771078800000,1\n1771079100000,2\n",
        "line 2: a quote is not closed: close it, or export without quotes");
    // Without a newline at its end the file may be cut off, but not in the middle of that row.
    refused(
        "Time,CPU\n1771078800000,1\n\"1771079100000,2\n1771079400000,3",
        "line 3: a quote is not closed: close it, or export without quotes");
    refused(
        "Time,CPU,note\n1771078800000,1,\"spike\n1771079100000,2,\n",
        "line 2: a quote is not closed");
    refused("Time,CPU\n\"1771078800000\"x,1\n", "is not CSV: ", "line 2");
  }

  private Path file() {
    return folder.resolve("in.csv");
  }

  private RecordedSeries read(String text) throws IOException {
    return RecordedSeries.read(Files.writeString(file(), text));
  }

  private void refused(String text, String... parts) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("file '%s'".formatted(file()))
        .hasMessageContainingAll(parts)
        .hasMessageNotContainingAny("\n", "\r");
  }
}
