package io.inframetrics.metric;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What kind of thing is measured, such as {@code cpu_utilization}. The name is part of raw file
 * names, DynamoDB keys and CloudWatch metrics, so few characters are allowed.
 *
 * @param name 1 to 64 characters of {@code [a-z0-9_]}, the first a letter; not {@value #ALL}
 */
public record MetricType(String name) implements Comparable<MetricType> {

  // Before the constants, whose constructor uses it.
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  /** In a request: every type that has a collector. Never the name of a type. */
  public static final String ALL = "all";

  /** Busy share of all processors, in percent. */
  public static final MetricType CPU_UTILIZATION = new MetricType("cpu_utilization");

  /** Used share of memory, in percent. */
  public static final MetricType MEMORY_USAGE = new MetricType("memory_usage");

  /** Used share of one file system, in percent. */
  public static final MetricType DISK_USAGE = new MetricType("disk_usage");

  /** Traffic of one network interface, both directions together, in megabits a second. */
  public static final MetricType NETWORK_TRAFFIC = new MetricType("network_traffic");

  public MetricType {
    if (!isValid(name)) {
      throw new IllegalArgumentException(
          "metric type '"
              + name
              + "' is not a valid name: use 1 to 64 characters of a-z, 0-9 and _, starting with a"
              + " letter, and not '"
              + ALL
              + "'");
    }
  }

  /** The four types that every installation collects, in the order of the workflow's branches. */
  public static List<MetricType> builtIn() {
    return List.of(CPU_UTILIZATION, MEMORY_USAGE, DISK_USAGE, NETWORK_TRAFFIC);
  }

  public static boolean isValid(String name) {
    return !name.equals(ALL) && NAME.matcher(name).matches();
  }

  // A record's own methods are linked at run time, which no ahead-of-time cache stores.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MetricType type && name.equals(type.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public int compareTo(MetricType other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
