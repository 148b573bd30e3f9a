package io.inframetrics.cli.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.cli.input.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AwsMetricJsonTest {

  @TempDir Path folder;

  @Test
  void readsGetMetricDataNewestFirstAsItComes() throws IOException {
    RecordedSeries series =
        read(
            """
            {"MetricDataResults": [{"Id": "m1", "Label": "CPUUtilization",
              "Timestamps": ["2026-02-01T00:05:00+00:00", "2026-02-01T00:00:00Z"],
              "Values": [2.5, 2.0], "StatusCode": "Complete"},
              {"Id": "m2", "Label": "Nothing", "Timestamps": [], "Values": []}],
             "Messages": []}
            """);
    assertThat(series.rows())
        .extracting(row -> row.position() + " " + row.time() + " " + row.valueText())
        .containsExactly("0 2026-02-01T00:00:00Z 2.0", "1 2026-02-01T00:05:00Z 2.5");
    assertThat(series.warnings())
        .containsExactly(
            "file '%s' is not in the order of time: its rows were sorted by time"
                .formatted(file()));
  }

  /** The AWS CLI joins pages: a metric is there once for each of them. */
  @Test
  void joinsThePagesOfAMetric() throws IOException {
    String first =
        "{\"MetricDataResults\": [{\"Id\": \"m1\", \"Timestamps\": [1769904000], \"Values\": [1],"
            + " \"StatusCode\": \"PartialData\"}";
    RecordedSeries both =
        read(
            first
                + ", {\"Id\": \"m1\", \"Timestamps\": [1769904300.0], \"Values\": [2], \"StatusCode\":"
                + " \"Complete\"}]}");
    assertThat(both.rows()).hasSize(2);
    assertThat(both.warnings()).isEmpty();

    assertThat(read(first + "], \"NextToken\": \"abc\"}").warnings())
        .containsExactly(
            "file '%s' says StatusCode PartialData: points may be missing".formatted(file()),
            "file '%s' has a NextToken: it is one page, and points of further pages are missing"
                .formatted(file()));
  }

  @Test
  void readsAPercentile() throws IOException {
    RecordedSeries series =
        read(
            """
            {"Datapoints": [
              {"Timestamp": "2026-02-01T00:00:00Z", "ExtendedStatistics": {"p99": 7.5}, "Unit": "Percent"}]}
            """);
    assertThat(series.rows()).singleElement().returns(7.5, RecordedSeries.Row::value);
  }

  @Test
  void saysThatThereIsNothing() throws IOException {
    assertThat(read("{\"Label\": \"CPUUtilization\", \"Datapoints\": []}").warnings())
        .containsExactly(
            "file '%s' has no data points: check the namespace, dimensions and period of the request"
                .formatted(file()));
  }

  @Test
  void asksForOneSeries() {
    refused(
        """
        {"MetricDataResults": [
          {"Id": "m1", "Label": "CPU", "Timestamps": ["2026-02-01T00:00:00Z"], "Values": [1]},
          {"Id": "m2", "Label": "Disk", "Timestamps": ["2026-02-01T00:00:00Z"], "Values": [2]}]}
        """,
        "has 2 metrics, 'm1' (CPU), 'm2' (Disk): request one");
    refused(
        "{\"Datapoints\": [{\"Timestamp\": 1769904000, \"Average\": 1, \"Maximum\": 2}]}",
        "has the statistics Average, Maximum: request one with --statistics");
    refused(
        """
        {"Datapoints": [{"Timestamp": 1769904000, "Average": 1, "Unit": "Percent"},
                        {"Timestamp": 1769904000, "Average": 1, "Unit": "Bytes"}]}
        """,
        "has the units Bytes, Percent: request one with --unit");
  }

  @Test
  void refusesWhatIsNotAnAnswer() {
    refused("{\"a.csv\": []}", "is JSON without 'MetricDataResults' or 'Datapoints'");
    refused("[1]", "is JSON without 'MetricDataResults' or 'Datapoints'");
    refused("{\"Datapoints\": [", "is not JSON: ", "line 1");
    refused(
        "{\"MetricDataResults\": [{\"Id\": \"m1\", \"Timestamps\": [1769904000], \"Values\": []}]}",
        "has 1 Timestamps and 0 Values of 'm1'");
    refused(
        "{\"Datapoints\": [{\"Timestamp\": \"soon\", \"Average\": 1}]}",
        "has \"soon\" as the timestamp of point 1: use 2026-02-19 11:27:43");
    refused(
        "{\"Datapoints\": [{\"Timestamp\": 1769904000, \"Average\": \"high\"}]}",
        "has \"high\" as the value of point 1: it must be a number");
  }

  private Path file() {
    return folder.resolve("in.json");
  }

  private RecordedSeries read(String text) throws IOException {
    return RecordedSeries.read(Files.writeString(file(), text));
  }

  private void refused(String text, String... parts) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("file '%s'".formatted(file()))
        .hasMessageContainingAll(parts);
  }
}
