package com.example.queue;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.io.IOException;

/** Collects queue_depth in Count: every reading of the window that a run asks for. */
public final class QueueCollector implements MetricCollector {

  private static final MetricType TYPE = new MetricType("queue_depth");

  private final QueueReadings readings;
  private final String instance;
  private final String region;

  /**
   * A collector of one instance.
   *
   * @param instance what the values belong to, as it is called in reports
   * @param region where it is
   */
  QueueCollector(QueueReadings readings, String instance, String region) {
    this.readings = readings;
    this.instance = instance;
    this.region = region;
  }

  @Override
  public MetricType type() {
    return TYPE;
  }

  @Override
  public String name() {
    return "queue";
  }

  @Override
  public void collect(CollectionRequest request, MetricConsumer consumer) throws IOException {
    Series series = Series.of(TYPE, instance);
    for (QueueReadings.Reading reading : readings.between(request.since(), request.until())) {
      consumer.accept(
          new Observation(series, reading.time(), reading.value(), MetricUnit.COUNT, region));
    }
  }
}
