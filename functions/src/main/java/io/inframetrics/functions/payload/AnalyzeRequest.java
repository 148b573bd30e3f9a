package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to {@code analyze}.
 *
 * @param analysis {@code anomalies} or {@code forecast}
 * @param collections what the branches answered, or how they failed
 */
public record AnalyzeRequest(
    @JsonProperty("analysis") @Nullable String analysis,
    @JsonProperty("run_id") @Nullable String runId,
    @JsonProperty("collections") @Nullable List<@Nullable CollectResponse> collections)
    implements LogFields {

  @Override
  public Map<String, @Nullable String> logFields(String requestId) {
    return LogFields.ofRun(runId);
  }

  public AnalyzeMetrics.Request toCore() {
    return new AnalyzeMetrics.Request(
        analysis,
        runId,
        Payloads.elements("collections", collections).stream()
            .map(CollectResponse::toCore)
            .toList());
  }
}
