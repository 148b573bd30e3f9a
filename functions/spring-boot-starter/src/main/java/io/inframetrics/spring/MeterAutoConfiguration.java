package io.inframetrics.spring;

import io.inframetrics.collect.MetricCollector;
import io.inframetrics.metric.MetricType;
import io.inframetrics.micrometer.MeterSelection;
import io.inframetrics.micrometer.MicrometerCollector;
import io.inframetrics.spring.InfraMetricsAutoConfiguration.MoreCollectors;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.simple.CountingMode;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Collects the Micrometer meters that {@code inframetrics.meters} names. They come from a registry
 * of its own, which Spring Boot fills as it does those of exporters: others may start to count
 * again at every step.
 */
@AutoConfiguration(
    before = InfraMetricsAutoConfiguration.class,
    afterName =
        "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
    beforeName = {
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration"
    })
@ConditionalOnClass(
    name = {
      "io.micrometer.core.instrument.MeterRegistry",
      "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration"
    })
@ConditionalOnProperty(name = "inframetrics.enabled", matchIfMissing = true)
@Conditional(MeterAutoConfiguration.OnMeters.class)
@EnableConfigurationProperties(InfraMetricsProperties.class)
public final class MeterAutoConfiguration {

  private static final String DEFAULT_INSTANCE = "application";

  MeterAutoConfiguration() {}

  /** The registry of {@code inframetrics.meters}; nothing else needs to know it. */
  static final class CollectedMeterRegistry extends SimpleMeterRegistry {

    CollectedMeterRegistry(Duration period, Clock clock) {
      super(
          new SimpleConfig() {
            @Override
            public @Nullable String get(String key) {
              return null; // Nothing but what stands here.
            }

            @Override
            public CountingMode mode() {
              return CountingMode.CUMULATIVE;
            }

            @Override
            public Duration step() {
              return period; // For so long are maxima remembered.
            }
          },
          clock);
    }
  }

  @Bean
  CollectedMeterRegistry inframetricsMeterRegistry(
      InfraMetricsProperties properties, ObjectProvider<Clock> clock) {
    return new CollectedMeterRegistry(
        properties.schedule().period(), clock.getIfUnique(() -> Clock.SYSTEM));
  }

  @Bean
  MoreCollectors inframetricsMeterCollectors(
      InfraMetricsProperties properties, CollectedMeterRegistry registry, Environment environment) {
    String instance = properties.instance();
    String name =
        instance == null
            ? environment.getProperty("spring.application.name", DEFAULT_INSTANCE)
            : instance;
    return new MoreCollectors(
        properties.meters().entrySet().stream()
            .map(entry -> (MetricCollector) collector(entry, registry, name, properties.region()))
            .toList());
  }

  private static MicrometerCollector collector(
      Map.Entry<String, InfraMetricsProperties.Meters> entry,
      CollectedMeterRegistry registry,
      String instance,
      String region) {
    InfraMetricsProperties.Meters meters = entry.getValue();
    try {
      return new MicrometerCollector(
          registry,
          new MetricType(entry.getKey().replace('-', '_')),
          meters.unit(),
          new MeterSelection(
              meters.meter(), meters.statistic(), meters.tags(), meters.by(), meters.factor()),
          instance,
          region);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "inframetrics.meters.%s: %s".formatted(entry.getKey(), e.getMessage()), e);
    }
  }

  /** Whether {@code inframetrics.meters} names any. */
  static final class OnMeters extends SpringBootCondition {

    private static final Bindable<Map<String, Object>> METERS =
        Bindable.mapOf(String.class, Object.class);

    @Override
    public ConditionOutcome getMatchOutcome(
        ConditionContext context, AnnotatedTypeMetadata metadata) {
      ConditionMessage.Builder message = ConditionMessage.forCondition("inframetrics.meters");
      return Binder.get(context.getEnvironment()).bind("inframetrics.meters", METERS).isBound()
          ? ConditionOutcome.match(message.because("it names meters"))
          : ConditionOutcome.noMatch(message.because("it names no meter"));
    }
  }
}
