package io.inframetrics.source.cloudwatch;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A metric type and the CloudWatch metrics that it is read from.
 *
 * @param metrics names; if there are several, their sum is the value
 * @param dimensions of each metric; the first names the instance
 */
record WatchedType(
    MetricType type,
    String namespace,
    List<String> metrics,
    String statistic,
    MetricUnit unit,
    Kind kind,
    List<String> dimensions) {

  static final String INSTANCE_ID = "InstanceId";

  private static final String EC2 = "AWS/EC2";
  private static final int PARTS = 5;
  private static final Pattern STATISTIC =
      Pattern.compile("Average|Sum|SampleCount|Minimum|Maximum|p\\d{1,2}(\\.\\d{1,10})?");

  enum Kind {
    /** What EC2 itself writes of each instance. */
    EC2,
    /** What the CloudWatch agent writes of an instance. */
    AGENT,
    /** What the CloudWatch agent writes of each file system. */
    AGENT_DISK,
    /** Any metric with exactly the named dimensions. */
    OTHER
  }

  WatchedType {
    metrics = List.copyOf(metrics);
    dimensions = List.copyOf(dimensions);
  }

  /** The four built-in types. */
  static List<WatchedType> builtIn(String agentNamespace) {
    List<String> instance = List.of(INSTANCE_ID);
    return List.of(
        new WatchedType(
            MetricType.CPU_UTILIZATION,
            EC2,
            List.of("CPUUtilization"),
            "Average",
            MetricUnit.PERCENT,
            Kind.EC2,
            instance),
        new WatchedType(
            MetricType.MEMORY_USAGE,
            agentNamespace,
            List.of("mem_used_percent"),
            "Average",
            MetricUnit.PERCENT,
            Kind.AGENT,
            instance),
        new WatchedType(
            MetricType.DISK_USAGE,
            agentNamespace,
            List.of("disk_used_percent"),
            "Average",
            MetricUnit.PERCENT,
            Kind.AGENT_DISK,
            instance),
        new WatchedType(
            MetricType.NETWORK_TRAFFIC,
            EC2,
            List.of("NetworkIn", "NetworkOut"),
            "Sum",
            MetricUnit.MEGABITS_PER_SECOND,
            Kind.EC2,
            instance));
  }

  /** Whether the values are bytes of a period, to be turned into megabits a second. */
  boolean isTraffic() {
    return metrics.size() > 1;
  }

  /**
   * Types from a setting such as {@code
   * queue_depth=AWS/SQS|ApproximateNumberOfMessagesVisible|Maximum|Count|QueueName}, several
   * separated by semicolons.
   *
   * @throws IllegalArgumentException that says what would be right
   */
  static List<WatchedType> parseAll(String text) {
    List<WatchedType> types = new ArrayList<>();
    for (String entry : text.split(";", -1)) {
      if (!entry.isBlank()) {
        types.add(parse(entry.strip()));
      }
    }
    return types;
  }

  private static WatchedType parse(String entry) {
    int equals = entry.indexOf('=');
    String type = equals < 0 ? "" : entry.substring(0, equals).strip();
    String[] parts = entry.substring(equals + 1).split("\\|", -1);
    Optional<MetricUnit> unit =
        parts.length == PARTS ? MetricUnit.ofWireName(parts[3].strip()) : Optional.empty();
    if (!MetricType.isValid(type)
        || unit.isEmpty()
        || !STATISTIC.matcher(parts[2].strip()).matches()
        || Arrays.stream(parts).anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "a list, separated by semicolons, of type=Namespace|Metric|Statistic|Unit|Dimension+Dimension, such as queue_depth=AWS/SQS|ApproximateNumberOfMessagesVisible|Maximum|Count|QueueName; '%s' is not a valid entry"
              .formatted(entry));
    }
    return new WatchedType(
        new MetricType(type),
        parts[0].strip(),
        List.of(parts[1].strip()),
        parts[2].strip(),
        unit.get(),
        Kind.OTHER,
        Arrays.stream(parts[4].split("\\+", -1)).map(String::strip).toList());
  }
}
