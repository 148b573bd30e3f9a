package io.inframetrics.sink.cloudwatch;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;

/**
 * A CloudWatch metric: its name and exact dimensions.
 *
 * @param name as CloudWatch shows it
 * @param id for people: a series id, or a type for a fleet
 * @param bytes of name and dimensions in a request
 * @param refusal why it cannot be sent; null if it can
 */
record MetricIdentity(
    String name, List<Dimension> dimensions, String id, int bytes, @Nullable String refusal) {

  static final String INSTANCE_ID = "InstanceId";
  static final String REGION = "Region";

  private static final int DIMENSION_BYTES =
      CborSize.MAP + CborSize.text("Name") + CborSize.text("Value");

  /** All instances of a type. */
  static MetricIdentity fleet(MetricType type, Map<String, String> fixed) {
    return new Maker().with(fixed).make(type, type.name());
  }

  /** One series. */
  static MetricIdentity series(Metric metric, Map<String, String> fixed) {
    Series series = metric.series();
    return new Maker()
        .with(fixed)
        .with(INSTANCE_ID, series.instanceId())
        .with(REGION, metric.region())
        .with(series.dimensions())
        .make(series.type(), series.id());
  }

  private static final class Maker {

    private final List<Dimension> dimensions = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private int bytes;
    private @Nullable String refusal;

    Maker with(Map<String, String> more) {
      more.forEach(this::with);
      return this;
    }

    Maker with(String name, String value) {
      if (!names.add(name)) {
        refuse("dimension '%s' is there twice: give the series' own another name".formatted(name));
      }
      refuse(DimensionRules.refusal(name, value));
      dimensions.add(Dimension.builder().name(name).value(value).build());
      bytes += DIMENSION_BYTES + CborSize.text(name) + CborSize.text(value);
      return this;
    }

    MetricIdentity make(MetricType type, String id) {
      if (dimensions.size() > Limits.MAX_DIMENSIONS) {
        refuse(
            "there are %d dimensions with instance id, region and fixed ones: use at most %d"
                .formatted(dimensions.size(), Limits.MAX_DIMENSIONS));
      }
      bytes += CborSize.text("MetricName") + CborSize.text(type.name());
      if (!dimensions.isEmpty()) {
        bytes += CborSize.text("Dimensions") + CborSize.head(dimensions.size());
      }
      return new MetricIdentity(type.name(), List.copyOf(dimensions), id, bytes, refusal);
    }

    private void refuse(@Nullable String reason) {
      if (refusal == null) {
        refusal = reason;
      }
    }
  }
}
