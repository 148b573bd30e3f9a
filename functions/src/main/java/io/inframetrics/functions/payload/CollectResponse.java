package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.inframetrics.pipeline.collect.CollectMetrics;
import java.util.List;

/**
 * What {@code collect} answers: keys and counts, never observations, so that the workflow's state
 * stays small.
 *
 * @param metricType as requested
 * @param runId of the run
 * @param observedAt ISO-8601 instant
 * @param status {@code COLLECTED} or {@code PARTIAL}
 * @param metricCount accepted observations
 * @param objects the raw files
 * @param sinkFailures what could not be done
 */
@JsonPropertyOrder({
  "metric_type",
  "run_id",
  "observed_at",
  "status",
  "metric_count",
  "objects",
  "sink_failures"
})
public record CollectResponse(
    @JsonProperty("metric_type") String metricType,
    @JsonProperty("run_id") String runId,
    @JsonProperty("observed_at") String observedAt,
    @JsonProperty("status") String status,
    @JsonProperty("metric_count") long metricCount,
    @JsonProperty("objects") List<RawObject> objects,
    @JsonProperty("sink_failures") List<SinkFailureItem> sinkFailures) {

  public static CollectResponse of(CollectMetrics.Result result) {
    return new CollectResponse(
        result.metricType(),
        result.run().runId(),
        result.run().observedAt().toString(),
        result.status().name(),
        result.metricCount(),
        result.objects().stream()
            .map(object -> new RawObject(object.key(), object.metricType(), object.metricCount()))
            .toList(),
        result.sinkFailures().stream()
            .map(failure -> new SinkFailureItem(failure.sink(), failure.reason()))
            .toList());
  }
}
