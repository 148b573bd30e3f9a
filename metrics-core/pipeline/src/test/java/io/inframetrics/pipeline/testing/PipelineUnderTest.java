package io.inframetrics.pipeline.testing;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.naming.ObjectKeys;
import io.inframetrics.pipeline.collect.CollectMetrics;
import io.inframetrics.pipeline.collect.CollectOneType;
import io.inframetrics.pipeline.collect.CollectionSchedule;
import io.inframetrics.pipeline.process.ProcessRawMetrics;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.memory.InMemoryStores;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The verbs over in-memory stores, at the instant of the sample run. */
public final class PipelineUnderTest implements AutoCloseable {

  public static final Instant NOW = SampleMetrics.RUN.observedAt();
  public static final String CPU_KEY =
      "raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463.json";

  public final InMemoryStores stores = new InMemoryStores();
  public final ManualClock clock = ManualClock.at(NOW);
  public final ObjectKeys keys = new DatedObjectKeys();
  public final ExecutorService threads = Executors.newCachedThreadPool();
  public final ProcessRawMetrics process =
      new ProcessRawMetrics(
          stores.rawMetrics(), stores.records(), stores.documents(), stores.ledger(), keys, clock);

  /** Copies what it accepts, too. */
  public ProcessRawMetrics.Result processAndCopy(String key) {
    return process
        .copyingAccepted()
        .process(List.of(new ProcessRawMetrics.Delivery(null, key)), deadline());
  }

  public CollectMetrics collect(MetricCollector... collectors) {
    return collect(stores.rawMetrics(), collectors);
  }

  public CollectMetrics collect(RawMetricSink files, MetricCollector... collectors) {
    return new CollectMetrics(
        CollectorRegistry.of(List.of(collectors)),
        new CollectOneType(
            files,
            stores.rawMetrics(),
            stores.records(),
            stores.publisher(),
            stores.ledger(),
            keys,
            CollectionSchedule.DEFAULTS,
            threads),
        clock);
  }

  public Deadline deadline() {
    return Deadlines.never();
  }

  public ProcessRawMetrics.Result process(String key) {
    return process.process(List.of(new ProcessRawMetrics.Delivery(null, key)), deadline());
  }

  public static CollectMetrics.Request request(@Nullable String type) {
    return new CollectMetrics.Request(type, SampleMetrics.RUN.runId(), NOW, null);
  }

  /** Pushes these metrics. */
  public static MetricCollector pushing(MetricType type, List<Metric> metrics) {
    return collector(
        type,
        "fleet",
        (request, consumer) ->
            metrics.forEach(
                metric ->
                    consumer.accept(
                        new Observation(
                            metric.series(),
                            metric.timestamp(),
                            metric.value(),
                            metric.unit(),
                            metric.region()))));
  }

  public static Observation observation(Series series, Instant timestamp, double value) {
    return new Observation(series, timestamp, value, MetricUnit.PERCENT, SampleMetrics.REGION);
  }

  public static MetricCollector collector(MetricType type, String name, Body body) {
    return new MetricCollector() {
      @Override
      public MetricType type() {
        return type;
      }

      @Override
      public String name() {
        return name;
      }

      @Override
      public void collect(CollectionRequest request, MetricConsumer consumer) throws Exception {
        body.collect(request, consumer);
      }
    };
  }

  /** What a collector does. */
  public interface Body {
    void collect(CollectionRequest request, MetricConsumer consumer) throws Exception;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
