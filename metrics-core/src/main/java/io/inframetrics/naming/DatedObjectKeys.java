package io.inframetrics.naming;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The default: one folder a day for all types, {@code
 * raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463.json}.
 */
public final class DatedObjectKeys implements ObjectKeys {

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu/MM/dd/", Locale.ROOT);

  @Override
  public String key(MetricType type, CollectionRun run) {
    return prefix(RawFileName.utcDate(run.observedAt())) + RawFileName.format(type, run);
  }

  @Override
  public List<String> dayPrefixes(LocalDate day, List<MetricType> types) {
    return List.of(prefix(day));
  }

  @Override
  public Optional<RawFile> parse(String key) {
    return RawFileName.parse(key.substring(key.lastIndexOf('/') + 1))
        .filter(
            file -> key.startsWith(prefix(RawFileName.utcDate(file.observedAt())) + "metrics-"));
  }

  private static String prefix(LocalDate day) {
    return PREFIX + DAY.format(day);
  }
}
