package io.inframetrics.sink.cloudwatch;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;

/**
 * Makes the metrics of fleets and series. Remembers the last series and the last region, because
 * observations of a series stand together. Used by one thread.
 */
final class MetricIdentities {

  static final String INSTANCE_ID = "InstanceId";
  static final String REGION = "Region";

  private static final int NAME_BYTES = CborSize.text("MetricName");
  private static final int LIST_BYTES = CborSize.text("Dimensions");
  private static final int DIMENSION_BYTES =
      CborSize.MAP + CborSize.text("Name") + CborSize.text("Value");

  private final SortedMap<String, String> fixed;
  private final List<Dimension> fixedDimensions = new ArrayList<>();
  private final int fixedBytes;

  private @Nullable MetricIdentity lastFleet;
  private @Nullable Series lastSeries;
  private @Nullable MetricIdentity lastIdentity;
  private @Nullable Dimension lastRegion;
  private @Nullable String lastRegionRefusal;

  MetricIdentities(SortedMap<String, String> fixed) {
    this.fixed = fixed;
    int bytes = 0;
    for (Map.Entry<String, String> dimension : fixed.entrySet()) {
      fixedDimensions.add(dimension(dimension.getKey(), dimension.getValue()));
      bytes += bytes(dimension.getKey(), dimension.getValue());
    }
    this.fixedBytes = bytes;
  }

  /** All instances of a type. */
  MetricIdentity fleet(MetricType type) {
    MetricIdentity known = lastFleet;
    if (known == null || !known.name().equals(type.name())) {
      known = identity(type, fixedDimensions, type.name(), fixedBytes, null);
      lastFleet = known;
    }
    return known;
  }

  /** The series of an observation. */
  MetricIdentity series(Metric metric) {
    Series series = metric.series();
    MetricIdentity known = lastIdentity;
    Dimension region = lastRegion;
    boolean sameRegion = region != null && region.value().equals(metric.region());
    if (known != null && sameRegion && series.equals(lastSeries)) {
      return known;
    }
    if (region == null || !sameRegion) {
      region = dimension(REGION, metric.region());
      lastRegion = region;
      lastRegionRefusal = DimensionRules.refusal(REGION, metric.region());
    }
    lastSeries = series;
    lastIdentity = make(series, region);
    return lastIdentity;
  }

  private MetricIdentity make(Series series, Dimension region) {
    SortedMap<String, String> own = series.dimensions();
    String instanceId = series.instanceId();
    List<Dimension> dimensions = new ArrayList<>(fixedDimensions.size() + 2 + own.size());
    dimensions.addAll(fixedDimensions);
    dimensions.add(dimension(INSTANCE_ID, instanceId));
    dimensions.add(region);
    int bytes = fixedBytes + bytes(INSTANCE_ID, instanceId) + bytes(REGION, region.value());
    String refusal = DimensionRules.refusal(INSTANCE_ID, instanceId);
    if (refusal == null) {
      refusal = lastRegionRefusal;
    }
    if (!own.isEmpty()) {
      for (Map.Entry<String, String> dimension : own.entrySet()) {
        String name = dimension.getKey();
        String value = dimension.getValue();
        dimensions.add(dimension(name, value));
        bytes += bytes(name, value);
        if (refusal == null) {
          refusal = refusal(name, value);
        }
      }
    }
    return identity(series.type(), dimensions, series.id(), bytes, refusal);
  }

  private @Nullable String refusal(String name, String value) {
    if (name.equals(INSTANCE_ID) || name.equals(REGION) || fixed.containsKey(name)) {
      return "dimension '%s' is there twice: give the series' own another name".formatted(name);
    }
    return DimensionRules.refusal(name, value);
  }

  private static MetricIdentity identity(
      MetricType type,
      List<Dimension> dimensions,
      String id,
      int dimensionBytes,
      @Nullable String refusal) {
    int bytes = NAME_BYTES + CborSize.text(type.name()) + dimensionBytes;
    if (!dimensions.isEmpty()) {
      bytes += LIST_BYTES + CborSize.head(dimensions.size());
    }
    if (dimensions.size() > Limits.MAX_DIMENSIONS) {
      refusal =
          "there are %d dimensions with instance id, region and fixed ones: use at most %d"
              .formatted(dimensions.size(), Limits.MAX_DIMENSIONS);
    }
    return new MetricIdentity(type.name(), dimensions, id, bytes, refusal);
  }

  private static Dimension dimension(String name, String value) {
    return Dimension.builder().name(name).value(value).build();
  }

  private static int bytes(String name, String value) {
    return DIMENSION_BYTES + CborSize.text(name) + CborSize.text(value);
  }
}
