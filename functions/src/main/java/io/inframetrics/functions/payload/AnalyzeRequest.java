package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.health.CheckPipelineHealth;
import io.inframetrics.pipeline.report.ComposeReport;
import io.inframetrics.text.Texts;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request to {@code analyze}.
 *
 * @param analysis {@code anomalies}, {@code forecast} or {@code report}
 * @param collections what the branches answered, or how they failed; not for a report
 * @param observedAt ISO-8601 instant; this and the others only for a report
 * @param health what {@code healthCheck} answered
 * @param analyses what the analyses answered, or how they failed
 */
public record AnalyzeRequest(
    @JsonProperty("analysis") @Nullable String analysis,
    @JsonProperty("run_id") @Nullable String runId,
    @JsonProperty("collections") @Nullable List<@Nullable CollectResponse> collections,
    @JsonProperty("observed_at") @Nullable String observedAt,
    @JsonProperty("health") @Nullable Health health,
    @JsonProperty("analyses") @Nullable List<@Nullable Analysis> analyses)
    implements LogFields {

  @Override
  public Map<String, @Nullable String> logFields(String requestId) {
    return LogFields.ofRun(runId);
  }

  public boolean isReport() {
    return ComposeReport.REPORT.equals(analysis);
  }

  public AnalyzeMetrics.Request toCore() {
    return new AnalyzeMetrics.Request(
        analysis,
        runId,
        Payloads.elements("collections", collections).stream()
            .map(CollectResponse::toCore)
            .toList());
  }

  /** The request if it {@link #isReport}. */
  public ComposeReport.Request toReport() {
    Health checked = Payloads.required("health", health);
    return new ComposeReport.Request(
        Payloads.required("run_id", runId),
        Payloads.required("observed_at", Payloads.instant("observed_at", observedAt)),
        Payloads.required("health.status", checked.status),
        Payloads.required("health.subject", checked.subject),
        Payloads.required("health.summary", checked.summary),
        checked.toCore(),
        Payloads.elements("analyses", analyses).stream().map(Analysis::toCore).toList());
  }

  /**
   * The part of the health check's answer that a report needs; the state machines of earlier
   * versions, and others', may leave out all but the first three.
   */
  public record Health(
      @JsonProperty("status") @Nullable String status,
      @JsonProperty("subject") @Nullable String subject,
      @JsonProperty("summary") @Nullable String summary,
      @JsonProperty("expected") @Nullable Integer expected,
      @JsonProperty("processed") @Nullable Integer processed,
      @JsonProperty("missing") @Nullable List<@Nullable String> missing,
      @JsonProperty("failed_branches") @Nullable List<@Nullable String> failedBranches,
      @JsonProperty("checks") @Nullable List<HealthCheckResponse.@Nullable Check> checks) {

    private ComposeReport.@Nullable Health toCore() {
      return expected == null || processed == null
          ? null
          : new ComposeReport.Health(
              expected,
              processed,
              known("missing", missing),
              known("failed_branches", failedBranches),
              known("checks", checks).stream()
                  .map(one -> new CheckPipelineHealth.Check(one.name(), one.ok(), one.detail()))
                  .toList());
    }

    private static <T> List<T> known(String name, @Nullable List<@Nullable T> elements) {
      return elements == null ? List.of() : Payloads.elements("health." + name, elements);
    }
  }

  /** The part of an analysis' answer that a report needs; without a report key, it failed. */
  public record Analysis(
      @JsonProperty("analysis") @Nullable String analysis,
      @JsonProperty("report_key") @Nullable String reportKey,
      @JsonProperty("summary") @Nullable String summary,
      @JsonProperty("error") @Nullable StateError error) {

    ComposeReport.Analysis toCore() {
      String name = Payloads.required("analyses[].analysis", analysis);
      return new ComposeReport.Analysis(
          name, Objects.requireNonNullElse(reportKey, ""), summary(name));
    }

    /** The state machine names only the class of an error; its message says what to do. */
    private String summary(String name) {
      if (summary == null) {
        return "%s failed: %s".formatted(name, error == null ? "" : error.text());
      }
      String message = error == null ? "" : error.message();
      return message.isBlank() ? summary : summary + " " + Texts.oneLine(message);
    }
  }
}
