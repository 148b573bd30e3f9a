package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.collect.CollectMetrics;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request to {@code collect}. Everything may be left out.
 *
 * @param metricType one type or {@code all}, the default
 * @param runId by default the Lambda request id
 * @param observedAt ISO-8601 instant, by default now
 * @param since ISO-8601 instant, by default where the last collection of the type ended
 */
public record CollectRequest(
    @JsonProperty("metric_type") @Nullable String metricType,
    @JsonProperty("run_id") @Nullable String runId,
    @JsonProperty("observed_at") @Nullable String observedAt,
    @JsonProperty("since") @Nullable String since)
    implements LogFields {

  @Override
  public Map<String, @Nullable String> logFields(String requestId) {
    Map<String, @Nullable String> fields = new HashMap<>();
    fields.put("run_id", runId == null ? requestId : runId);
    fields.put("metric_type", metricType == null ? MetricType.ALL : metricType);
    return fields;
  }

  /** {@code requestId} becomes the id of a run that has none of its own. */
  public CollectMetrics.Request toCore(String requestId) {
    return new CollectMetrics.Request(
        metricType,
        Objects.requireNonNullElse(runId, requestId),
        Payloads.instant("observed_at", observedAt),
        Payloads.instant("since", since));
  }
}
