package io.inframetrics.source.cloudwatch;

import java.time.Duration;

/** CloudWatch's limits, each with the page that documents it. */
final class Limits {

  /**
   * Queries in one call of GetMetricData.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html">GetMetricData</a>
   */
  static final int QUERIES = 500;

  /** Values in one answer of GetMetricData; same page. */
  static final int POINTS = 100_800;

  /**
   * How recently a metric of ListMetrics with {@code RecentlyActive} had a value.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html">ListMetrics</a>
   */
  static final Duration RECENTLY_ACTIVE = Duration.ofHours(3);

  private Limits() {}
}
