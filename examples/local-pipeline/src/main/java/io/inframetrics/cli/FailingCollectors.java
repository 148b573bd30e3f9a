package io.inframetrics.cli;

import io.inframetrics.cli.input.UsageException;
import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.RetryableFailureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes chosen collectors fail, to show how the pipeline reacts. */
final class FailingCollectors {

  private FailingCollectors() {}

  static CollectorRegistry of(CollectorRegistry registry, Set<String> types) {
    List<String> known = registry.types().stream().map(MetricType::name).toList();
    for (String type : types) {
      if (!known.contains(type)) {
        throw new UsageException(
            "metric type '%s' has no collector: --fail takes one of %s"
                .formatted(type, String.join(", ", known)));
      }
    }
    List<MetricCollector> collectors = new ArrayList<>();
    for (MetricType type : registry.types()) {
      for (MetricCollector collector : registry.collectors(type)) {
        collectors.add(
            types.contains(type.name()) ? new Failing(type, collector.name()) : collector);
      }
    }
    return CollectorRegistry.of(collectors);
  }

  private record Failing(MetricType type, String name) implements MetricCollector {

    @Override
    public void collect(CollectionRequest request, MetricConsumer consumer) {
      throw new RetryableFailureException("this collector fails because of --fail " + type);
    }
  }
}
