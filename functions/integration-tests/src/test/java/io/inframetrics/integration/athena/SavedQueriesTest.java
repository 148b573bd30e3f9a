package io.inframetrics.integration.athena;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The saved queries over what {@code process} left of odd lines. */
class SavedQueriesTest {

  private static SavedQueries queries;

  @BeforeAll
  static void open() throws IOException, SQLException {
    queries = new SavedQueries(ProcessedFiles.NOW);
  }

  @AfterAll
  static void close() throws SQLException {
    queries.close();
  }

  static List<OddLines> reported() {
    return OddLines.reported();
  }

  static List<OddLines> neighbours() {
    return OddLines.neighbours();
  }

  @ParameterizedTest
  @MethodSource("reported")
  void answerWhatTheRecordsSay(OddLines odd) throws SQLException {
    ProcessedFiles files = odd.processed();

    assertThat(queries.answers(files.rows()))
        .isEqualTo(ExpectedAnswers.of(files.records(), ProcessedFiles.NOW))
        .allSatisfy((query, rows) -> assertThat(rows).as(query).isNotEmpty());
  }

  @ParameterizedTest
  @MethodSource("neighbours")
  void readWhatTheRecordsHave(OddLines odd) {
    ProcessedFiles files = odd.processed();

    assertThat(Row.kept(files.rows())).isEqualTo(Row.ofRecords(files.records()));
  }

  @Test
  void haveAMendedLineOnceAndTheBadOneNever() throws SQLException {
    OddLines odd =
        new OddLines(
            "an unknown unit",
            "cpu_utilization",
            List.of(OddLines.line("cpu_utilization", "'value':99,'unit':'Percents'")));
    ProcessedFiles files = odd.processed();
    int before = files.records().size();

    files.mend(
        ProcessedFiles.key("cpu_utilization", ProcessedFiles.NOW),
        OddLines.line("cpu_utilization", "'value':86.125"));

    assertThat(files.records()).hasSize(before + 1);
    assertThat(queries.answers(files.rows()))
        .isEqualTo(ExpectedAnswers.of(files.records(), ProcessedFiles.NOW));
    assertThat(queries.answers(files.rows()).get("High utilization"))
        .anySatisfy(row -> assertThat(row).contains("8.612500000e+01"))
        .noneSatisfy(row -> assertThat(row).contains("9.900000000e+01"));
  }
}
