package io.inframetrics.micrometer;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the selected meters of a registry showed at one moment. Immutable.
 *
 * @param nanos of the registry's clock
 */
record MeterReadings(Map<Meter.Id, Reading> meters, long nanos) {

  static final Reading NOTHING = new Reading(0, 0, Double.NaN, Double.NaN);

  /**
   * One meter.
   *
   * @param count recordings since it was registered; NaN if it counts nothing
   * @param total the sum of what was recorded; NaN if it has none
   * @param value of now; NaN if it has none
   * @param max NaN if it has none
   */
  record Reading(double count, double total, double value, double max) {}

  static MeterReadings of(MeterRegistry registry, MeterSelection selection) {
    List<Tag> tags = new ArrayList<>();
    selection.tags().forEach((name, value) -> tags.add(Tag.of(name, value)));
    Map<Meter.Id, Reading> meters = new HashMap<>();
    for (Meter meter : registry.find(selection.meter()).tags(tags).meters()) {
      meters.put(meter.getId(), read(meter));
    }
    return new MeterReadings(meters, registry.config().clock().monotonicTime());
  }

  private static Reading read(Meter meter) {
    return meter.match(
        gauge -> value(gauge.value()),
        counter -> count(counter.count()),
        timer ->
            new Reading(
                timer.count(),
                timer.totalTime(TimeUnit.SECONDS),
                Double.NaN,
                timer.max(TimeUnit.SECONDS)),
        summary -> new Reading(summary.count(), summary.totalAmount(), Double.NaN, summary.max()),
        tasks ->
            new Reading(Double.NaN, Double.NaN, tasks.activeTasks(), tasks.max(TimeUnit.SECONDS)),
        gauge -> value(gauge.value(TimeUnit.SECONDS)),
        counter -> count(counter.count()),
        timer ->
            new Reading(timer.count(), timer.totalTime(TimeUnit.SECONDS), Double.NaN, Double.NaN),
        other -> value(Double.NaN));
  }

  private static Reading value(double value) {
    return new Reading(Double.NaN, Double.NaN, value, Double.NaN);
  }

  private static Reading count(double count) {
    return new Reading(count, Double.NaN, Double.NaN, Double.NaN);
  }
}
