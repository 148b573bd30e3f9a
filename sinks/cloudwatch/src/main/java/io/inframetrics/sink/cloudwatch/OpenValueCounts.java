package io.inframetrics.sink.cloudwatch;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricUnit;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Value counts that may still grow, by metric, unit and minute; passed on as full data when
 * together they hold too many values. Used by one thread.
 */
final class OpenValueCounts {

  private final int maxValues;
  private final boolean counted;
  private final Requests requests;
  private final Map<Key, ValueCounts> open = new LinkedHashMap<>();
  private @Nullable Key lastKey;
  private @Nullable ValueCounts lastCounts;
  private int values;

  /**
   * @param maxValues different values in all of them
   * @param counted whether their observations count in the result
   * @param requests receive the full data
   */
  OpenValueCounts(int maxValues, boolean counted, Requests requests) {
    this.maxValues = maxValues;
    this.counted = counted;
    this.requests = requests;
  }

  /**
   * Adds the value of an observation.
   *
   * @param region of the metric; empty for a fleet
   * @param minute when the observation's minute starts
   */
  void add(MetricIdentity identity, String region, Instant minute, Metric metric) {
    Key key = lastKey;
    ValueCounts counts = lastCounts;
    if (counts == null || key == null || !key.is(identity.id(), region, metric.unit(), minute)) {
      key = new Key(identity.id(), region, metric.unit(), minute);
      counts = open.get(key);
      if (counts == null) {
        counts = new ValueCounts(identity, metric.unit(), minute, counted);
        open.put(key, counts);
      }
      lastKey = key;
      lastCounts = counts;
    }
    if (counts.add(metric.value()) && ++values > maxValues) {
      relieve();
    }
  }

  void drain() {
    open.values().forEach(minute -> minute.drain(false, requests));
    open.clear();
    lastCounts = null;
    values = 0;
  }

  /** Passes full data on; everything, if that leaves too much open. */
  private void relieve() {
    values = 0;
    for (ValueCounts minute : open.values()) {
      minute.drain(true, requests);
      values += minute.counts().size();
    }
    if (values > maxValues / 2) {
      drain();
      return;
    }
    open.values().removeIf(minute -> minute.counts().isEmpty());
    lastCounts = null;
  }

  private record Key(String id, String region, MetricUnit unit, Instant minute) {

    boolean is(String otherId, String otherRegion, MetricUnit otherUnit, Instant otherMinute) {
      return minute.equals(otherMinute)
          && unit == otherUnit
          && id.equals(otherId)
          && region.equals(otherRegion);
    }

    // A record's own methods are linked at run time, which no ahead-of-time cache stores.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && is(key.id, key.region, key.unit, key.minute);
    }

    @Override
    public int hashCode() {
      return ((id.hashCode() * 31 + region.hashCode()) * 31 + unit.hashCode()) * 31
          + minute.hashCode();
    }
  }
}
