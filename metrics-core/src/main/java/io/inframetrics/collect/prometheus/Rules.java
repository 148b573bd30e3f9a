package io.inframetrics.collect.prometheus;

import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.SettingsReader;
import io.inframetrics.metric.MetricType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** The rules of a source, by type. Immutable. */
record Rules(Map<MetricType, List<Rule>> byType) {

  /** The region of a machine outside any cloud. */
  static final String DEFAULT_REGION = "local";

  /** As long as a Prometheus server takes a sample for current. */
  static final Duration DEFAULT_MAX_GAP = Duration.ofMinutes(5);

  /** Reads the settings {@code metrics} and {@code node_exporter}. */
  static Rules read(SettingsReader reader) {
    Map<MetricType, List<Rule>> own = new LinkedHashMap<>();
    for (Rule rule : reader.parsed("metrics", List.<Rule>of(), RuleReader::readAll)) {
      own.computeIfAbsent(rule.type(), type -> new ArrayList<>()).add(rule);
    }
    boolean nodeExporter = reader.parsed("node_exporter", true, Rules::trueOrFalse);
    Map<MetricType, List<Rule>> byType = new LinkedHashMap<>();
    if (nodeExporter) {
      NodeExporter.rules().forEach(rule -> byType.put(rule.type(), List.of(rule)));
    }
    byType.putAll(own);
    if (byType.isEmpty()) {
      reader.mistake(
          "there is nothing to read: set metrics to at least one rule, or leave out node_exporter");
    }
    return new Rules(byType);
  }

  List<MetricCollector> collectors(BiFunction<MetricType, List<Rule>, MetricCollector> maker) {
    return byType.entrySet().stream()
        .map(each -> maker.apply(each.getKey(), List.copyOf(each.getValue())))
        .toList();
  }

  private static boolean trueOrFalse(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("true or false");
    };
  }
}
