/**
 * Publishes data points to CloudWatch in the fewest requests.
 *
 * <pre>{@code
 * AwsClients clients = AwsClients.fromEnvironment(environment);
 * CloudWatchClient client = clients.build("cloudwatch", CloudWatchClient.builder());
 * MetricPublisher publisher =
 *     new CloudWatchMetricPublisher(
 *         client, CloudWatchSettings.of("InfraMetrics"), calls, Clock.systemUTC());
 * WriteResult result = publisher.publish(batches, deadline);
 * }</pre>
 *
 * <p>{@link io.inframetrics.sink.cloudwatch.CloudWatchMetricPublisher} checks each observation
 * against the service's limits, counts those of one metric and one minute in {@code Values} and
 * {@code Counts}, packs the data into full requests and sends each once. {@link
 * io.inframetrics.sink.cloudwatch.DimensionPolicy} says which metrics there are: one for a whole
 * type (free), one for each series (paid for), or both. {@link
 * io.inframetrics.sink.cloudwatch.CloudWatchSettings} has the namespace and a budget of series.
 *
 * <p>Nothing is averaged and no value is rounded: percentiles, minimum and maximum are those of the
 * observations. Timestamps are cut to the minute, which is what CloudWatch stores.
 */
@NullMarked
package io.inframetrics.sink.cloudwatch;

import org.jspecify.annotations.NullMarked;
