package io.inframetrics.sink.cloudwatch;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of the publisher: checks observations, folds them by metric and minute, and hands full
 * folds on. Memory does not grow with the observations. Used by one thread.
 */
final class Publication {

  /** Different values in all open folds. When there are more, full data are handed on. */
  static final int MAX_OPEN_VALUES = 16_384;

  private final Map<String, String> fixedDimensions;
  private final boolean fleet;
  private final boolean instances;
  private final Requests requests;
  private final Outcome outcome;
  private final Clock clock;

  private final Map<Key, Fold> open = new LinkedHashMap<>();
  private final Map<MetricType, MetricIdentity> fleets = new HashMap<>();
  private @Nullable Metric lastOfSeries;
  private @Nullable MetricIdentity lastSeries;
  private @Nullable Key lastFleetKey;
  private @Nullable Fold lastFleet;
  private int openValues;

  Publication(
      CloudWatchSettings settings,
      boolean instances,
      Requests requests,
      Outcome outcome,
      Clock clock) {
    this.fixedDimensions = settings.dimensions();
    this.fleet = settings.policy().hasFleet();
    this.instances = instances;
    this.requests = requests;
    this.outcome = outcome;
    this.clock = clock;
  }

  void add(List<Metric> batch) {
    Instant now = clock.instant();
    long earliest = now.minus(Limits.MAX_AGE).plus(Limits.TIME_MARGIN).getEpochSecond();
    long latest = now.plus(Limits.MAX_AHEAD).minus(Limits.TIME_MARGIN).getEpochSecond();
    for (Metric metric : batch) {
      long epochMinute = Math.floorDiv(metric.timestamp().getEpochSecond(), 60L);
      String refusal = refusal(metric, epochMinute * 60, earliest, latest);
      if (refusal != null) {
        outcome.rejected(metric.id(), refusal, 1);
        continue;
      }
      if (fleet) {
        addToFleet(metric, epochMinute);
      }
      if (instances) {
        addToSeries(metric, epochMinute);
      }
      if (openValues > MAX_OPEN_VALUES) {
        relieve();
      }
    }
  }

  /** Hands on everything that is open. */
  void finish() {
    for (Fold fold : open.values()) {
      fold.drain(false, (values, counts) -> requests.add(fold, values, counts));
    }
    open.clear();
    lastFleet = null;
    openValues = 0;
    requests.flush();
  }

  private static @Nullable String refusal(
      Metric metric, long epochSecond, long earliest, long latest) {
    if (epochSecond < earliest || epochSecond > latest) {
      return "timestamp %s is not within two weeks back and two hours ahead, less %d minutes: CloudWatch takes no other"
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

  private void addToFleet(Metric metric, long epochMinute) {
    MetricType type = metric.series().type();
    Fold fold = lastFleet;
    Key key = lastFleetKey;
    if (fold == null || key == null || !key.isOf(type, metric.unit(), epochMinute)) {
      key = new Key(type, "", metric.unit(), epochMinute);
      fold =
          open.computeIfAbsent(
              key,
              k ->
                  new Fold(
                      fleets.computeIfAbsent(type, t -> MetricIdentity.fleet(t, fixedDimensions)),
                      k.unit,
                      k.epochMinute,
                      !instances));
      lastFleet = fold;
      lastFleetKey = key;
    }
    add(fold, metric.value());
  }

  private void addToSeries(Metric metric, long epochMinute) {
    MetricIdentity identity = identity(metric);
    if (identity.refusal() != null) {
      outcome.rejected(metric.id(), identity.refusal(), 1);
      return;
    }
    Key key = new Key(metric.series(), metric.region(), metric.unit(), epochMinute);
    add(
        open.computeIfAbsent(key, k -> new Fold(identity, k.unit, k.epochMinute, true)),
        metric.value());
  }

  private void add(Fold fold, double value) {
    if (fold.add(value)) {
      openValues++;
    }
  }

  /** Observations of a series stand together, so the last identity is the one that comes again. */
  private MetricIdentity identity(Metric metric) {
    Metric last = lastOfSeries;
    MetricIdentity known = lastSeries;
    if (known == null
        || last == null
        || !last.series().equals(metric.series())
        || !last.region().equals(metric.region())) {
      known = MetricIdentity.series(metric, fixedDimensions);
      lastSeries = known;
      lastOfSeries = metric;
    }
    return known;
  }

  /** Hands on full data; if that leaves too much open, everything. */
  private void relieve() {
    openValues = 0;
    for (Fold fold : open.values()) {
      fold.drain(true, (values, counts) -> requests.add(fold, values, counts));
      openValues += fold.distinct();
    }
    if (openValues > MAX_OPEN_VALUES / 2) {
      for (Fold fold : open.values()) {
        fold.drain(false, (values, counts) -> requests.add(fold, values, counts));
      }
      openValues = 0;
    }
    open.values().removeIf(fold -> fold.distinct() == 0);
    lastFleet = null;
  }

  /** Which fold an observation belongs to; {@code who} is a type or a series. */
  private record Key(Object who, String region, MetricUnit unit, long epochMinute) {

    boolean isOf(MetricType type, MetricUnit otherUnit, long minute) {
      return epochMinute == minute && unit == otherUnit && who.equals(type);
    }
  }
}
