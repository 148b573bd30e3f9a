package io.inframetrics.sink.cloudwatch;

import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;

/**
 * A CloudWatch metric: its name and exact dimensions.
 *
 * @param id for people: a series id, or a type for a fleet
 * @param bytes of name and dimensions in a request
 * @param refusal why it cannot be sent; null if it can
 */
record MetricIdentity(
    String name, List<Dimension> dimensions, String id, int bytes, @Nullable String refusal) {}
