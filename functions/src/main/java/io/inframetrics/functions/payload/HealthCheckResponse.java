package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.inframetrics.pipeline.health.CheckPipelineHealth;
import java.util.List;

/**
 * What {@code healthCheck} answers.
 *
 * @param status {@code HEALTHY}, {@code DEGRADED}, {@code PENDING} or {@code UNHEALTHY}
 * @param attempt looks so far, this one included
 * @param waitSeconds until the next look
 * @param expected raw files that were written
 * @param processed those that are processed
 * @param missing keys of those that are not
 * @param failedBranches types whose branch failed
 * @param checks what was checked
 * @param subject for a notification
 * @param summary for people
 */
@JsonPropertyOrder({
  "status",
  "attempt",
  "wait_seconds",
  "expected",
  "processed",
  "missing",
  "failed_branches",
  "checks",
  "subject",
  "summary"
})
public record HealthCheckResponse(
    @JsonProperty("status") String status,
    @JsonProperty("attempt") int attempt,
    @JsonProperty("wait_seconds") long waitSeconds,
    @JsonProperty("expected") int expected,
    @JsonProperty("processed") int processed,
    @JsonProperty("missing") List<String> missing,
    @JsonProperty("failed_branches") List<String> failedBranches,
    @JsonProperty("checks") List<Check> checks,
    @JsonProperty("subject") String subject,
    @JsonProperty("summary") String summary) {

  public static HealthCheckResponse of(CheckPipelineHealth.Result result) {
    return new HealthCheckResponse(
        result.status().name(),
        result.attempt(),
        result.waitSeconds(),
        result.expected(),
        result.processed(),
        result.missing(),
        result.failedBranches(),
        result.checks().stream()
            .map(check -> new Check(check.name(), check.ok(), check.detail()))
            .toList(),
        result.subject(),
        result.summary());
  }

  /** One thing that was checked. */
  @JsonPropertyOrder({"name", "ok", "detail"})
  public record Check(
      @JsonProperty("name") String name,
      @JsonProperty("ok") boolean ok,
      @JsonProperty("detail") String detail) {}
}
