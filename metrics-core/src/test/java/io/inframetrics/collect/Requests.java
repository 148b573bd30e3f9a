package io.inframetrics.collect;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Requests of tests, and what collectors answer to them. */
public final class Requests {

  private Requests() {}

  /** A window with a minute left until the deadline, by a clock that stands at its end. */
  public static CollectionRequest window(String since, String until) {
    return window(Instant.parse(since), Instant.parse(until));
  }

  /** The same. */
  public static CollectionRequest window(Instant since, Instant until) {
    return window(since, until, Duration.ofMinutes(1));
  }

  /** The same with another time left. */
  public static CollectionRequest window(Instant since, Instant until, Duration left) {
    return new CollectionRequest(
        new CollectionRun("run-1", until),
        since,
        Deadline.after(left, Clock.fixed(until, ZoneOffset.UTC)));
  }

  /** What the collector pushes. */
  public static List<Observation> collect(MetricCollector collector, CollectionRequest request)
      throws Exception {
    List<Observation> observations = new ArrayList<>();
    collector.collect(request, observations::add);
    return observations;
  }
}
