package io.inframetrics.metric;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;

/**
 * An accepted observation: one finite value of a series at one instant. Its identity is the series
 * and the second. If two values have the same identity, {@link #PRECEDENCE} says which one is kept,
 * in whatever order they are written.
 *
 * @param timestamp cut to whole seconds
 * @param value finite
 * @param region where the instance lives, such as {@code eu-west-1}; not blank, on one line
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
   * Which of two metrics of one identity is kept: the greater one. That is the one of the run that
   * observed later; of runs that observed at the same instant, the one with the greater run id, by
   * characters; within one run, the greater value. Zero and negative zero are equal. The order of
   * writes does not matter, because files arrive in any order and more than once.
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
    if (!series.isReadable() || !Series.isReadable(region)) {
      throw new IllegalArgumentException(
          "%s of an observation of %s has a line break, or a character that changes the direction of text: remove it"
              .formatted(series.isReadable() ? "the region" : "a name", series.type()));
    }
    timestamp = timestamp.truncatedTo(ChronoUnit.SECONDS);
  }

  public String id() {
    return MetricId.format(series, timestamp.getEpochSecond());
  }
}
