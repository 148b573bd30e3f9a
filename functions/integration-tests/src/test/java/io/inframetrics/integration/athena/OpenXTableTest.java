package io.inframetrics.integration.athena;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.inframetrics.integration.athena.OpenXTable.Read;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The saved queries over rows that Trino's own deserializer reads. */
@Tag("soak")
class OpenXTableTest {

  private static final Instant NOW = ProcessedFiles.NOW;

  /** Files of random lines in one processing; each has up to {@link #LINES} of them. */
  private static final int FILES = 30;

  private static final int LINES = 60;

  private final SavedQueries queries;
  private OpenXTable table;

  OpenXTableTest() throws IOException, SQLException {
    queries = new SavedQueries(NOW);
  }

  @BeforeEach
  void findJava() throws IOException {
    Optional<Path> java = OpenXTable.java();
    assumeTrue(java.isPresent(), "Trino's classes need a JDK 25, and none is installed");
    table = new OpenXTable(java.get(), queries);
  }

  @AfterEach
  void close() throws SQLException {
    queries.close();
  }

  @Test
  void readsOddLinesAsTheRecordsSay() throws SQLException {
    List<OddLines> all =
        Stream.concat(OddLines.reported().stream(), OddLines.neighbours().stream()).toList();
    // All at once, since a start of the reader takes seconds: a day's name tells its case, too.
    SortedMap<String, byte[]> copies = new TreeMap<>();
    for (int i = 0; i < all.size(); i++) {
      for (Map.Entry<String, byte[]> day : all.get(i).processed().copiesByDay().entrySet()) {
        copies.put("%03d %s".formatted(i, day.getKey()), day.getValue());
      }
    }
    List<Row> rows = table.rows(copies);
    for (int i = 0; i < all.size(); i++) {
      String number = "%03d ".formatted(i);
      List<Row> ofCase =
          rows.stream()
              .filter(row -> row.day().startsWith(number))
              .map(row -> new Row(row.values(), row.day().substring(number.length())))
              .toList();
      ProcessedFiles files = all.get(i).processed();
      assertThat(Row.kept(ofCase)).as(all.get(i).name()).isEqualTo(Row.ofRecords(files.records()));
      assertThat(queries.answers(ofCase))
          .as(all.get(i).name())
          .isEqualTo(ExpectedAnswers.of(files.records(), NOW));
    }
  }

  @Test
  void wouldFailOverRawFiles() {
    List<Read> read =
        table.read(
            String.join(
                    "\n",
                    OddLines.line("cpu_utilization", "'value':[1]"),
                    OddLines.line("cpu_utilization", "'value':{'avg':1}"),
                    OddLines.line("cpu_utilization", "'dimensions':[]"),
                    OddLines.line("cpu_utilization", "'dimensions':'x'"))
                .getBytes(UTF_8));

    assertThat(read).hasSize(4).allSatisfy(line -> assertThat(line.error()).isNotBlank());
  }

  @Test
  void readsRandomLinesAsTheRecordsSay() throws SQLException {
    long seed = Long.getLong("inframetrics.soak.seed", System.nanoTime());
    System.out.println("-Dinframetrics.soak.seed=" + seed);
    RandomLines random = new RandomLines(new Random(seed));
    ProcessedFiles files = new ProcessedFiles();
    int lines = 0;
    for (int i = 0; i < FILES; i++) {
      Instant observedAt = NOW.minus(Duration.ofHours(3L * i));
      String type = random.type();
      List<String> ofFile = random.lines(type, observedAt, LINES);
      lines += ofFile.size();
      files.process(ProcessedFiles.key(type, observedAt), String.join("\n", ofFile));
    }
    System.out.printf("%d random lines, %d records%n", lines, files.records().size());

    List<Row> rows = table.rows(files.copiesByDay());

    assertThat(files.records()).hasSizeGreaterThan(lines / 10).hasSizeLessThan(lines);
    assertThat(Row.kept(rows)).isEqualTo(Row.ofRecords(files.records()));
    assertThat(queries.answers(rows)).isEqualTo(ExpectedAnswers.of(files.records(), NOW));
  }
}
