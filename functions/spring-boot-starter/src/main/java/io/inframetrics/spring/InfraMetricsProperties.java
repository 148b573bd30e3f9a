package io.inframetrics.spring;

import io.inframetrics.metric.MetricUnit;
import io.inframetrics.micrometer.Statistic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings {@code inframetrics.*}.
 *
 * @param enabled whether this application collects anything
 * @param schedule when it collects
 * @param timeout how long one run may take; collectors that need longer are interrupted
 * @param maxWindow the longest time that one run looks back, after a pause for example; by default
 *     a day or the period, whichever is longer
 * @param dataFolder the folder of the stores, unless the application has a bean of type Stores
 * @param sources sources on the class path that are collected besides the collectors that are
 *     beans, such as host or scrape
 * @param collector settings of the sources, by source: inframetrics.collector.scrape.targets
 * @param instance the instance id of what meters show; by default spring.application.name
 * @param region the region of what meters show
 * @param meters Micrometer meters to collect, by metric type: request-time becomes request_time
 */
@ConfigurationProperties("inframetrics")
public record InfraMetricsProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue Schedule schedule,
    @DefaultValue("1m") Duration timeout,
    @Nullable Duration maxWindow,
    @DefaultValue("inframetrics-data") Path dataFolder,
    @DefaultValue List<String> sources,
    @DefaultValue Map<String, Map<String, String>> collector,
    @Nullable String instance,
    @DefaultValue("local") String region,
    @DefaultValue Map<String, Meters> meters) {

  private static final Duration DAY = Duration.ofDays(1);

  public InfraMetricsProperties {
    requirePositive("timeout", timeout);
    requirePositive("schedule.period", schedule.period());
    if (schedule.initialDelay().isNegative()) {
      throw new IllegalArgumentException(
          "inframetrics.schedule.initial-delay is %s: use zero or more"
              .formatted(schedule.initialDelay()));
    }
    if (maxWindow == null) {
      maxWindow = schedule.period().compareTo(DAY) > 0 ? schedule.period() : DAY;
    }
  }

  private static void requirePositive(String name, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(
          "inframetrics.%s is %s: use a positive duration such as 5m".formatted(name, duration));
    }
  }

  /**
   * When the application collects.
   *
   * @param enabled whether it collects by itself; without, only when a CollectionRuns bean is
   *     called
   * @param period the time from run to run
   * @param initialDelay the time from the start of the application to the first run
   */
  public record Schedule(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("5m") Duration period,
      @DefaultValue("10s") Duration initialDelay) {}

  /**
   * Meters that become one metric type.
   *
   * @param meter the name of the meters, such as http.server.requests
   * @param statistic what is read of each: value, rate, mean or max
   * @param unit of the values, after the factor
   * @param tags only meters with these tags are read
   * @param by tags that become dimensions; meters that agree in them are added up
   * @param factor what values are multiplied by
   */
  public record Meters(
      @DefaultValue("") String meter,
      @DefaultValue("value") Statistic statistic,
      @DefaultValue("none") MetricUnit unit,
      @DefaultValue Map<String, String> tags,
      @DefaultValue List<String> by,
      @DefaultValue("1") double factor) {}
}
