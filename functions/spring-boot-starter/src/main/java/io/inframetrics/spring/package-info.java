/**
 * Auto-configuration for Spring Boot: every {@code MetricCollector} bean is collected on a
 * schedule. {@link io.inframetrics.spring.InfraMetricsProperties} has the settings, and the README
 * beside the POM shows an application.
 */
@NullMarked
package io.inframetrics.spring;

import org.jspecify.annotations.NullMarked;
