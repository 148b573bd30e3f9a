package io.inframetrics.collect.synthetic;

import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricCollectorFactory;
import io.inframetrics.collect.SettingsReader;
import java.time.Duration;
import java.util.List;

/**
 * The source {@code synthetic}. Its settings, all optional ({@code
 * INFRAMETRICS_COLLECTOR_SYNTHETIC_*} in the environment):
 *
 * <ul>
 *   <li>{@code seed}: any whole number; default 0
 *   <li>{@code instances}: 1 to 1,000,000; default 10
 *   <li>{@code region}: default {@code eu-west-1}
 *   <li>{@code step}: time between points, whole seconds, PT1S to P1D; default PT5M
 *   <li>{@code incidents}: the text form of {@link Incident}; default none
 * </ul>
 */
public final class SyntheticCollectorFactory implements MetricCollectorFactory {

  static final String NAME = "synthetic";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<MetricCollector> create(CollectorSettings settings) {
    SettingsReader reader = new SettingsReader(settings);
    SyntheticFleet.Builder fleet =
        SyntheticFleet.builder()
            .seed(reader.number("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE))
            .instances((int) reader.number("instances", 10, 1, SyntheticFleet.MAX_INSTANCES))
            .region(reader.text("region", "eu-west-1"))
            .incidents(reader.parsed("incidents", List.of(), Incident::parseAll));
    try {
      fleet.step(reader.duration("step", Duration.ofMinutes(5)));
    } catch (IllegalArgumentException e) {
      reader.mistake(String.valueOf(e.getMessage()));
    }
    List<MetricCollector> collectors = List.of();
    try {
      collectors = fleet.build().collectors();
    } catch (IllegalArgumentException e) {
      reader.mistake(String.valueOf(e.getMessage()));
    }
    reader.finish();
    return collectors;
  }
}
