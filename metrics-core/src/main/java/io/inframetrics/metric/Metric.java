package io.inframetrics.metric;

import io.inframetrics.naming.MetricId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A fact: one finite value of a series at one instant. Its identity is the series and the second; a
 * later value under the same identity replaces an earlier one.
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
