package io.inframetrics.source.cloudwatch;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.RecordingServer;
import io.inframetrics.testkit.aws.cloudwatch.MetricReading;
import io.inframetrics.testkit.aws.cloudwatch.StoredMetric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongToDoubleFunction;

/** What CloudWatch has, and the source that reads it through the SDK. */
final class Account implements AutoCloseable {

  static final String AGENT = "CWAgent";

  final ManualClock clock = ManualClock.at(SampleMetrics.RUN.observedAt());
  final RecordingServer server = RecordingServer.start(clock);
  final MetricReading reading = server.reading();

  void ec2(String id, LongToDoubleFunction cpu) {
    store("AWS/EC2", "CPUUtilization", Map.of("InstanceId", id), cpu);
    store("AWS/EC2", "NetworkIn", Map.of("InstanceId", id), at -> 30_000_000);
    store("AWS/EC2", "NetworkOut", Map.of("InstanceId", id), at -> 7_500_000);
  }

  void memory(Map<String, String> dimensions, double value) {
    store(AGENT, "mem_used_percent", dimensions, at -> value);
  }

  void disk(Map<String, String> dimensions, double value) {
    store(AGENT, "disk_used_percent", dimensions, at -> value);
  }

  void store(
      String namespace, String name, Map<String, String> dimensions, LongToDoubleFunction values) {
    reading.store(StoredMetric.of(namespace, name, dimensions, values));
  }

  MetricCollector collector(MetricType type, String... settings) {
    List<MetricCollector> found = collectors(type, settings);
    return found.get(0);
  }

  List<MetricCollector> collectors(MetricType type, String... settings) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      values.put(settings[i], settings[i + 1]);
    }
    return new CloudWatchCollectorFactory(server.environment())
        .create(new CollectorSettings("cloudwatch", values, clock)).stream()
            .filter(collector -> collector.type().equals(type))
            .toList();
  }

  static CollectionRequest request() {
    return new CollectionRequest(SampleMetrics.RUN, SampleMetrics.WINDOW_START, Deadlines.never());
  }

  Collected collect(MetricType type, String... settings) throws Exception {
    return collect(collector(type, settings));
  }

  static Collected collect(MetricCollector collector) throws Exception {
    Collected collected = new Collected();
    collector.collect(request(), collected);
    return collected;
  }

  @Override
  public void close() {
    server.close();
  }

  /** What a collector pushed. */
  static final class Collected implements MetricConsumer {

    final List<Observation> observations = new ArrayList<>();
    final List<String> notes = new ArrayList<>();

    @Override
    public void accept(Observation observation) {
      observations.add(observation);
    }

    @Override
    public void note(String sentence) {
      notes.add(sentence);
    }

    /** The number of observations by series. */
    Map<String, Integer> counts() {
      Map<String, Integer> counts = new TreeMap<>();
      observations.forEach(each -> counts.merge(each.series().id(), 1, Integer::sum));
      return counts;
    }

    /** The last value by series. */
    Map<String, Double> values() {
      Map<String, Double> values = new TreeMap<>();
      observations.forEach(each -> values.put(each.series().id(), each.value()));
      return values;
    }
  }
}
