package io.inframetrics.sink.otlp;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Data points that wait to be sent together, in the order in which they came. Remembers the labels
 * of the last series, because observations of a series come together. Used by one thread.
 */
final class OpenRequest {

  private static final double PERCENT_OF_ONE = 100;

  private static final int LEAST_CAPACITY = 1 << 10;

  private final Encoding encoding;
  private final MetricNaming naming;
  private final Bytes resource;

  private final List<Encoding.Gauge> gauges = new ArrayList<>();
  private final List<Metric> metrics = new ArrayList<>();
  private int bytes;

  private final Bytes labels = new Bytes(256);
  private @Nullable Series lastSeries;
  private String lastRegion = "";

  /** What stands at the beginning of the labels, and where it ends. */
  private @Nullable String writtenRegion;

  private int endOfRegion;
  private @Nullable String refusal;

  private @Nullable MetricType gaugeType;
  private @Nullable MetricUnit gaugeUnit;
  private Bytes points = new Bytes(0);
  private boolean ratio;

  OpenRequest(OtlpSettings settings) {
    this.encoding = settings.json() ? new JsonEncoding() : new ProtobufEncoding();
    this.naming = settings.naming();
    this.resource = encoding.resource(settings.resource());
    this.bytes = emptyBytes();
  }

  private int emptyBytes() {
    return resource.size() + encoding.frameBytes();
  }

  /** Why the labels of a metric cannot be sent; null if they can. Required before {@link #add}. */
  @Nullable String prepare(Metric metric) {
    Series series = metric.series();
    if (!metric.region().equals(lastRegion) || !series.equals(lastSeries)) {
      lastSeries = series;
      lastRegion = metric.region();
      refusal = label(series, metric.region());
    }
    return refusal;
  }

  private @Nullable String label(Series series, String region) {
    if (region.length() > Limits.MAX_VALUE_LENGTH) {
      return "the region has %d characters: use at most %d"
          .formatted(region.length(), Limits.MAX_VALUE_LENGTH);
    }
    if (region.equals(writtenRegion)) {
      labels.truncate(endOfRegion);
    } else {
      labels.truncate(0);
      encoding.attribute(labels, naming.region(), region);
      endOfRegion = labels.size();
      writtenRegion = region;
    }
    encoding.attribute(labels, naming.instance(), series.instanceId());
    Map<String, String> dimensions = series.dimensions();
    for (Map.Entry<String, String> dimension : dimensions.entrySet()) {
      String own = dimension.getKey();
      String name = naming.dimension(series.type(), own);
      boolean twice =
          name.equals(naming.instance())
              || name.equals(naming.region())
              || (!name.equals(own) && dimensions.containsKey(name));
      if (twice) {
        return "label '%s' occurs twice: rename the dimension of the series".formatted(name);
      }
      encoding.attribute(labels, name, dimension.getValue());
    }
    return null;
  }

  /** Whether the metric that was prepared last still fits. */
  boolean hasRoomFor(Metric metric) {
    return metrics.size() < Limits.MAX_POINTS && bytes + size(metric) <= Limits.MAX_REQUEST_BYTES;
  }

  /** Adds the metric that was prepared last. */
  void add(Metric metric) {
    bytes += size(metric);
    if (!isOpen(metric)) {
      gaugeType = metric.series().type();
      gaugeUnit = metric.unit();
      points = new Bytes(Math.max(points.size(), LEAST_CAPACITY)); // As many as before.
      ratio = naming.isRatio(gaugeType, gaugeUnit);
      gauges.add(
          new Encoding.Gauge(
              naming.name(gaugeType, gaugeUnit),
              ratio ? UnitNames.RATIO : UnitNames.of(gaugeUnit),
              points));
    }
    double value = ratio ? metric.value() / PERCENT_OF_ONE : metric.value();
    encoding.point(points, labels, metric.timestamp().getEpochSecond(), value);
    metrics.add(metric);
  }

  private int size(Metric metric) {
    int size = encoding.pointBytes(labels);
    // Names and units are ASCII, and none is longer than this.
    return isOpen(metric) ? size : size + encoding.frameBytes() + 2 * Limits.MAX_NAME_LENGTH;
  }

  private boolean isOpen(Metric metric) {
    return metric.unit() == gaugeUnit && metric.series().type().equals(gaugeType);
  }

  boolean isEmpty() {
    return metrics.isEmpty();
  }

  /** Bytes of the request, uncompressed; an upper bound. */
  int bytes() {
    return bytes;
  }

  /** The whole request; a new one begins. */
  Full take() {
    Full full = new Full(encoding.request(resource, gauges), List.copyOf(metrics));
    gauges.clear();
    metrics.clear();
    gaugeType = null;
    bytes = emptyBytes();
    return full;
  }

  String contentType() {
    return encoding.contentType();
  }

  /** A request with the metrics in it. */
  static final class Full {

    private final byte[] body;
    private final List<Metric> metrics;

    Full(byte[] body, List<Metric> metrics) {
      this.body = body;
      this.metrics = metrics;
    }

    /** Not a copy. */
    byte[] body() {
      return body;
    }

    List<Metric> metrics() {
      return metrics;
    }
  }
}
