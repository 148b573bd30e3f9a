package io.inframetrics.micrometer;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.micrometer.MeterReadings.Reading;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Observes one type from the meters of a Micrometer registry, at the end of each window. Rates and
 * means cover the time since the last run, the first ones the time since this collector was made,
 * so make it when the application starts.
 *
 * <p>The registry must be cumulative, as {@code SimpleMeterRegistry} and that of Prometheus are.
 * Others, such as those of CloudWatch or Datadog, start to count again at every step.
 */
public final class MicrometerCollector implements MetricCollector {

  private final MeterRegistry registry;
  private final MetricType type;
  private final MetricUnit unit;
  private final MeterSelection selection;
  private final String instance;
  private final String region;

  /** What the last run saw. */
  private final AtomicReference<MeterReadings> newest;

  /**
   * A collector of one type.
   *
   * @param unit of the values after the selection's factor
   * @param instance the instance id of all its series, such as the application's name
   */
  public MicrometerCollector(
      MeterRegistry registry,
      MetricType type,
      MetricUnit unit,
      MeterSelection selection,
      String instance,
      String region) {
    this.registry = registry;
    this.type = type;
    this.unit = unit;
    this.selection = selection;
    this.instance = instance;
    this.region = region;
    this.newest = new AtomicReference<>(MeterReadings.of(registry, selection));
  }

  @Override
  public MetricType type() {
    return type;
  }

  @Override
  public String name() {
    return "micrometer";
  }

  @Override
  public void collect(CollectionRequest request, MetricConsumer consumer)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    MeterReadings now = MeterReadings.of(registry, selection);
    MeterReadings before = newest.getAndSet(now);
    if (now.meters().isEmpty()) {
      consumer.note(
          "no meter is named %s%s: %s has nothing to observe"
              .formatted(
                  selection.meter(),
                  selection.tags().isEmpty() ? "" : " with the tags " + selection.tags(),
                  type));
      return;
    }
    double seconds = (now.nanos() - before.nanos()) / 1e9;
    SortedMap<String, Sum> sums = new TreeMap<>();
    for (Map.Entry<Meter.Id, Reading> meter : now.meters().entrySet()) {
      Map<String, String> dimensions = dimensions(meter.getKey());
      // A meter that was not there has counted from zero since.
      Reading earlier = before.meters().getOrDefault(meter.getKey(), MeterReadings.NOTHING);
      sums.computeIfAbsent(new TreeMap<>(dimensions).toString(), none -> new Sum(dimensions))
          .add(meter.getValue(), earlier);
    }
    List<String> refused = new ArrayList<>();
    for (Sum sum : sums.values()) {
      double value = sum.get(selection.statistic(), seconds) * selection.factor();
      if (Double.isNaN(value)) {
        continue; // It has no such statistic, or nothing was recorded.
      }
      Series series;
      try {
        series = Series.of(type, instance, sum.dimensions);
      } catch (IllegalArgumentException e) {
        refused.add(String.valueOf(e.getMessage()));
        continue;
      }
      consumer.accept(new Observation(series, request.until(), value, unit, region));
    }
    if (!refused.isEmpty()) {
      consumer.note(
          "%d series of meter %s were left out: %s"
              .formatted(refused.size(), selection.meter(), refused.get(0)));
    }
  }

  /** Tags without a value count as absent. */
  private Map<String, String> dimensions(Meter.Id id) {
    Map<String, String> dimensions = new TreeMap<>();
    for (String tag : selection.by()) {
      String value = id.getTag(tag);
      if (value != null && !value.isEmpty()) {
        dimensions.put(tag, value);
      }
    }
    return dimensions;
  }

  /** Meters that become one series. */
  private static final class Sum {

    private final Map<String, String> dimensions;
    private double count = Double.NaN;
    private double total = Double.NaN;
    private double value = Double.NaN;
    private double max = Double.NaN;

    Sum(Map<String, String> dimensions) {
      this.dimensions = dimensions;
    }

    void add(Reading now, Reading before) {
      // A meter that was removed and registered again has counted from zero since.
      boolean again = now.count() < before.count();
      count = plus(count, now.count() - (again ? 0 : before.count()));
      total = plus(total, now.total() - (again ? 0 : before.total()));
      value = plus(value, now.value());
      max =
          Double.isNaN(max) ? now.max() : Math.max(max, Double.isNaN(now.max()) ? max : now.max());
    }

    private static double plus(double sum, double part) {
      return Double.isNaN(sum) ? part : Double.isNaN(part) ? sum : sum + part;
    }

    /** NaN if there is none. */
    double get(Statistic statistic, double seconds) {
      return switch (statistic) {
        case VALUE -> value;
        case RATE -> seconds > 0 ? count / seconds : Double.NaN;
        case MEAN -> count > 0 ? total / count : Double.NaN;
        case MAX -> max;
      };
    }
  }
}
