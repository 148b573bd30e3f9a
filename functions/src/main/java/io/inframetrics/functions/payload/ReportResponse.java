package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.inframetrics.pipeline.report.ComposeReport;

/**
 * The answer of {@code analyze} to a report: what people are notified of.
 *
 * @param severity {@code none}, {@code info}, {@code warning} or {@code critical}
 * @param changed {@code true} or {@code false}, as text, because it becomes a message attribute
 */
@JsonPropertyOrder({"subject", "summary", "severity", "changed", "new_findings", "report_key"})
public record ReportResponse(
    @JsonProperty("subject") String subject,
    @JsonProperty("summary") String summary,
    @JsonProperty("severity") String severity,
    @JsonProperty("changed") String changed,
    @JsonProperty("new_findings") long newFindings,
    @JsonProperty("report_key") String reportKey)
    implements AnalyzeAnswer {

  public static ReportResponse of(ComposeReport.Result result) {
    return new ReportResponse(
        result.subject(),
        result.summary(),
        result.severityWord(),
        Boolean.toString(result.changed()),
        result.newFindings(),
        result.reportKey());
  }
}
