package io.inframetrics.sink.sns;

import java.util.regex.Pattern;

/**
 * Where notifications go.
 *
 * @param topicArn of a standard topic
 * @param reports the location of the report store, such as {@code s3://my-bucket/}; a shortened
 *     message contains it, followed by the report's key
 */
public record SnsSettings(String topicArn, String reports) {

  private static final Pattern ARN =
      Pattern.compile("arn:[a-z0-9-]+:sns:[a-z0-9-]+:\\d{12}:[A-Za-z0-9_-]{1,256}");

  /** Characters of {@code reports}, so that the pointer always fits. */
  static final int MAX_REPORTS_LENGTH = 1_024;

  public SnsSettings {
    if (!ARN.matcher(topicArn).matches()) {
      throw new IllegalArgumentException(
          "topic '%s' is not valid: use the ARN of a standard topic, such as 'arn:aws:sns:eu-west-1:123456789012:alerts'"
              .formatted(topicArn));
    }
    if (reports.isBlank() || reports.length() > MAX_REPORTS_LENGTH) {
      throw new IllegalArgumentException(
          "location of reports '%s' is not valid: use 1 to %d characters, such as 's3://my-bucket/'"
              .formatted(reports, MAX_REPORTS_LENGTH));
    }
  }
}
