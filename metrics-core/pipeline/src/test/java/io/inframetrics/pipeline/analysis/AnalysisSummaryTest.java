package io.inframetrics.pipeline.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.text.Texts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnalysisSummaryTest {

  private static final int LIMIT = AnalysisSettings.SUMMARY_LIMIT;

  @Test
  void keepsATextOfExactlyItsLimit() {
    // "head\n", the finding, "\nfoot": 10 bytes around it.
    String finding = "x".repeat(LIMIT - 10);

    String text = AnalysisSummary.fit("head", List.of(finding), 1, List.of("foot"), LIMIT);

    assertThat(text).hasSize(LIMIT).isEqualTo("head\n" + finding + "\nfoot");
  }

  @Test
  void leavesOutAFindingForOneByteTooMuch() {
    String finding = "x".repeat(LIMIT - 9);

    assertThat(AnalysisSummary.fit("head", List.of(finding), 1, List.of("foot"), LIMIT))
        .isEqualTo("head\nand 1 more in the report\nfoot");
  }

  @Test
  void countsBytesAndNotCharacters() {
    String finding = "\u20ac".repeat((LIMIT - 10) / 3 + 1);

    assertThat(finding.length()).isLessThan(LIMIT);
    assertThat(AnalysisSummary.fit("head", List.of(finding), 1, List.of("foot"), LIMIT))
        .isEqualTo("head\nand 1 more in the report\nfoot");
  }

  @Test
  void keepsTheWorstFindings() {
    List<String> findings = List.of("a".repeat(100), "b".repeat(100), "c".repeat(100));

    assertThat(AnalysisSummary.fit("head", findings, 5, List.of("foot"), 256))
        .isEqualTo(
            "head\n"
                + "a".repeat(100)
                + "\n"
                + "b".repeat(100)
                + "\nand 3 more in the report\nfoot");
  }

  @Test
  void cutsBetweenCharactersWhereNothingElseHelps() {
    String text = AnalysisSummary.fit("\uD83D\uDE00".repeat(100), List.of(), 0, List.of(), 256);

    assertThat(text).isEqualTo("\uD83D\uDE00".repeat(63) + "...");
    assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSize(255);
  }

  @Test
  void makesOneLineOfWhatComesFromOutside() {
    assertThat(Texts.oneLine(" a\r\n\tb\u2028c\u0000 ")).isEqualTo("a b c");
    assertThat(AnalysisSummary.cut("x".repeat(100))).hasSize(100).endsWith("x");
    assertThat(AnalysisSummary.cut("x".repeat(101))).hasSize(100).endsWith("x...");
  }
}
