package io.inframetrics.sink.cloudwatch;

import io.inframetrics.metric.Metric;
import io.inframetrics.sink.PublishOutcome;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of the publisher: checks observations and counts their values by metric and minute.
 * Memory does not grow with the observations. Used by one thread.
 */
final class Publication {

  /** Different values in the open counts of fleets: 109 full data. */
  static final int MAX_FLEET_VALUES = 16_384;

  /**
   * Different values in the open counts of series, most of which have one. Observations of a series
   * come together, so few counts still grow later; few stay in the processor's cache.
   */
  static final int MAX_SERIES_VALUES = 256;

  private final boolean fleet;
  private final boolean instances;
  private final OpenValueCounts fleetValues;
  private final OpenValueCounts seriesValues;
  private final MetricIdentities identities;
  private final Requests requests;
  private final PublishOutcome outcome;
  private final Clock clock;

  Publication(
      CloudWatchSettings settings,
      boolean instances,
      Requests requests,
      PublishOutcome outcome,
      Clock clock) {
    this.fleet = settings.policy().hasFleet();
    this.instances = instances;
    this.fleetValues = new OpenValueCounts(MAX_FLEET_VALUES, !instances, requests);
    this.seriesValues = new OpenValueCounts(MAX_SERIES_VALUES, true, requests);
    this.identities = new MetricIdentities(settings.dimensions());
    this.requests = requests;
    this.outcome = outcome;
    this.clock = clock;
  }

  void add(List<Metric> batch) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant earliest = now.minus(Limits.MAX_AGE).plus(Limits.TIME_MARGIN);
    Instant latest = now.plus(Limits.MAX_AHEAD).minus(Limits.TIME_MARGIN);
    for (Metric metric : batch) {
      Instant minute = metric.timestamp().truncatedTo(ChronoUnit.MINUTES);
      String refusal = refusal(metric, minute, earliest, latest);
      if (refusal != null) {
        outcome.rejected(metric.id(), refusal, 1);
        continue;
      }
      if (fleet) {
        fleetValues.add(identities.fleet(metric.series().type()), "", minute, metric);
      }
      if (instances) {
        MetricIdentity identity = identities.series(metric);
        if (identity.refusal() == null) {
          seriesValues.add(identity, metric.region(), minute, metric);
        } else {
          outcome.rejected(metric.id(), identity.refusal(), 1);
        }
      }
    }
  }

  void finish() {
    fleetValues.drain();
    seriesValues.drain();
    requests.flush();
  }

  private static @Nullable String refusal(
      Metric metric, Instant minute, Instant earliest, Instant latest) {
    if (minute.isBefore(earliest) || minute.isAfter(latest)) {
      return "timestamp %s is out of range: CloudWatch accepts two weeks back to two hours ahead, and a margin of %d minutes is kept at both ends"
          .formatted(metric.timestamp(), Limits.TIME_MARGIN.toMinutes());
    }
    double magnitude = Math.abs(metric.value());
    if (magnitude > Limits.MAX_MAGNITUDE) {
      return "value %s is beyond +-2^360, CloudWatch's limit: use a larger unit"
          .formatted(metric.value());
    }
    if (magnitude != 0 && magnitude < Limits.MIN_MAGNITUDE) {
      return "value %s is nearer to zero than %s, CloudWatch's limit: use a smaller unit"
          .formatted(metric.value(), Limits.MIN_MAGNITUDE);
    }
    return null;
  }
}
