package io.inframetrics.spring;

import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Shows the last run as {@code inframetrics} among the application's health. */
@AutoConfiguration(after = InfraMetricsAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(CollectionRuns.class)
public final class CollectionHealthAutoConfiguration {

  CollectionHealthAutoConfiguration() {}

  @Bean
  @ConditionalOnEnabledHealthIndicator("inframetrics")
  @ConditionalOnMissingBean(name = "inframetricsHealthIndicator")
  HealthIndicator inframetricsHealthIndicator(
      CollectionRuns runs, InfraMetricsProperties properties, ObjectProvider<Clock> clock) {
    return new CollectionHealthIndicator(
        runs, properties.schedule(), clock.getIfUnique(Clock::systemUTC));
  }
}
