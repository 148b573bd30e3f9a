package io.inframetrics.sink.otlp;

import java.time.Duration;

/**
 * Limits of CloudWatch's OpenTelemetry endpoint. They apply to every endpoint: what CloudWatch
 * takes, others take too.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-OTLPEndpoint.html">CloudWatch
 *     OTLP endpoints</a>
 */
final class Limits {

  /** Data points in a request. */
  static final int MAX_POINTS = 1_000;

  /**
   * Bytes of a request before gzip. One edition of the documentation says 5 MB, an older one 1 MB;
   * this is the smaller one, in the smaller of its two meanings.
   */
  static final int MAX_REQUEST_BYTES = 1_000_000;

  /** Labels of a data point: its attributes and those of its resource. */
  static final int MAX_LABELS = 150;

  /** Characters of an attribute's value. */
  static final int MAX_VALUE_LENGTH = 1_024;

  /** Characters of an attribute's name. No limit is documented: CloudWatch's of a dimension. */
  static final int MAX_NAME_LENGTH = 255;

  /** Bytes of the names and values of a data point's labels: "40 KB", read as the smaller one. */
  static final int MAX_LABEL_BYTES = 40_000;

  /** How old a timestamp may be on arrival. */
  static final Duration MAX_AGE = Duration.ofDays(14);

  /** How far ahead a timestamp may be on arrival. */
  static final Duration MAX_AHEAD = Duration.ofMinutes(10);

  /** Kept free at both ends of that window, for time in transit and for clocks that differ. */
  static final Duration TIME_MARGIN = Duration.ofMinutes(1);

  private Limits() {}
}
