package io.inframetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.cli.input.UsageException;
import io.inframetrics.cli.series.RecordedStores.Recording;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordedFolderTest {

  @TempDir Path folder;

  private RecordedFolder read(String type) {
    return RecordedFolder.read(
        folder, type == null ? null : new MetricType(type), Clock.systemUTC());
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @ParameterizedTest
  @CsvSource({
    "web-1.csv,                  '',                    ,           value#web-1",
    "cpu_utilization/web-1.csv,  '',                    ,           cpu_utilization#web-1",
    "web-1/disk_usage.csv,       '',                    ,           disk_usage#web-1",
    "a/b/web-1.CSV,              '',                    ,           value#a/b/web-1",
    "memory_usage.csv,           '',                    ,           memory_usage#recorded",
    "web-1.csv,                  '',                    queue_depth, queue_depth#web-1",
    "cpu_utilization/web-1.csv,  '',                    queue_depth, queue_depth#cpu_utilization/web-1",
    "export.json,                i-0abc CPUUtilization, ,           cpu_utilization#i-0abc",
    "i-0abc.json,                CPUUtilization,        ,           cpu_utilization#i-0abc",
    "export.json,                NetworkIn,             ,           value#NetworkIn",
    "x.json,                     web-1 mem_used_percent, ,          memory_usage#web-1",
  })
  void aSeriesIsCalledWhatItsFileAndLabelSay(
      String file, String label, String type, String expected) {
    assertThat(
            RecordedFolder.series(Path.of(file), label, type == null ? null : new MetricType(type))
                .id())
        .isEqualTo(expected);
  }

  @Test
  void everyFileBelowTheFolderIsRead() throws IOException {
    write("cpu_utilization/web-1.csv", "timestamp,value\n1771500400,37.5\n1771500700,\n");
    write("network_traffic/web-1.csv", "1771500400,0.5\n1771500100,0.25\n");
    write(
        "export.json",
        """
        {"MetricDataResults":[
          {"Id":"m1","Label":"i-1 CPUUtilization","Timestamps":["2026-02-19T11:00:00+00:00"],"Values":[1]},
          {"Id":"m2","Label":"Sum","Timestamps":["2026-02-19T11:00:00+00:00"],"Values":[2]},
          {"Id":"m3","Label":"Sum","Timestamps":["2026-02-19T11:00:00+00:00"],"Values":[3]},
          {"Id":"m1","Label":"i-1 CPUUtilization","Timestamps":["2026-02-19T11:05:00+00:00"],"Values":[4]},
          {"Id":"m4","Label":"none","Timestamps":[],"Values":[]}],
         "NextToken":"more"}
        """);
    write("notes.txt", "not a series");

    RecordedFolder read = read(null);

    assertThat(read.recordings())
        .extracting(one -> one.series().id())
        .containsExactly(
            "cpu_utilization#i-1",
            "cpu_utilization#web-1",
            "network_traffic#web-1",
            "value#Sum m2",
            "value#Sum m3");
    assertThat(read.recordings().get(0).points())
        .extracting(Point::value)
        .containsExactly(1.0, 4.0);
    Recording network = read.recordings().get(2);
    assertThat(network.unit()).isEqualTo(MetricUnit.MEGABITS_PER_SECOND);
    assertThat(network.points()).extracting(Point::value).containsExactly(0.25, 0.5);
    assertThat(read.notes())
        .anyMatch(note -> note.contains("NextToken"))
        .anyMatch(note -> note.contains("not in the order of time"))
        .contains("file 'export.json' has no values of none");
  }

  @Test
  void whatCannotBeShownIsOneSentence() throws IOException {
    assertRefused("has no *.csv and no *.json files, and no day files of sysstat");
    write("a.csv", "1771500400,\n");
    assertRefused("has no values: file 'a.csv' has no values");
    write("b/disk_usage.csv", "1771500400,1\n");
    write("disk_usage/b.csv", "1771500400,1\n");
    assertRefused("is a second one of disk_usage#b: rename one of them");
    Files.delete(folder.resolve("disk_usage/b.csv"));
    write("a.csv", "1771500400,1\ntomorrow,1\n1771500700,2\n");
    assertRefused("a.csv");
    write("sa01", "");
    assertRefused("'" + folder + "'"); // By sadf, or because there is none.
  }

  private void assertRefused(String part) {
    assertThatThrownBy(() -> read(null))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(part)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void aSingleFileIsASeriesToo() throws IOException {
    write("web-1.csv", "1771500400,1\n");

    assertThat(
            RecordedFolder.read(folder.resolve("web-1.csv"), null, Clock.systemUTC()).recordings())
        .extracting(one -> one.series().id())
        .isEqualTo(List.of("value#web-1"));
  }
}
