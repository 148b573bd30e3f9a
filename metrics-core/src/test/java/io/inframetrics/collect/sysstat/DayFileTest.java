package io.inframetrics.collect.sysstat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DayFileTest {

  @TempDir private Path folder;

  private void files(String... names) throws IOException {
    for (String name : names) {
      Files.createFile(folder.resolve(name));
    }
  }

  private List<String> found(String since, String until) throws IOException {
    return DayFile.find(folder, Instant.parse(since), Instant.parse(until)).stream()
        .map(file -> file.name() + " " + file.date())
        .toList();
  }

  @Test
  void bothNeighboursOfAWindowCount() throws IOException {
    files("sa25", "sa26", "sa27", "sa28", "sa29", "sar27", "sa", "sa271", "sa27.tmp");
    assertThat(found("2026-11-27T10:00:00Z", "2026-11-27T11:00:00Z"))
        .containsExactly("sa26 2026-11-26", "sa27 2026-11-27", "sa28 2026-11-28");
  }

  @Test
  void bothWaysToNameFilesAndAllWaysToPackThem() throws IOException {
    files("sa20261126", "sa20261127.xz", "sa28.bz2", "sa20251127", "sa27.gz");
    assertThat(found("2026-11-27T10:00:00Z", "2026-11-27T11:00:00Z"))
        .containsExactly(
            "sa20261126 2026-11-26",
            "sa20261127.xz 2026-11-27",
            "sa27.gz 2026-11-27",
            "sa28.bz2 2026-11-28");
    assertThat(
            DayFile.find(
                folder,
                Instant.parse("2026-11-27T10:00:00Z"),
                Instant.parse("2026-11-27T11:00:00Z")))
        .extracting(file -> file.unpacker().orElse("none"))
        .containsExactly("none", "xz", "gzip", "bzip2");
  }

  @Test
  void filesAreInTheOrderOfTheirDaysAcrossMonths() throws IOException {
    files("sa01", "sa02", "sa28", "sa30", "sa29");
    assertThat(found("2026-11-29T10:00:00Z", "2026-12-01T11:00:00Z"))
        .containsExactly(
            "sa28 2026-11-28",
            "sa29 2026-11-29",
            "sa30 2026-11-30",
            "sa01 2026-12-01",
            "sa02 2026-12-02");
  }

  @Test
  void ofTwoFilesOfADayTheOlderWasWrittenFirst() throws IOException {
    files("sa20261127", "sa27");
    Files.setLastModifiedTime(
        folder.resolve("sa27"), FileTime.from(Instant.parse("2026-11-27T12:00:00Z")));
    assertThat(found("2026-11-27T10:00:00Z", "2026-11-27T11:00:00Z"))
        .containsExactly("sa27 2026-11-27", "sa20261127 2026-11-27");
  }

  @Test
  void lastMonthsFileIsOfAnotherDate() {
    DayFile file = new DayFile(Path.of("sa26"), LocalDate.parse("2026-11-26"), Instant.EPOCH);
    assertThat(file.isOf(LocalDate.parse("2026-10-26"))).isFalse();
    assertThat(file.isOf(LocalDate.parse("2026-11-26"))).isTrue();
    assertThat(file.isOf(LocalDate.parse("2026-11-27"))).as("another time zone").isTrue();
  }
}
