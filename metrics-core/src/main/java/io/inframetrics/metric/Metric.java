package io.inframetrics.metric;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;

/**
 * A fact: one finite value of a series at one instant. Its identity is the series and the second.
 * Where two values come under one identity, {@link #PRECEDENCE} says which one stands, whatever the
 * order in which they are written.
 *
 * @param series what was measured
 * @param timestamp when, cut to whole seconds
 * @param value finite
 * @param unit of the value
 * @param region where the instance lives, such as {@code eu-west-1}; not blank
 * @param run the run that collected it
 */
public record Metric(
    Series series,
    Instant timestamp,
    double value,
    MetricUnit unit,
    String region,
    CollectionRun run) {

  /**
   * Which of two metrics of one identity stands: the greater one. That is the one of the run that
   * observed later; of runs that observed at the same instant, of the one with the greater id, by
   * characters; within one run, the greater value. Zero is zero, whatever its sign. Files arrive in
   * any order and more than once, so when something is written must not matter.
   */
  public static final Comparator<Metric> PRECEDENCE =
      Comparator.comparing((Metric metric) -> metric.run().observedAt())
          .thenComparing(metric -> metric.run().runId())
          .thenComparingDouble(metric -> metric.value() + 0.0); // -0.0 + 0.0 is 0.0

  public Metric {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "value %s of series '%s' is not a finite number".formatted(value, series.id()));
    }
    if (region.isBlank()) {
      throw new IllegalArgumentException(
          "region of series '%s' is blank: name one, or 'local'".formatted(series.id()));
    }
    timestamp = timestamp.truncatedTo(ChronoUnit.SECONDS);
  }

  /** The identity in every store, as {@link MetricId} writes it. */
  public String id() {
    return MetricId.format(series, timestamp.getEpochSecond());
  }
}
