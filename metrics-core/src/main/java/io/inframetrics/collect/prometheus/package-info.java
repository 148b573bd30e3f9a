/**
 * What Prometheus knows, in two sources:
 *
 * <ul>
 *   <li>{@code prometheus}: a Prometheus server's HTTP API. It has every scrape of the window.
 *       {@link io.inframetrics.collect.prometheus.PrometheusCollectorFactory} has its settings
 *   <li>{@code scrape}: pages of exporters and applications, in Prometheus's text format or
 *       OpenMetrics, without a server. They only know the present. {@link
 *       io.inframetrics.collect.prometheus.ScrapeCollectorFactory} has its settings
 * </ul>
 *
 * <p>Both read the four built-in types from a node exporter, and other types by rules. The README
 * beside the source says what is read, in which unit, and what cannot be compared with other tools.
 */
@NullMarked
package io.inframetrics.collect.prometheus;

import org.jspecify.annotations.NullMarked;
