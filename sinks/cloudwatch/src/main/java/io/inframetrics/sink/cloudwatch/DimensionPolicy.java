package io.inframetrics.sink.cloudwatch;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which CloudWatch metrics to create from observations; each costs 0.30 USD a metric-month. */
public enum DimensionPolicy {

  /** One metric per type, over all instances: the four built-in types stay within the free ten. */
  FLEET,

  /** One metric per series: dimensions {@code InstanceId}, {@code Region} and the series' own. */
  INSTANCE,

  BOTH;

  boolean hasFleet() {
    return this != INSTANCE;
  }

  boolean hasInstances() {
    return this != FLEET;
  }

  /**
   * Returns the policy for a configured name: {@code fleet}, {@code instance} or {@code both}.
   *
   * @throws IllegalArgumentException for any other name
   */
  public static DimensionPolicy ofName(String name) {
    return Arrays.stream(values())
        .filter(policy -> policy.configName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "dimension policy '%s' is not known: use one of %s"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(DimensionPolicy::configName)
                                .collect(Collectors.joining(", ")))));
  }

  private String configName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
