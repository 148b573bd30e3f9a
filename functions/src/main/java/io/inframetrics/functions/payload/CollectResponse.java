package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.collect.CollectionResult.Failure;
import io.inframetrics.pipeline.collect.CollectionResult.Status;
import io.inframetrics.text.Texts;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code collect}: keys and counts, never observations, so that the workflow's state
 * stays small. It returns in the requests of {@code healthCheck} and {@code analyze}, where a
 * failed branch has only {@code metric_type}, {@code status} and {@code error}.
 *
 * @param observedAt ISO-8601 instant
 * @param status {@code COLLECTED}, {@code PARTIAL} or {@code FAILED}
 * @param metricCount accepted observations
 * @param notes at most three sentences, such as why there was nothing to collect; left out if none
 * @param nothingNew true if there is no object because earlier runs collected all that there is;
 *     left out if not
 * @param error why the branch failed; never in an answer
 */
@JsonPropertyOrder({
  "metric_type",
  "run_id",
  "observed_at",
  "status",
  "metric_count",
  "objects",
  "sink_failures",
  "notes",
  "nothing_new"
})
public record CollectResponse(
    @JsonProperty("metric_type") @Nullable String metricType,
    @JsonProperty("run_id") @Nullable String runId,
    @JsonProperty("observed_at") @Nullable String observedAt,
    @JsonProperty("status") @Nullable String status,
    @JsonProperty("metric_count") long metricCount,
    @JsonProperty("objects") @Nullable List<RawObject> objects,
    @JsonProperty("sink_failures") @Nullable List<SinkFailure> sinkFailures,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonProperty("notes")
        @Nullable List<@Nullable String> notes,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) @JsonProperty("nothing_new") boolean nothingNew,
    @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("error") @Nullable StateError error) {

  public static CollectResponse of(CollectionResult result) {
    return new CollectResponse(
        result.metricType(),
        result.runId(),
        String.valueOf(result.observedAt()),
        result.status().name(),
        result.metricCount(),
        result.objects().stream()
            .map(file -> new RawObject(file.key(), file.metricType().name(), file.metricCount()))
            .toList(),
        result.failures().stream()
            .map(failure -> new SinkFailure(failure.label(), failure.reason()))
            .toList(),
        result.notes(),
        result.nothingNew(),
        null);
  }

  CollectionResult toCore() {
    String type = Objects.requireNonNullElse(metricType, "unknown");
    if (error != null || Status.FAILED.name().equals(status)) {
      return CollectionResult.failed(type, error == null ? "no error given" : error.text());
    }
    return new CollectionResult(
        type,
        runId,
        Payloads.instant("observed_at", observedAt),
        null,
        Status.PARTIAL.name().equals(status) ? Status.PARTIAL : Status.COLLECTED,
        Payloads.list(objects).stream().map(object -> object.toCore(type)).toList(),
        Payloads.list(sinkFailures).stream().map(SinkFailure::toCore).toList(),
        Payloads.list(notes),
        nothingNew,
        null);
  }

  /**
   * A raw file in a payload.
   *
   * @param metricType of everything in it; that of the collection by default
   * @param metricCount accepted observations in it
   */
  @JsonPropertyOrder({"key", "metric_type", "metric_count"})
  public record RawObject(
      @JsonProperty("key") @Nullable String key,
      @JsonProperty("metric_type") @Nullable String metricType,
      @JsonProperty("metric_count") long metricCount) {

    private static final int MAX_NAME_LENGTH = 100;

    CollectedObject toCore(String typeOfAll) {
      String file = Payloads.required("the key of an object", key);
      String type = Objects.requireNonNullElse(metricType, typeOfAll);
      if (!MetricType.isValid(type)) {
        throw new InvalidRequestException(
            "metric type '%s' of object '%s' is not valid: give the type of the metrics in the object"
                .formatted(
                    Texts.oneLine(type, MAX_NAME_LENGTH), Texts.oneLine(file, MAX_NAME_LENGTH)));
      }
      return new CollectedObject(file, new MetricType(type), metricCount);
    }
  }

  /** A part of a run that failed; {@code reason} is one sentence. */
  @JsonPropertyOrder({"sink", "reason"})
  public record SinkFailure(
      @JsonProperty("sink") @Nullable String sink,
      @JsonProperty("reason") @Nullable String reason) {

    Failure toCore() {
      return Failure.ofLabel(
          Objects.requireNonNullElse(sink, "unknown"),
          Objects.requireNonNullElse(reason, "no reason given"));
    }
  }
}
