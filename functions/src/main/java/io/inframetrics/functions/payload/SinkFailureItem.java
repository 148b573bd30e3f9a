package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * Something in a payload that a run could not do.
 *
 * @param sink what failed
 * @param reason one sentence
 */
@JsonPropertyOrder({"sink", "reason"})
public record SinkFailureItem(
    @JsonProperty("sink") @Nullable String sink, @JsonProperty("reason") @Nullable String reason) {}
