package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.collect.CollectMetrics;
import io.inframetrics.pipeline.collect.CollectMetrics.ReadyMetric;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request to {@code collect}. Everything may be left out.
 *
 * @param metricType one type or {@code all}, the default
 * @param runId by default the Lambda request id
 * @param observedAt ISO-8601 instant, by default now
 * @param since ISO-8601 instant, by default where the last collection of the type ended
 * @param metrics observations to store in place of those of the collectors, as in a raw file; one
 *     without {@code metric_type} has that of the request
 */
public record CollectRequest(
    @JsonProperty("metric_type") @Nullable String metricType,
    @JsonProperty("run_id") @Nullable String runId,
    @JsonProperty("observed_at") @Nullable String observedAt,
    @JsonProperty("since") @Nullable String since,
    @JsonProperty("metrics") @Nullable List<@Nullable JsonNode> metrics)
    implements LogFields {

  private static final String METRIC_TYPE = "metric_type";

  @Override
  public Map<String, @Nullable String> logFields(String requestId) {
    Map<String, @Nullable String> fields = new HashMap<>();
    fields.put("run_id", runId == null ? requestId : runId);
    fields.put(METRIC_TYPE, metricType == null ? MetricType.ALL : metricType);
    return fields;
  }

  /** {@code requestId} becomes the id of a run that has none of its own. */
  public CollectMetrics.Request toCore(String requestId) {
    return new CollectMetrics.Request(
        metricType,
        Objects.requireNonNullElse(runId, requestId),
        Payloads.instant("observed_at", observedAt),
        Payloads.instant("since", since),
        metrics == null ? null : metrics.stream().map(this::ready).toList());
  }

  private ReadyMetric ready(@Nullable JsonNode metric) {
    String own = metricType == null || metricType.equals(MetricType.ALL) ? null : metricType;
    if (metric instanceof ObjectNode object) {
      if (object.has(METRIC_TYPE)) {
        return new ReadyMetric(object.get(METRIC_TYPE).asString(""), object.toString());
      }
      if (own != null) {
        return new ReadyMetric(own, object.deepCopy().put(METRIC_TYPE, own).toString());
      }
    }
    return new ReadyMetric(own, String.valueOf(metric));
  }
}
