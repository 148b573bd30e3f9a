package io.inframetrics.collect.host;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.collect.host.Meter.Sample;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.RetryableFailureException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pushes the sampler's readings in the window; reads the machine now if there are none. It shares
 * only the readings with the collectors of other types, so a failure does not affect them.
 */
record HostCollector<R>(
    Meter<R> meter, Readings readings, Runnable beforeCollecting, MachineProbe probe, String region)
    implements MetricCollector {

  /** Time between two readings of counters; with less, the clock's ticks would show in the rate. */
  static final Duration BETWEEN_READINGS = Duration.ofSeconds(1);

  @Override
  public MetricType type() {
    return meter.type();
  }

  @Override
  public String name() {
    return HostCollectorFactory.NAME;
  }

  @Override
  public void collect(CollectionRequest request, MetricConsumer consumer)
      throws InterruptedException {
    beforeCollecting.run();
    Map<Series, List<Point>> kept =
        readings.points(type(), second -> request.includes(Instant.ofEpochSecond(second)));
    for (Map.Entry<Series, List<Point>> series : kept.entrySet()) {
      for (Point point : series.getValue()) {
        consumer.accept(observation(series.getKey(), point.epochSecond(), point.value()));
      }
    }
    if (kept.isEmpty()) {
      for (Sample sample : now(request)) {
        consumer.accept(
            observation(sample.series(), request.until().getEpochSecond(), sample.value()));
      }
    }
  }

  private List<Sample> now(CollectionRequest request) throws InterruptedException {
    R first = read();
    Optional<List<Sample>> samples = meter.of(first);
    if (samples.isPresent()) {
      return samples.get();
    }
    Duration left = request.deadline().remaining();
    if (left.compareTo(BETWEEN_READINGS) <= 0) {
      throw new RetryableFailureException(
          "the %s must be read twice, %s apart, but only %s is left until the deadline"
              .formatted(meter.what(), BETWEEN_READINGS, left));
    }
    probe.sleep(BETWEEN_READINGS);
    return meter.change().apply(first, read());
  }

  private R read() {
    try {
      return meter.reader().read();
    } catch (IOException | RuntimeException | LinkageError e) {
      throw new RetryableFailureException(
          "the %s of this machine cannot be read: %s".formatted(meter.what(), e), e);
    }
  }

  private Observation observation(Series series, long epochSecond, double value) {
    return new Observation(series, Instant.ofEpochSecond(epochSecond), value, meter.unit(), region);
  }
}
