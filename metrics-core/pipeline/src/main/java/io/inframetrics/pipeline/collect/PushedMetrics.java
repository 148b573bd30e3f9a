package io.inframetrics.pipeline.collect;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.encode.JsonLinesReader;
import io.inframetrics.encode.Line;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.collect.CollectMetrics.ReadyMetric;
import io.inframetrics.pipeline.rawfile.FileRule;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Observations that came ready with a request, judged like lines of a raw file, by type. */
final class PushedMetrics {

  private static final String NAME = "pushed";

  private final SortedMap<MetricType, List<Metric>> accepted = new TreeMap<>();
  private final SortedMap<MetricType, List<Line.Bad>> refused = new TreeMap<>();
  private final CollectionRun run;

  private PushedMetrics(CollectionRun run) {
    this.run = run;
  }

  /**
   * Reads them.
   *
   * @param requested the type of all, or {@value MetricType#ALL}
   * @throws InvalidRequestException if there are none, or one has no type to file it under
   */
  static PushedMetrics read(String requested, List<ReadyMetric> metrics, CollectionRun run) {
    if (metrics.isEmpty()) {
      throw new InvalidRequestException(
          "metrics is empty: give at least one observation, or leave it out to ask the collectors");
    }
    PushedMetrics pushed = new PushedMetrics(run);
    String text = metrics.stream().map(ReadyMetric::json).collect(Collectors.joining("\n"));
    try (JsonLinesReader reader =
        new JsonLinesReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), run)) {
      for (int i = 0; i < metrics.size(); i++) {
        MetricType type = type(i, metrics.get(i), requested);
        Line line = reader.next();
        if (line instanceof Line.Good good) {
          pushed.accepted.computeIfAbsent(type, t -> new ArrayList<>()).add(good.metric());
        } else if (line instanceof Line.Bad bad) {
          pushed.refused.computeIfAbsent(type, t -> new ArrayList<>()).add(bad);
        }
      }
    }
    return pushed;
  }

  private static MetricType type(int index, ReadyMetric metric, String requested) {
    String name = metric.metricType();
    if (name == null || !MetricType.isValid(name)) {
      throw new InvalidRequestException(
          "metric_type '%s' of metrics[%d] is not valid: use a-z, 0-9 and _, starting with a letter"
              .formatted(name, index));
    }
    if (!requested.equals(MetricType.ALL) && !requested.equals(name)) {
      throw new InvalidRequestException(
          "metrics[%d] is of type '%s' in a request for '%s': request '%s' to store several types"
              .formatted(index, name, requested, MetricType.ALL));
    }
    return new MetricType(name);
  }

  List<MetricType> types() {
    SortedMap<MetricType, Object> types = new TreeMap<>(accepted);
    types.putAll(refused);
    return List.copyOf(types.keySet());
  }

  List<Line.Bad> refused(MetricType type) {
    return refused.getOrDefault(type, List.of());
  }

  /** Where their window starts: as requested, but before all of them, and before the run. */
  Instant start(MetricType type, @Nullable Instant requested) {
    Instant until = run.observedAt();
    Instant start =
        accepted.getOrDefault(type, List.of()).stream()
            .map(Metric::timestamp)
            .filter(time -> !time.isBefore(until.minus(FileRule.MAX_AGE)))
            .min(Comparator.naturalOrder())
            .filter(first -> !first.isAfter(until))
            .orElse(until)
            .minus(Duration.ofSeconds(1));
    return requested != null && requested.isBefore(start) ? requested : start;
  }

  MetricCollector collector(MetricType type) {
    List<Metric> metrics = accepted.getOrDefault(type, List.of());
    return new MetricCollector() {
      @Override
      public MetricType type() {
        return type;
      }

      @Override
      public String name() {
        return NAME;
      }

      @Override
      public void collect(CollectionRequest request, MetricConsumer consumer) {
        for (Metric metric : metrics) {
          consumer.accept(
              new Observation(
                  metric.series(),
                  metric.timestamp(),
                  metric.value(),
                  metric.unit(),
                  metric.region()));
        }
      }
    };
  }
}
