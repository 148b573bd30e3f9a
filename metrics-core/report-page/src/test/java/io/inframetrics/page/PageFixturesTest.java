package io.inframetrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.testkit.memory.InMemoryDocuments;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The runs are what their names say, so that what is tested of their pages is tested of that. */
class PageFixturesTest {

  @Test
  @Tag("soak")
  void theDegradedRunHasFindingsOfEveryKindAndAFailedBranch() {
    PageFixtures.Run run = PageFixtures.degraded();

    assertThat(report(run))
        .contains("\"status\":\"DEGRADED\"", "\"severity\":\"critical\"", "\"new_findings\":2")
        .contains("\"threshold\"", "\"forecast\"", "\"anomaly\"", "\"stale\"")
        .contains(PageFixtures.MARKUP_CAUSE.replace("\"", "\\\""));
    assertThat(run.stores().documents().text(key(run, "anomalies")))
        .contains("\"state\":\"STILL\"", "\"state\":\"NEW\"", PageFixtures.MARKUP_REGION);
    assertThat(run.page()).endsWith("</html>\n");
  }

  @Test
  void theHealthyRunHasNoFinding() {
    PageFixtures.Run run = PageFixtures.healthy();

    assertThat(report(run))
        .contains("\"status\":\"HEALTHY\"", "\"findings\":[]", "\"series_read\":8");
    assertThat(run.page()).endsWith("</html>\n");
  }

  @Test
  void theSmallRunsHaveNothingToJudge() {
    PageFixtures.Run first = PageFixtures.first();
    PageFixtures.Run empty = PageFixtures.empty();
    PageFixtures.Run failed = PageFixtures.failed();

    assertThat(report(first)).contains("\"findings\":[]", "\"series_read\":4");
    assertThat(report(empty)).contains("\"findings\":[]", "\"series_read\":0");
    assertThat(failed.stores().documents().keys()).isEmpty();
    for (PageFixtures.Run run : List.of(first, empty, failed)) {
      assertThat(run.page()).endsWith("</html>\n");
    }
  }

  @Test
  void aPageDoesNotGrowWithTheHistory() {
    String day = PageFixtures.fleetOf(1, 240).page();
    String fiveDays = PageFixtures.fleetOf(1, 1_500).page();
    String twoWeeks = PageFixtures.fleetOf(1, 4_000).page();

    assertThat((double) twoWeeks.length() / day.length()).isBetween(0.95, 1.05);
    // The lowest beside the highest value of a column is all that comes with more points.
    assertThat((double) charts(twoWeeks) / charts(day)).isLessThan(2);
    assertThat((double) charts(twoWeeks) / charts(fiveDays)).isBetween(0.98, 1.02);
  }

  private static int charts(String page) {
    int start = page.indexOf("id=\"charts\"");
    return page.indexOf("</script>", start) - start;
  }

  private static String report(PageFixtures.Run run) {
    InMemoryDocuments documents = run.stores().documents();
    return documents.text(String.valueOf(run.request().reportKey()));
  }

  private static String key(PageFixtures.Run run, String analysis) {
    return AnalyzeMetrics.reportKey(analysis, run.request().runId(), PageFixtures.NOW);
  }
}
