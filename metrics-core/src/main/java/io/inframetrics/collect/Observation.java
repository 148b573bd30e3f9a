package io.inframetrics.collect;

import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.time.Instant;
import java.util.Objects;

/**
 * What a collector saw, not yet validated: the value may be NaN and the instant may lie anywhere.
 * It is written to the raw file as it is; processing rejects what is invalid, with a reason.
 *
 * @param series what was observed, of the collector's own {@link MetricCollector#type()}
 * @param timestamp fractions of a second are ignored
 * @param region where the instance lives; {@code local} for a machine outside any cloud
 */
public record Observation(
    Series series, Instant timestamp, double value, MetricUnit unit, String region) {

  public Observation {
    Objects.requireNonNull(series, "series");
    Objects.requireNonNull(timestamp, "timestamp");
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(region, "region");
  }
}
