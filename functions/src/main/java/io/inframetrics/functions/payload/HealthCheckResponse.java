package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.inframetrics.pipeline.health.CheckPipelineHealth;
import java.util.List;

/**
 * The answer of {@code healthCheck}.
 *
 * @param status {@code HEALTHY}, {@code DEGRADED}, {@code PENDING} or {@code UNHEALTHY}
 * @param attempt checks so far, including this one
 * @param waitSeconds until the next check
 * @param expected raw files that were written
 * @param processed those of them that are processed
 * @param missing keys of the others
 * @param failedBranches types whose branch failed
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

  @JsonPropertyOrder({"name", "ok", "detail"})
  public record Check(
      @JsonProperty("name") String name,
      @JsonProperty("ok") boolean ok,
      @JsonProperty("detail") String detail) {}
}
