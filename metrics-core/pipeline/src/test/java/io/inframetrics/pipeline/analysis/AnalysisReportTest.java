package io.inframetrics.pipeline.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class AnalysisReportTest {

  private static final Instant LATE = Instant.parse("2026-02-19T23:59:59Z");

  @Test
  void isKeptByTheDateOfTheObservation() {
    assertThat(AnalysisReport.key("forecast", "run-1", LATE))
        .isEqualTo("reports/2026/02/19/forecast-run-1.json");
    assertThat(AnalysisReport.key("forecast", "run-1", LATE.plusSeconds(1)))
        .isEqualTo("reports/2026/02/20/forecast-run-1.json");
  }

  @Test
  void tellsRunsApartWhoseNamesLookAlikeInAKey() {
    String slash = AnalysisReport.key("anomalies", "a/b", LATE);
    String colon = AnalysisReport.key("anomalies", "a:b", LATE);

    assertThat(slash).matches("reports/2026/02/19/anomalies-a_b-[0-9a-f]{8}\\.json");
    assertThat(colon).matches("reports/2026/02/19/anomalies-a_b-[0-9a-f]{8}\\.json");
    assertThat(slash).isNotEqualTo(colon);
  }

  @Test
  void staysShortAndInItsFolder() {
    assertThat(AnalysisReport.key("anomalies", "x".repeat(128), LATE))
        .matches("reports/2026/02/19/anomalies-x{80}-[0-9a-f]{8}\\.json");
    assertThat(AnalysisReport.key("anomalies", "../../etc", LATE))
        .startsWith("reports/2026/02/19/anomalies-.._.._etc-");
  }
}
