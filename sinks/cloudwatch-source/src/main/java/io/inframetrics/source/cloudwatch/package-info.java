/**
 * The source {@code cloudwatch}: observations from what CloudWatch already has. {@link
 * io.inframetrics.source.cloudwatch.CloudWatchCollectorFactory} lists its settings.
 *
 * <pre>{@code
 * INFRAMETRICS_SOURCE=cloudwatch
 * INFRAMETRICS_COLLECTOR_CLOUDWATCH_REGIONS=eu-west-1,us-east-1
 * }</pre>
 *
 * <p>A run lists what there is (ListMetrics), chooses the instances and one set of dimensions for
 * each series, and reads the values of the window in the fewest calls (GetMetricData). An account
 * or region that cannot be read is reported by name; the others are read all the same.
 */
@NullMarked
package io.inframetrics.source.cloudwatch;

import org.jspecify.annotations.NullMarked;
