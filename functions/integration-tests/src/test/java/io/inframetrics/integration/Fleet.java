package io.inframetrics.integration;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.testkit.SampleMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A source of so many series with so many points of the window each, the last at its end. It says
 * something else each time it is asked, as real ones do, so that it shows which answer was stored.
 */
final class Fleet implements MetricCollector {

  static final MetricType TYPE = new MetricType("cpu_utilization");
  static final Duration WINDOW = Duration.ofHours(3);

  /** Values of one answer lie less than this above the ones of the answer before. */
  static final double STEP = 1_000;

  private final int series;
  private final int points;
  private final Duration lookBehind;
  private final AtomicInteger asked = new AtomicInteger();

  Fleet(int series, int points) {
    this(series, points, Duration.ZERO);
  }

  private Fleet(int series, int points, Duration lookBehind) {
    this.series = series;
    this.points = points;
    this.lookBehind = lookBehind;
  }

  /** The same, whose values may come late or be corrected. */
  Fleet lookingBehind(Duration time) {
    return new Fleet(series, points, time);
  }

  /** How often it was asked. */
  int asked() {
    return asked.get();
  }

  @Override
  public MetricType type() {
    return TYPE;
  }

  @Override
  public Duration lookBehind() {
    return lookBehind;
  }

  @Override
  public void collect(CollectionRequest request, MetricConsumer consumer) {
    observations(asked.incrementAndGet(), request.until()).forEach(consumer::accept);
  }

  private List<Observation> observations(int answer, Instant end) {
    List<Observation> observations = new ArrayList<>();
    for (int i = 0; i < series; i++) {
      Series each = Series.of(TYPE, String.format(Locale.ROOT, "i-%05d", i));
      for (int j = 0; j < points; j++) {
        observations.add(
            new Observation(
                each, time(j, end), value(answer, i, j), MetricUnit.PERCENT, "eu-west-1"));
      }
    }
    return observations;
  }

  /**
   * What it says when it is asked for the {@code answer}-th time, by the sample run; by series id.
   */
  SortedMap<String, List<Point>> answer(int answer) {
    SortedMap<String, List<Point>> expected = new TreeMap<>();
    for (Observation each : observations(answer, SampleMetrics.RUN.observedAt())) {
      expected
          .computeIfAbsent(each.series().id(), id -> new ArrayList<>())
          .add(new Point(each.timestamp().getEpochSecond(), each.value()));
    }
    return expected;
  }

  private Instant time(int point, Instant end) {
    Duration step = WINDOW.dividedBy(points);
    return end.minus(step.multipliedBy(points - 1L - point));
  }

  private static double value(int answer, int series, int point) {
    return answer * STEP + (series * 31 + point * 17) % 1000 / 10.0;
  }
}
