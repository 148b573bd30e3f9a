package io.inframetrics.integration.deployed.team;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricCollectorFactory;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.collect.SettingsReader;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What a team would write: a source of its own with settings of its own. */
public final class QueueCollectors implements MetricCollectorFactory {

  @Override
  public String name() {
    return "queues";
  }

  @Override
  public List<MetricCollector> create(CollectorSettings settings) {
    SettingsReader reader = new SettingsReader(settings);
    long depth = reader.number("depth", 0, 0, 1_000);
    boolean hang = reader.text("hang", "false").equals("true");
    reader.finish();
    return List.of(new Depth("queue_depth", depth, false), new Depth("queue_age", 0, hang));
  }

  /** The value of one queue. */
  public record Depth(String name, long depth, boolean hang) implements MetricCollector {

    @Override
    public MetricType type() {
      return new MetricType(name);
    }

    @Override
    public void collect(CollectionRequest request, MetricConsumer consumer)
        throws InterruptedException {
      if (hang) {
        new CountDownLatch(1).await();
      }
      consumer.accept(
          new Observation(
              Series.of(type(), "orders"), request.until(), depth, MetricUnit.COUNT, "eu-west-1"));
    }
  }
}
