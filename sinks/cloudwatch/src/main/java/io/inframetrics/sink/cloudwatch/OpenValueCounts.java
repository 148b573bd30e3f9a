package io.inframetrics.sink.cloudwatch;

import io.inframetrics.metric.MetricUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The value counts that may still grow, by metric, unit and minute; handed on as full data when
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
   * None yet.
   *
   * @param maxValues different values in all of them
   * @param counted whether their observations count in the result
   * @param requests take what is handed on
   */
  OpenValueCounts(int maxValues, boolean counted, Requests requests) {
    this.maxValues = maxValues;
    this.counted = counted;
    this.requests = requests;
  }

  /**
   * Adds a value.
   *
   * @param who a type or a series
   * @param identity of its metric
   */
  void add(
      Object who,
      String region,
      MetricUnit unit,
      long epochMinute,
      double value,
      MetricIdentity identity) {
    Key key = lastKey;
    ValueCounts minute = lastCounts;
    if (minute == null || key == null || !key.is(who, region, unit, epochMinute)) {
      key = new Key(who, region, unit, epochMinute);
      minute = open.get(key);
      if (minute == null) {
        minute = new ValueCounts(identity, unit, epochMinute, counted);
        open.put(key, minute);
      }
      lastKey = key;
      lastCounts = minute;
    }
    if (minute.add(value) && ++values > maxValues) {
      relieve();
    }
  }

  /** Hands on everything. */
  void drain() {
    for (ValueCounts minute : open.values()) {
      minute.drain(false, requests);
    }
    open.clear();
    lastCounts = null;
    values = 0;
  }

  /** Hands on full data; if that leaves too much open, everything. */
  private void relieve() {
    values = 0;
    for (ValueCounts minute : open.values()) {
      minute.drain(true, requests);
      values += minute.distinct();
    }
    if (values > maxValues / 2) {
      drain();
      return;
    }
    open.values().removeIf(minute -> minute.distinct() == 0);
    lastCounts = null;
  }

  /** Which value counts an observation belongs to. */
  private record Key(Object who, String region, MetricUnit unit, long epochMinute) {

    boolean is(Object otherWho, String otherRegion, MetricUnit otherUnit, long otherMinute) {
      return epochMinute == otherMinute
          && unit == otherUnit
          && who.equals(otherWho)
          && region.equals(otherRegion);
    }

    // Not left to the record: its own are linked at run time, which no ahead-of-time cache stores.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && is(key.who, key.region, key.unit, key.epochMinute);
    }

    @Override
    public int hashCode() {
      return ((who.hashCode() * 31 + region.hashCode()) * 31 + unit.hashCode()) * 31
          + Long.hashCode(epochMinute);
    }
  }
}
