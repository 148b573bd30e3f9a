package io.inframetrics.sink.cloudwatch;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;

/**
 * Creates the metrics of fleets and series. Remembers the last of each, because observations of a
 * series come together. Used by one thread.
 */
final class MetricIdentities {

  static final String INSTANCE_ID = "InstanceId";
  static final String REGION = "Region";

  private static final int NAME_BYTES = CborSize.text("MetricName");
  private static final int LIST_BYTES = CborSize.text("Dimensions");
  private static final int DIMENSION_BYTES =
      CborSize.MAP + CborSize.text("Name") + CborSize.text("Value");

  private final List<Dimension> fixed;
  private @Nullable MetricIdentity lastFleet;
  private @Nullable Series lastSeries;
  private String lastRegion = "";
  private @Nullable MetricIdentity lastIdentity;

  MetricIdentities(SortedMap<String, String> fixed) {
    this.fixed = dimensions(fixed);
  }

  /** The metric over all instances of a type. */
  MetricIdentity fleet(MetricType type) {
    MetricIdentity known = lastFleet;
    if (known == null || !known.name().equals(type.name())) {
      known = identity(type, fixed, type.name());
      lastFleet = known;
    }
    return known;
  }

  MetricIdentity series(Metric metric) {
    Series series = metric.series();
    MetricIdentity known = lastIdentity;
    if (known == null || !metric.region().equals(lastRegion) || !series.equals(lastSeries)) {
      List<Dimension> all = new ArrayList<>(fixed);
      all.add(dimension(INSTANCE_ID, series.instanceId()));
      all.add(dimension(REGION, metric.region()));
      all.addAll(dimensions(series.dimensions()));
      known = identity(series.type(), all, series.id());
      lastSeries = series;
      lastRegion = metric.region();
      lastIdentity = known;
    }
    return known;
  }

  private static MetricIdentity identity(MetricType type, List<Dimension> dimensions, String id) {
    int bytes = NAME_BYTES + CborSize.text(type.name());
    if (!dimensions.isEmpty()) {
      bytes += LIST_BYTES + CborSize.head(dimensions.size());
    }
    String refusal = null;
    Set<String> names = new HashSet<>();
    for (Dimension dimension : dimensions) {
      String name = dimension.name();
      String value = dimension.value();
      bytes += DIMENSION_BYTES + CborSize.text(name) + CborSize.text(value);
      if (!names.add(name) && refusal == null) {
        refusal = "dimension '%s' occurs twice: rename the dimension of the series".formatted(name);
      } else if (refusal == null) {
        refusal = refusal(name, value);
      }
    }
    if (dimensions.size() > Limits.MAX_DIMENSIONS) {
      refusal =
          "there are %d dimensions, including instance id, region and fixed dimensions: use at most %d"
              .formatted(dimensions.size(), Limits.MAX_DIMENSIONS);
    }
    return new MetricIdentity(type.name(), dimensions, id, bytes, refusal);
  }

  private static List<Dimension> dimensions(SortedMap<String, String> values) {
    return values.entrySet().stream()
        .map(dimension -> dimension(dimension.getKey(), dimension.getValue()))
        .toList();
  }

  private static Dimension dimension(String name, String value) {
    return Dimension.builder().name(name).value(value).build();
  }

  /**
   * Why a dimension cannot be sent; null if it can.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html">Dimension</a>
   */
  static @Nullable String refusal(String name, String value) {
    if (!isText(name, Limits.MAX_NAME_LENGTH) || name.charAt(0) == ':') {
      return "dimension name '%s' is not valid in CloudWatch: use 1 to %d printable ASCII characters, not starting with ':' and not all blank"
          .formatted(name, Limits.MAX_NAME_LENGTH);
    }
    if (!isText(value, Limits.MAX_DIMENSION_VALUE_LENGTH)) {
      return "value '%s' of dimension '%s' is not valid in CloudWatch: use 1 to %d printable ASCII characters, not all blank"
          .formatted(value, name, Limits.MAX_DIMENSION_VALUE_LENGTH);
    }
    return null;
  }

  private static boolean isText(String text, int longest) {
    return text.length() <= longest
        && !text.isBlank()
        && text.chars().allMatch(c -> c >= ' ' && c <= '~');
  }
}
