package io.inframetrics.testkit.aws;

import io.inframetrics.testkit.aws.PutMetricData.Datum;
import io.inframetrics.testkit.aws.PutMetricData.Dimension;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * CloudWatch's limits, written from its documentation alone.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html">PutMetricData</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html">MetricDatum</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html">Dimension</a>
 */
final class CloudWatchLimits {

  private static final int DATA = 1_000;
  private static final int BODY_BYTES = 1_000_000;
  private static final int VALUES = 150;
  private static final int DIMENSIONS = 30;
  private static final int NAME_LENGTH = 255;
  private static final int VALUE_LENGTH = 1_024;
  private static final double LARGEST = Math.pow(2, 360);
  // "Too small" values are rejected as well; an earlier edition gives the limit.
  private static final double SMALLEST = 8.515920e-109;
  private static final Duration OLDEST = Duration.ofDays(14);
  private static final Duration NEWEST = Duration.ofHours(2);

  private static final Set<String> UNITS =
      Set.of(
          ("Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Terabytes Bits"
                  + " Kilobits Megabits Gigabits Terabits Percent Count Bytes/Second"
                  + " Kilobytes/Second Megabytes/Second Gigabytes/Second Terabytes/Second"
                  + " Bits/Second Kilobits/Second Megabits/Second Gigabits/Second Terabits/Second"
                  + " Count/Second None")
              .split(" "));

  private static final String INVALID = "InvalidParameterValue";
  private static final String COMBINATION = "InvalidParameterCombination";

  private CloudWatchLimits() {}

  static void check(PutMetricData request, Instant now) {
    String namespace = request.namespace();
    must(
        !namespace.isEmpty() && namespace.length() <= NAME_LENGTH && namespace.charAt(0) != ':',
        "The value '%s' for parameter Namespace is invalid",
        namespace);
    must(
        !namespace.startsWith("AWS/"),
        "The namespace '%s' is reserved for AWS services",
        namespace);
    must(!request.data().isEmpty(), "The parameter MetricData is required");
    must(
        request.data().size() <= DATA,
        "The collection MetricData must not have a size greater than %d, and has %d",
        DATA,
        request.data().size());
    RefusedException.unless(
        request.bodyBytes() <= BODY_BYTES,
        "RequestEntityTooLarge",
        "The request has %d bytes, more than %d",
        request.bodyBytes(),
        BODY_BYTES);
    request.data().forEach(datum -> check(datum, now));
  }

  private static void check(Datum datum, Instant now) {
    String name = datum.metricName();
    must(
        !name.isEmpty() && name.length() <= NAME_LENGTH,
        "The value '%s' for parameter MetricName is invalid",
        name);
    Instant time = datum.timestamp();
    must(
        time == null || !time.isBefore(now.minus(OLDEST)),
        "The timestamp %s is more than two weeks before %s",
        time,
        now);
    must(
        time == null || !time.isAfter(now.plus(NEWEST)),
        "The timestamp %s is more than two hours after %s",
        time,
        now);
    must(
        datum.unit() == null || UNITS.contains(datum.unit()),
        "The unit '%s' is unknown",
        datum.unit());
    checkDimensions(datum.dimensions());
    checkValues(datum);
  }

  private static void checkDimensions(List<Dimension> dimensions) {
    must(
        dimensions.size() <= DIMENSIONS,
        "The collection Dimensions must not have a size greater than %d, and has %d",
        DIMENSIONS,
        dimensions.size());
    Set<String> names = new HashSet<>();
    for (Dimension dimension : dimensions) {
      String name = dimension.name();
      String value = dimension.value();
      must(names.add(name), "The dimension name '%s' occurs twice", name);
      must(
          isText(name, NAME_LENGTH) && name.charAt(0) != ':',
          "The dimension name '%s' is invalid",
          name);
      must(isText(value, VALUE_LENGTH), "The dimension value '%s' is invalid", value);
    }
  }

  /** ASCII without control characters, and not blank. */
  private static boolean isText(String text, int longest) {
    return !text.isBlank()
        && text.length() <= longest
        && text.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  private static void checkValues(Datum datum) {
    RefusedException.unless(
        (datum.value() == null) != datum.values().isEmpty(),
        COMBINATION,
        "Exactly one of Value and Values must be given");
    must(
        datum.values().size() <= VALUES,
        "The collection Values must not have a size greater than %d, and has %d",
        VALUES,
        datum.values().size());
    RefusedException.unless(
        datum.counts().isEmpty() || datum.counts().size() == datum.values().size(),
        COMBINATION,
        "There are %d Values and %d Counts",
        datum.values().size(),
        datum.counts().size());
    datum.weights().keySet().forEach(CloudWatchLimits::checkMagnitude);
    for (double count : datum.counts()) {
      must(count > 0 && Double.isFinite(count), "The count %s is invalid", count);
    }
  }

  private static void checkMagnitude(double value) {
    double magnitude = Math.abs(value);
    must(
        magnitude == 0 || (magnitude >= SMALLEST && magnitude <= LARGEST),
        "The value %s is out of range",
        value);
  }

  private static void must(boolean holds, String message, @Nullable Object... values) {
    RefusedException.unless(holds, INVALID, message, values);
  }
}
