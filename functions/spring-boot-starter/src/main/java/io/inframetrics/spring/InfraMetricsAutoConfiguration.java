package io.inframetrics.spring;

import static java.util.Objects.requireNonNull;

import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.pipeline.collect.CollectMetrics;
import io.inframetrics.pipeline.collect.CollectOneType;
import io.inframetrics.pipeline.collect.CollectionSchedule;
import io.inframetrics.sink.Stores;
import io.inframetrics.sink.local.LocalStores;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ResourceLoader;

/**
 * Collects every {@link MetricCollector} bean, and the chosen sources of the class path, into the
 * application's {@link Stores} bean, or a folder of this machine if there is none.
 */
@AutoConfiguration
@ConditionalOnProperty(name = "inframetrics.enabled", matchIfMissing = true)
@EnableConfigurationProperties(InfraMetricsProperties.class)
public final class InfraMetricsAutoConfiguration {

  private final Clock clock;

  InfraMetricsAutoConfiguration(ObjectProvider<Clock> clock) {
    this.clock = clock.getIfUnique(Clock::systemUTC);
  }

  /** Collectors that are not beans of their own. */
  record MoreCollectors(List<MetricCollector> collectors) {}

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean(Stores.class)
  LocalStores inframetricsStores(InfraMetricsProperties properties) {
    return LocalStores.open(properties.dataFolder(), clock);
  }

  @Bean
  @ConditionalOnMissingBean
  CollectorRegistry inframetricsCollectors(
      InfraMetricsProperties properties,
      ObjectProvider<MetricCollector> beans,
      ObjectProvider<MoreCollectors> more,
      ResourceLoader resources) {
    List<MetricCollector> collectors = new ArrayList<>(beans.orderedStream().toList());
    if (!properties.meters().isEmpty() && more.stream().findAny().isEmpty()) {
      throw new IllegalArgumentException(
          "inframetrics.meters needs Spring Boot's metrics: add spring-boot-starter-actuator, or remove the setting");
    }
    more.forEach(others -> collectors.addAll(others.collectors()));
    collectors.addAll(ofSources(properties, resources));
    return CollectorRegistry.of(collectors);
  }

  private List<MetricCollector> ofSources(
      InfraMetricsProperties properties, ResourceLoader resources) {
    TreeSet<String> unused = new TreeSet<>(properties.collector().keySet());
    properties.sources().forEach(unused::remove);
    if (!unused.isEmpty()) {
      throw new IllegalArgumentException(
          "inframetrics.collector has settings of %s, which inframetrics.sources does not name: add or remove them"
              .formatted(unused));
    }
    if (properties.sources().isEmpty()) {
      return List.of();
    }
    ClassLoader classLoader = resources.getClassLoader();
    CollectorRegistry registry =
        CollectorRegistry.discover(
            properties.sources(),
            source ->
                new CollectorSettings(
                    source, settings(properties.collector().getOrDefault(source, Map.of())), clock),
            classLoader == null ? getClass().getClassLoader() : classLoader);
    List<MetricCollector> collectors = new ArrayList<>();
    for (MetricType type : registry.types()) {
      collectors.addAll(registry.collectors(type));
    }
    return collectors;
  }

  /** Names as sources have them: max-gap of a file and MAX_GAP of the environment are max_gap. */
  private static Map<String, String> settings(Map<String, String> bound) {
    Map<String, String> settings = new HashMap<>();
    bound.forEach((name, value) -> settings.put(name.replace('-', '_').replace('.', '_'), value));
    return settings;
  }

  @Bean(destroyMethod = "shutdownNow")
  @ConditionalOnMissingBean(CollectMetrics.class)
  CollectorThreads inframetricsCollectorThreads() {
    return new CollectorThreads(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "inframetrics-collector");
              thread.setDaemon(true);
              return thread;
            }));
  }

  /** Not an executor bean, which Spring Boot would take for the application's own. */
  record CollectorThreads(ExecutorService executor) {

    void shutdownNow() {
      executor.shutdownNow();
    }
  }

  @Bean
  @ConditionalOnMissingBean
  CollectMetrics inframetricsCollectMetrics(
      InfraMetricsProperties properties,
      CollectorRegistry collectors,
      Stores stores,
      CollectorThreads threads) {
    return new CollectMetrics(
        collectors,
        new CollectOneType(
                stores.rawMetricSink(),
                stores.rawMetricSource(),
                stores.metricRecordSink(),
                stores.metricPublisher(),
                stores.runLedger(),
                new DatedObjectKeys(),
                new CollectionSchedule(
                    properties.schedule().period(), requireNonNull(properties.maxWindow())),
                threads.executor())
            .lookingBehind(stores::documentStore),
        clock);
  }

  @Bean
  @ConditionalOnMissingBean
  CollectionRuns inframetricsCollectionRuns(
      InfraMetricsProperties properties,
      CollectMetrics collectMetrics,
      CollectorRegistry collectors) {
    return new CollectionRuns(
        collectMetrics,
        collectors,
        properties.schedule(),
        properties.timeout(),
        () -> UUID.randomUUID().toString(),
        clock);
  }
}
