package io.inframetrics.workflow.resource;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One call of a task's Resource.
 *
 * @param kind how the types of its events begin: {@code LambdaFunction}, {@code Activity} or {@code
 *     Task}
 * @param token completes the task from outside; null if its Resource has none
 * @param timeout null if there is none
 * @param heartbeat the longest time between two signs of life; null if there is none
 * @hidden
 */
public record TaskRequest(
    String resource,
    String kind,
    JsonNode input,
    @Nullable String token,
    @Nullable Duration timeout,
    @Nullable Duration heartbeat) {}
