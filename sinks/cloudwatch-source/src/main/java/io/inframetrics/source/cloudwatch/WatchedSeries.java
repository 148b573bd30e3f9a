package io.inframetrics.source.cloudwatch;

import io.inframetrics.metric.Series;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A series and the CloudWatch metrics whose sum it is.
 *
 * @param account that owns the metrics; null for the account that asks
 */
record WatchedSeries(Series series, @Nullable String account, List<Metric> metrics) {}
