package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.inframetrics.detect.Finding;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import java.util.List;
import java.util.Locale;

/**
 * The answer of {@code analyze}; below 8 KB.
 *
 * @param findings the worst, worst first; the report has all of them
 */
@JsonPropertyOrder({"analysis", "findings", "report_key", "summary"})
public record AnalyzeResponse(
    @JsonProperty("analysis") String analysis,
    @JsonProperty("findings") List<FindingItem> findings,
    @JsonProperty("report_key") String reportKey,
    @JsonProperty("summary") String summary)
    implements AnalyzeAnswer {

  public static AnalyzeResponse of(AnalyzeMetrics.Result result) {
    return new AnalyzeResponse(
        result.analysis(),
        result.findings().stream().map(FindingItem::of).toList(),
        result.reportKey(),
        result.summary());
  }

  /**
   * The part of a finding that travels in the workflow's state; the report has the rest.
   *
   * @param state {@code new} or {@code still}
   * @param start ISO-8601 instant
   * @param value the value that the reason names, in {@code unit}
   */
  @JsonPropertyOrder({
    "series_id",
    "detector",
    "severity",
    "state",
    "start",
    "value",
    "unit",
    "reason"
  })
  public record FindingItem(
      @JsonProperty("series_id") String seriesId,
      @JsonProperty("detector") String detector,
      @JsonProperty("severity") String severity,
      @JsonProperty("state") String state,
      @JsonProperty("start") String start,
      @JsonProperty("value") double value,
      @JsonProperty("unit") String unit,
      @JsonProperty("reason") String reason) {

    static FindingItem of(TrackedFinding tracked) {
      Finding finding = tracked.finding();
      return new FindingItem(
          finding.series().id(),
          finding.detector(),
          finding.severity().name().toLowerCase(Locale.ROOT),
          tracked.state().name().toLowerCase(Locale.ROOT),
          finding.start().toString(),
          finding.value(),
          finding.unit().wireName(),
          finding.reason());
    }
  }
}
