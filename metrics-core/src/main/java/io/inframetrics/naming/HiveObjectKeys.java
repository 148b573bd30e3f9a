package io.inframetrics.naming;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * One folder for each type and day, named as Hive, Athena and Spark read partitions: {@code
 * raw-metrics/metric_type=cpu_utilization/dt=2026-02-19/metrics-cpu_utilization-1771500463.json}.
 */
public final class HiveObjectKeys implements ObjectKeys {

  @Override
  public String key(MetricType type, CollectionRun run) {
    return prefix(type, RawFileName.utcDate(run.observedAt())) + RawFileName.format(type, run);
  }

  @Override
  public List<String> dayPrefixes(LocalDate day, List<MetricType> types) {
    return types.stream().map(type -> prefix(type, day)).toList();
  }

  @Override
  public Optional<RawFile> parse(String key) {
    return RawFileName.parse(key.substring(key.lastIndexOf('/') + 1))
        .filter(
            file ->
                key.startsWith(
                    prefix(file.type(), RawFileName.utcDate(file.observedAt())) + "metrics-"));
  }

  private static String prefix(MetricType type, LocalDate day) {
    return PREFIX + "metric_type=" + type.name() + "/dt=" + day + "/";
  }
}
