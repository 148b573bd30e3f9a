package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.inframetrics.pipeline.collect.CollectMetrics;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.SinkFailure;
import io.inframetrics.pipeline.health.CheckPipelineHealth.Branch;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One branch of the collection in the workflow's state: what {@code collect} answered, or that the
 * branch failed ({@code metric_type}, {@code status} {@value #FAILED} and {@code error}).
 *
 * @param metricType that the branch collects
 * @param observedAt ISO-8601 instant; null if it failed
 * @param status {@code COLLECTED}, {@code PARTIAL} or {@value #FAILED}
 * @param objects the raw files
 * @param sinkFailures what could not be done
 * @param error why it failed
 */
public record Collection(
    @JsonProperty("metric_type") @Nullable String metricType,
    @JsonProperty("observed_at") @Nullable String observedAt,
    @JsonProperty("status") @Nullable String status,
    @JsonProperty("objects") @Nullable List<RawObject> objects,
    @JsonProperty("sink_failures") @Nullable List<SinkFailureItem> sinkFailures,
    @JsonProperty("error") @Nullable StateError error) {

  /** The status of a branch that failed. */
  public static final String FAILED = "FAILED";

  String type() {
    return metricType == null ? "unknown" : metricType;
  }

  boolean failed() {
    return FAILED.equals(status) || error != null;
  }

  @Nullable Instant observed() {
    return Payloads.instant("observed_at", observedAt);
  }

  List<CollectedObject> rawFiles() {
    return Payloads.list(objects).stream()
        .map(
            object ->
                new CollectedObject(
                    Payloads.required("the key of an object", object.key()),
                    Objects.requireNonNullElse(object.metricType(), type()),
                    object.metricCount()))
        .toList();
  }

  Branch toBranch() {
    return new Branch(
        type(),
        failed() ? List.of() : rawFiles(),
        CollectMetrics.Status.PARTIAL.name().equals(status),
        Payloads.list(sinkFailures).stream()
            .map(
                failure ->
                    new SinkFailure(
                        Objects.requireNonNullElse(failure.sink(), "unknown"),
                        Objects.requireNonNullElse(failure.reason(), "no reason given")))
            .toList(),
        failed() ? errorText() : null);
  }

  private String errorText() {
    return error == null ? "no error given" : error.text();
  }
}
