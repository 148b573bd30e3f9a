/**
 * Where observations come from. Teams implement {@link io.inframetrics.collect.MetricCollector} and
 * register a {@link io.inframetrics.collect.MetricCollectorFactory} in {@code META-INF/services};
 * {@link io.inframetrics.collect.CollectorRegistry} finds it.
 */
@NullMarked
package io.inframetrics.collect;

import org.jspecify.annotations.NullMarked;
