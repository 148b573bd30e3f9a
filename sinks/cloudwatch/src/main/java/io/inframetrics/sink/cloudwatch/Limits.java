package io.inframetrics.sink.cloudwatch;

import java.time.Duration;

/**
 * Limits of a PutMetricData request.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html">PutMetricData</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html">MetricDatum</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html">Dimension</a>
 */
final class Limits {

  /** Data in a request. */
  static final int MAX_DATA = 1_000;

  /** Bytes of a request before gzip: "1 MB", read as the smaller of its two meanings. */
  static final int MAX_REQUEST_BYTES = 1_000_000;

  /** Different values in a datum. */
  static final int MAX_VALUES = 150;

  static final int MAX_DIMENSIONS = 30;

  /** Characters of a namespace and of a dimension's name. */
  static final int MAX_NAME_LENGTH = 255;

  /** Characters of a dimension's value. */
  static final int MAX_DIMENSION_VALUE_LENGTH = 1_024;

  /** Values lie between this and its negative: 2 to the power of 360. */
  static final double MAX_MAGNITUDE = 0x1p360;

  /**
   * The smallest magnitude other than zero, 8.515920e-109. The documentation says that values "too
   * small" are rejected; the number is from its editions before 2018 and is kept to be safe.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/sdkfornet/latest/apidocs/items/TCloudWatchPutMetricDataRequestNET45.html">the
   *     .NET reference</a>
   */
  static final double MIN_MAGNITUDE = 8.515920e-109;

  /** How old a timestamp may be on arrival. */
  static final Duration MAX_AGE = Duration.ofDays(14);

  /** How far ahead a timestamp may be on arrival. */
  static final Duration MAX_AHEAD = Duration.ofHours(2);

  /** Kept free at both ends of that window, for time in transit and for clocks that differ. */
  static final Duration TIME_MARGIN = Duration.ofMinutes(5);

  private Limits() {}
}
