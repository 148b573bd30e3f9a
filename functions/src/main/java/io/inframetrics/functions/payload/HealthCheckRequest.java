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
 * @param droppedFiles files of others that are not processed, where that is known; none by default
 */
public record HealthCheckRequest(
    @JsonProperty("run_id") @Nullable String runId,
    @JsonProperty("attempt") @Nullable Integer attempt,
    @JsonProperty("max_attempts") @Nullable Integer maxAttempts,
    @JsonProperty("collections") @Nullable List<@Nullable CollectResponse> collections,
    @JsonProperty("dropped_files") @Nullable List<@Nullable DroppedFile> droppedFiles)
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
            .toList(),
        droppedFiles == null
            ? List.of()
            : Payloads.elements("dropped_files", droppedFiles).stream()
                .map(DroppedFile::toCore)
                .toList());
  }

  /** A raw file that is not of the run, and why it is not processed, or not all of it. */
  public record DroppedFile(
      @JsonProperty("key") @Nullable String key, @JsonProperty("reason") @Nullable String reason) {

    CheckPipelineHealth.DroppedFile toCore() {
      return new CheckPipelineHealth.DroppedFile(
          Payloads.required("key", key), Objects.requireNonNullElse(reason, "unknown"));
    }
  }
}
