package io.inframetrics.sink.cloudwatch;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which CloudWatch metrics are made of the observations; each costs 0.30 USD a metric-month. */
public enum DimensionPolicy {

  /** One metric a type, over all instances: the four built-in types stay within the free ten. */
  FLEET,

  /** One metric a series: dimensions {@code InstanceId}, {@code Region} and the series' own. */
  INSTANCE,

  /** Both: the fleet's metric and one for each series. */
  BOTH;

  boolean hasFleet() {
    return this != INSTANCE;
  }

  boolean hasInstances() {
    return this != FLEET;
  }

  /**
   * The policy of that name, as configuration has it: {@code fleet}, {@code instance} or {@code
   * both}.
   *
   * @throws IllegalArgumentException if there is none
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
