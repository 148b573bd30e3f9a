package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.inframetrics.pipeline.health.CheckPipelineHealth;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request to {@code healthCheck}.
 *
 * @param attempt checks so far, 0 by default
 * @param maxAttempts checks in all, {@value CheckPipelineHealth#DEFAULT_MAX_ATTEMPTS} by default
 * @param collections what the branches answered, or how they failed
 */
public record HealthCheckRequest(
    @JsonProperty("run_id") @Nullable String runId,
    @JsonProperty("attempt") @Nullable Integer attempt,
    @JsonProperty("max_attempts") @Nullable Integer maxAttempts,
    @JsonProperty("collections") @Nullable List<@Nullable CollectResponse> collections)
    implements LogFields {

  @Override
  public Map<String, @Nullable String> logFields(String requestId) {
    return LogFields.ofRun(runId);
  }

  public CheckPipelineHealth.Request toCore() {
    return new CheckPipelineHealth.Request(
        Payloads.required("run_id", runId),
        Objects.requireNonNullElse(attempt, 0),
        Objects.requireNonNullElse(maxAttempts, CheckPipelineHealth.DEFAULT_MAX_ATTEMPTS),
        Payloads.elements("collections", collections).stream()
            .map(CollectResponse::toCore)
            .toList());
  }
}
