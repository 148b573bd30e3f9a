package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.inframetrics.detect.Finding;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import java.util.List;
import java.util.Locale;

/**
 * What {@code analyze} answers; below 8 KB.
 *
 * @param analysis that was asked for
 * @param findings the worst, worst first
 * @param reportKey of the report that has all of them
 * @param summary for people
 */
@JsonPropertyOrder({"analysis", "findings", "report_key", "summary"})
public record AnalyzeResponse(
    @JsonProperty("analysis") String analysis,
    @JsonProperty("findings") List<FindingItem> findings,
    @JsonProperty("report_key") String reportKey,
    @JsonProperty("summary") String summary) {

  public static AnalyzeResponse of(AnalyzeMetrics.Result result) {
    return new AnalyzeResponse(
        result.analysis(),
        result.findings().stream().map(FindingItem::of).toList(),
        result.reportKey(),
        result.summary());
  }

  /**
   * What travels of a finding in the workflow's state; the report has the rest.
   *
   * @param seriesId what it is about
   * @param detector what found it
   * @param severity how soon to look
   * @param state {@code new} or {@code still}
   * @param start ISO-8601 instant
   * @param value that the reason speaks of
   * @param unit of the value
   * @param reason in words
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
