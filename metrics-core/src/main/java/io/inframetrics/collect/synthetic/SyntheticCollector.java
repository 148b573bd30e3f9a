package io.inframetrics.collect.synthetic;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import java.time.Instant;
import java.util.List;

/**
 * Pushes the points of a window that are multiples of the step since the epoch, so that all windows
 * agree on them; a window without such a point gets one at its end.
 */
record SyntheticCollector(SyntheticFleet fleet, MetricType type) implements MetricCollector {

  @Override
  public String name() {
    return SyntheticCollectorFactory.NAME;
  }

  @Override
  public void collect(CollectionRequest request, MetricConsumer consumer)
      throws InterruptedException {
    long step = fleet.step().toSeconds();
    long until = request.until().getEpochSecond();
    long first = (Math.floorDiv(request.since().getEpochSecond(), step) + 1) * step;
    if (first > until) {
      first = until;
    }
    for (int instance = 0; instance < fleet.instances(); instance++) {
      if (Thread.interrupted()) {
        throw new InterruptedException(
            "interrupted before instance '%s'".formatted(fleet.instanceId(instance)));
      }
      List<Series> parts = fleet.series(type, instance);
      for (int part = 0; part < parts.size(); part++) {
        Series series = parts.get(part);
        for (long second = first; second <= until; second += step) {
          if (!fleet.hasGap(series, second)) {
            consumer.accept(
                new Observation(
                    series,
                    Instant.ofEpochSecond(second),
                    fleet.value(series, instance, part, second),
                    SyntheticFleet.unit(type),
                    fleet.region()));
          }
        }
      }
    }
  }
}
