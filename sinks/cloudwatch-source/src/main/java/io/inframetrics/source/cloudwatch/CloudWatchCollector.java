package io.inframetrics.source.cloudwatch;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.metric.MetricType;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Reads one type in one place. */
record CloudWatchCollector(
    WatchedType watched, Place place, boolean only, SourceSettings settings, Clock clock)
    implements MetricCollector {

  /** Values come two or three minutes late, and half an hour late has been seen. */
  private static final Duration LATE = Duration.ofMinutes(30);

  /** What a run may start late, and what ListMetrics may lag behind. */
  private static final Duration SLACK = Duration.ofMinutes(15);

  @Override
  public MetricType type() {
    return watched.type();
  }

  @Override
  public String name() {
    String name = CloudWatchCollectorFactory.NAME;
    return only ? name : name + " " + place.name();
  }

  /** A value stands at the start of its period and is late from the end of it on. */
  @Override
  public Duration lookBehind() {
    return LATE.plus(settings.period());
  }

  @Override
  public void collect(CollectionRequest request, MetricConsumer consumer) {
    Duration back = Duration.between(request.since(), clock.instant());
    boolean alsoInactive =
        back.compareTo(Limits.RECENTLY_ACTIVE.plus(lookBehind()).plus(SLACK)) > 0;
    Discovery discovery =
        new Discovery(place, settings, alsoInactive, consumer, request.deadline());
    List<WatchedSeries> series = discovery.find(watched);
    new DataReading(place, watched, (int) settings.period().toSeconds(), request, consumer)
        .read(series);
  }
}
