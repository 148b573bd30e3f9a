package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * A raw file in a payload.
 *
 * @param key of the file
 * @param metricType of everything in it
 * @param metricCount accepted observations in it
 */
@JsonPropertyOrder({"key", "metric_type", "metric_count"})
public record RawObject(
    @JsonProperty("key") @Nullable String key,
    @JsonProperty("metric_type") @Nullable String metricType,
    @JsonProperty("metric_count") long metricCount) {}
