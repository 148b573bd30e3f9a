package io.inframetrics.sink.cloudwatch;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is published, and where to.
 *
 * @param namespace of every metric: 1 to 255 letters, digits, {@code . - _ / # :} and spaces, not
 *     starting with a colon, a space or {@code AWS/}
 * @param seriesBudget most series of one type that one run may publish under {@link
 *     DimensionPolicy#INSTANCE} or {@link DimensionPolicy#BOTH}; if there are more, none of them is
 *     published; at least 1
 * @param dimensions of every metric beside its own, such as the stack's name, so that two stacks of
 *     one account do not mix: at most {@value #MAX_FIXED_DIMENSIONS}; copied
 */
public record CloudWatchSettings(
    String namespace,
    DimensionPolicy policy,
    int seriesBudget,
    SortedMap<String, String> dimensions) {

  /** Default budget for the series of one type: 30 USD a month at most, for each type. */
  public static final int DEFAULT_SERIES_BUDGET = 100;

  /** A series needs two of the 30 dimensions for its instance and region. */
  public static final int MAX_FIXED_DIMENSIONS = Limits.MAX_DIMENSIONS - 2;

  // The characters are those that MetricDatum and the concepts guide name.
  private static final Pattern NAMESPACE =
      Pattern.compile("[A-Za-z0-9._/#-][A-Za-z0-9._/#: -]{0," + (Limits.MAX_NAME_LENGTH - 1) + "}");

  public CloudWatchSettings {
    if (!NAMESPACE.matcher(namespace).matches() || namespace.startsWith("AWS/")) {
      throw new IllegalArgumentException(
          "namespace '%s' is not valid: use 1 to %d letters, digits and . - _ / # : or space, not starting with ':', a space or 'AWS/'"
              .formatted(namespace, Limits.MAX_NAME_LENGTH));
    }
    if (seriesBudget < 1) {
      throw new IllegalArgumentException(
          "series budget is %d: use 1 or more, or the fleet policy to publish no series"
              .formatted(seriesBudget));
    }
    if (dimensions.size() > MAX_FIXED_DIMENSIONS) {
      throw new IllegalArgumentException(
          "there are %d fixed dimensions: use at most %d"
              .formatted(dimensions.size(), MAX_FIXED_DIMENSIONS));
    }
    dimensions = Collections.unmodifiableSortedMap(new TreeMap<>(dimensions));
    dimensions.forEach(CloudWatchSettings::check);
  }

  private static void check(String name, String value) {
    @Nullable String refusal = MetricIdentities.refusal(name, value);
    if (refusal != null) {
      throw new IllegalArgumentException("a fixed dimension is not valid: " + refusal);
    }
    if (name.equals(MetricIdentities.INSTANCE_ID) || name.equals(MetricIdentities.REGION)) {
      throw new IllegalArgumentException(
          "fixed dimension '%s' is set by the sink itself: use another name".formatted(name));
    }
  }

  /** Returns the default settings: the fleet's metrics, no further dimensions. */
  public static CloudWatchSettings of(String namespace) {
    return new CloudWatchSettings(
        namespace, DimensionPolicy.FLEET, DEFAULT_SERIES_BUDGET, Collections.emptySortedMap());
  }

  public CloudWatchSettings withPolicy(DimensionPolicy other) {
    return new CloudWatchSettings(namespace, other, seriesBudget, dimensions);
  }

  public CloudWatchSettings withSeriesBudget(int series) {
    return new CloudWatchSettings(namespace, policy, series, dimensions);
  }

  public CloudWatchSettings withDimensions(Map<String, String> fixed) {
    return new CloudWatchSettings(namespace, policy, seriesBudget, new TreeMap<>(fixed));
  }
}
