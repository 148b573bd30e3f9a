/**
 * Publishes every series to an OpenTelemetry endpoint: CloudWatch's, or that of any collector.
 *
 * <pre>{@code
 * MetricPublisher publisher =
 *     OtlpMetricPublisher.to(
 *         OtlpSettings.to(URI.create("http://localhost:4318/v1/metrics")),
 *         AwsCalls.Sleeper.THREAD,
 *         Clock.systemUTC());
 * WriteResult result = publisher.publish(batches, deadline);
 * }</pre>
 *
 * <p>{@link io.inframetrics.sink.otlp.OtlpMetricPublisher} checks each metric against CloudWatch's
 * limits, encodes it as a data point of a gauge, packs the points into full requests and sends each
 * once. {@link io.inframetrics.sink.otlp.OtlpSettings} has the address, the encoding, the names and
 * the attributes of the resource.
 */
@NullMarked
package io.inframetrics.sink.otlp;

import org.jspecify.annotations.NullMarked;
