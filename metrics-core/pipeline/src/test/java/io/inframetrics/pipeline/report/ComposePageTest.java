package io.inframetrics.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.health.CheckPipelineHealth.Check;
import io.inframetrics.pipeline.report.ComposeReport.Health;
import io.inframetrics.pipeline.report.ComposeReport.Request;
import io.inframetrics.pipeline.report.ComposeReport.Result;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.memory.Faults;
import io.inframetrics.testkit.memory.InMemoryDocuments;
import io.inframetrics.testkit.memory.Operation;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page that the composing writes beside its report. */
class ComposePageTest {

  private static final Instant NOON = Instant.parse("2026-02-19T12:00:00Z");
  private static final String REPORT = "reports/2026/02/19/report-run-1.json";
  private static final String PAGE = "reports/2026/02/19/report-run-1.html";
  private static final String LINK = "https://console/" + PAGE;

  private final Faults faults = new Faults();
  private final InMemoryDocuments documents = new InMemoryDocuments(faults);
  private final ManualClock clock = ManualClock.at(NOON);
  private final List<Duration> left = new ArrayList<>();

  private final PageWriter writer =
      (runId, observedAt, reportKey, out, deadline) -> {
        left.add(deadline.remaining());
        assertThat(documents.text(reportKey)).as("written before").contains(LINK);
        try {
          out.write(("<!doctype html>" + runId + observedAt).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      };

  @Test
  void writesThePageAndLinksIt() {
    Result result = compose(writer);

    assertThat(result.summary()).endsWith("\n\nReport: " + REPORT + "\nPage: " + LINK);
    assertThat(documents.text(PAGE)).isEqualTo("<!doctype html>run-1" + NOON);
    assertThat(documents.text(REPORT)).isEqualTo(documents.text(ComposeReport.LATEST));
    assertThat(ComposeReport.pageKey("run-1", NOON)).isEqualTo(PAGE);
    assertThat(left).containsExactly(Duration.ofSeconds(55));
    assertThat(compose(writer)).isEqualTo(result);
  }

  @Test
  void notifiesWithoutAPageThatCannotBeWritten() {
    Result result =
        compose(
            (runId, observedAt, reportKey, out, deadline) -> {
              throw new IllegalStateException("no template\nat all");
            });

    assertThat(result.summary())
        .endsWith(
            "\nReport: "
                + REPORT
                + "\nThis run has no page: IllegalStateException: no template at all")
        .doesNotContain(LINK);
    assertThat(documents.text(REPORT)).contains("This run has no page").doesNotContain(LINK);
    assertThat(documents.text(ComposeReport.LATEST)).isEqualTo(documents.text(REPORT));
    assertThat(documents.list("reports/", minute())).doesNotContain(PAGE);
  }

  @Test
  void notifiesWithoutAPageWhoseClassesAreMissing() {
    Result result =
        compose(
            (runId, observedAt, reportKey, out, deadline) -> {
              throw new NoClassDefFoundError("gg/jte/TemplateEngine");
            });

    assertThat(result.summary())
        .endsWith("This run has no page: NoClassDefFoundError: gg/jte/TemplateEngine");
  }

  @Test
  void notifiesWithoutAPageThatCannotBeStored() {
    for (Operation operation : List.of(Operation.DOCUMENT_CREATE, Operation.DOCUMENT_COMMIT)) {
      faults.passNext(1, operation); // The report.
      faults.failNext(1, operation);

      assertThat(compose(writer).summary())
          .endsWith("This run has no page: planned failure of " + operation);
    }
    assertThat(compose(writer).summary()).endsWith("Page: " + LINK);
  }

  @Test
  void keepsTheLimitOfTheSummary() {
    String reason = "\u4e2d".repeat(3_000);
    Result result =
        compose(
            (runId, observedAt, reportKey, out, deadline) -> {
              throw new RetryableFailureException(reason);
            });

    assertThat(result.summary().getBytes(StandardCharsets.UTF_8).length).isLessThan(4_096);
    assertThat(result.summary())
        .contains("This run has no page: \u4e2d\u4e2d")
        .contains("as found");
  }

  @Test
  void keepsWhatTheHealthCheckFoundForThePage() {
    compose(writer);

    assertThat(documents.text(REPORT))
        .contains(
            "\"health\":{\"status\":\"DEGRADED\",\"expected\":4,\"processed\":3,"
                + "\"missing\":[\"raw-metrics/x\"],\"failed_branches\":[\"disk_usage\"],"
                + "\"checks\":[{\"name\":\"files\",\"ok\":false,\"detail\":\"3 of 4\"}]}");
  }

  @Test
  void keepsTheStatusWhereNothingElseIsKnown() {
    new ComposeReport(documents, AnalysisSettings.DEFAULTS, clock)
        .compose(new Request("run-1", NOON, "HEALTHY", "s", "s", List.of()), minute());

    assertThat(documents.text(REPORT)).contains("\"health\":{\"status\":\"HEALTHY\"},");
    assertThat(documents.list("reports/", minute())).doesNotContain(PAGE);
  }

  private Result compose(PageWriter pages) {
    Health health =
        new Health(
            4,
            3,
            List.of("raw-metrics/x"),
            List.of("disk_usage"),
            List.of(new Check("files", false, "3 of 4")));
    Request request =
        new Request("run-1", NOON, "DEGRADED", "subject", "as found", health, List.of());
    return new ComposeReport(documents, AnalysisSettings.DEFAULTS, clock)
        .withPage(pages, key -> "https://console/" + key)
        .compose(request, minute());
  }

  private Deadline minute() {
    return Deadline.after(Duration.ofMinutes(1), clock);
  }
}
