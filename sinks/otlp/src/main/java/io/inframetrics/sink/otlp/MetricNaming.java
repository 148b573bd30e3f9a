package io.inframetrics.sink.otlp;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import java.util.Map;

/** What metrics, units and attributes are called. */
public enum MetricNaming {

  /**
   * As OpenTelemetry's semantic conventions name them: {@code system.cpu.utilization}, {@code
   * system.memory.utilization} and {@code system.filesystem.utilization}, ratios from 0 to 1 with
   * the unit {@code 1}; attributes {@code host.id} and {@code cloud.region}, {@code system.device}
   * of a file system and {@code network.interface.name}. The conventions have no rate of network
   * traffic, and nothing for a team's own types: these keep their names and units.
   *
   * @see <a href="https://opentelemetry.io/docs/specs/semconv/system/system-metrics/">System
   *     metrics</a>
   */
  SEMANTIC("host.id", "cloud.region") {

    @Override
    String name(MetricType type, MetricUnit unit) {
      return unit == MetricUnit.PERCENT ? RATIOS.getOrDefault(type, type.name()) : type.name();
    }

    @Override
    boolean isRatio(MetricType type, MetricUnit unit) {
      return unit == MetricUnit.PERCENT && RATIOS.containsKey(type);
    }

    @Override
    String dimension(MetricType type, String name) {
      if (type.equals(MetricType.DISK_USAGE) && name.equals("device")) {
        return "system.device";
      }
      return type.equals(MetricType.NETWORK_TRAFFIC) && name.equals("interface")
          ? "network.interface.name"
          : name;
    }
  },

  /**
   * As in raw files: {@code cpu_utilization} in percent, attributes {@code instance_id}, {@code
   * region}, and each dimension's own name.
   */
  OWN("instance_id", "region") {

    @Override
    String name(MetricType type, MetricUnit unit) {
      return type.name();
    }

    @Override
    boolean isRatio(MetricType type, MetricUnit unit) {
      return false;
    }

    @Override
    String dimension(MetricType type, String name) {
      return name;
    }
  };

  private static final Map<MetricType, String> RATIOS =
      Map.of(
          MetricType.CPU_UTILIZATION, "system.cpu.utilization",
          MetricType.MEMORY_USAGE, "system.memory.utilization",
          MetricType.DISK_USAGE, "system.filesystem.utilization");

  private final String instance;
  private final String region;

  MetricNaming(String instance, String region) {
    this.instance = instance;
    this.region = region;
  }

  /** The attribute of a data point that has the instance id. */
  String instance() {
    return instance;
  }

  /** The attribute of a data point that has the region. */
  String region() {
    return region;
  }

  abstract String name(MetricType type, MetricUnit unit);

  /** Whether a percentage is sent as a share of one. */
  abstract boolean isRatio(MetricType type, MetricUnit unit);

  abstract String dimension(MetricType type, String name);
}
