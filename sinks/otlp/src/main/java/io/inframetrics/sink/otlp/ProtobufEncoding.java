package io.inframetrics.sink.otlp;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Writes the few messages that gauges need. The official classes would add two megabytes to the zip
 * and make an object of every label; tests decode with them what this writes.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto">metrics.proto</a>
 */
final class ProtobufEncoding implements Encoding {

  private static final int LENGTH = 2;
  private static final int FIXED64 = 1;
  private static final int TYPE_BITS = 3;

  private static final int REQUEST_RESOURCE_METRICS = tag(1, LENGTH);
  private static final int RESOURCE_METRICS_RESOURCE = tag(1, LENGTH);
  private static final int RESOURCE_METRICS_SCOPE_METRICS = tag(2, LENGTH);
  private static final int RESOURCE_ATTRIBUTES = tag(1, LENGTH);
  private static final int SCOPE_METRICS_METRICS = tag(2, LENGTH);
  private static final int METRIC_NAME = tag(1, LENGTH);
  private static final int METRIC_UNIT = tag(3, LENGTH);
  private static final int METRIC_GAUGE = tag(5, LENGTH);
  private static final int GAUGE_DATA_POINTS = tag(1, LENGTH);
  private static final int POINT_TIME = tag(3, FIXED64);
  private static final int POINT_AS_DOUBLE = tag(4, FIXED64);
  private static final int POINT_ATTRIBUTES = tag(7, LENGTH);
  private static final int KEY_VALUE_KEY = tag(1, LENGTH);
  private static final int KEY_VALUE_VALUE = tag(2, LENGTH);
  private static final int ANY_VALUE_STRING = tag(1, LENGTH);

  /** Time and value of a point, each with its tag. */
  private static final int NUMBERS = 2 * (1 + Long.BYTES);

  /** A tag and the longest length. */
  private static final int LONGEST_HEAD = 1 + Integer.BYTES + 1;

  private static int tag(int field, int wireType) {
    return field << TYPE_BITS | wireType;
  }

  @Override
  public String contentType() {
    return "application/x-protobuf";
  }

  @Override
  public Bytes resource(Map<String, String> attributes) {
    Bytes resource = new Bytes(64);
    attributes.forEach((name, value) -> keyValue(resource, RESOURCE_ATTRIBUTES, name, value));
    return resource;
  }

  @Override
  public void attribute(Bytes list, String name, String value) {
    keyValue(list, POINT_ATTRIBUTES, name, value);
  }

  private static void keyValue(Bytes list, int tag, String name, String value) {
    byte[] key = Bytes.utf8(name);
    byte[] text = Bytes.utf8(value);
    int any = size(text.length);
    list.addByte(tag);
    list.addVarint(size(key.length) + size(any));
    field(list, KEY_VALUE_KEY, key);
    list.addByte(KEY_VALUE_VALUE);
    list.addVarint(any);
    field(list, ANY_VALUE_STRING, text);
  }

  @Override
  public void point(Bytes points, Bytes attributes, long time, double value) {
    points.addByte(GAUGE_DATA_POINTS);
    points.addVarint(attributes.size() + NUMBERS);
    points.add(attributes);
    points.addByte(POINT_TIME);
    points.addFixed64(TimeUnit.SECONDS.toNanos(time));
    points.addByte(POINT_AS_DOUBLE);
    points.addFixed64(Double.doubleToRawLongBits(value));
  }

  @Override
  public int pointBytes(Bytes attributes) {
    return LONGEST_HEAD + attributes.size() + NUMBERS;
  }

  @Override
  public int frameBytes() {
    return 4 * LONGEST_HEAD;
  }

  @Override
  public byte[] request(Bytes resource, List<Gauge> gauges) {
    int metrics = gauges.stream().mapToInt(gauge -> size(metricSize(gauge))).sum();
    int content = size(resource.size()) + size(metrics);
    Bytes request = new Bytes(size(content));
    request.addByte(REQUEST_RESOURCE_METRICS);
    request.addVarint(content);
    request.addByte(RESOURCE_METRICS_RESOURCE);
    request.addVarint(resource.size());
    request.add(resource);
    request.addByte(RESOURCE_METRICS_SCOPE_METRICS);
    request.addVarint(metrics);
    for (Gauge gauge : gauges) {
      request.addByte(SCOPE_METRICS_METRICS);
      request.addVarint(metricSize(gauge));
      field(request, METRIC_NAME, Bytes.utf8(gauge.name()));
      field(request, METRIC_UNIT, Bytes.utf8(gauge.unit()));
      request.addByte(METRIC_GAUGE);
      request.addVarint(gauge.points().size());
      request.add(gauge.points());
    }
    return request.toArray();
  }

  private static int metricSize(Gauge gauge) {
    return size(Bytes.utf8(gauge.name()).length)
        + size(Bytes.utf8(gauge.unit()).length)
        + size(gauge.points().size());
  }

  private static void field(Bytes out, int tag, byte[] content) {
    out.addByte(tag);
    out.addVarint(content.length);
    out.add(content);
  }

  /** Of a field with content of this length: its tag, the length, the content. */
  private static int size(int length) {
    return 1 + Bytes.varintSize(length) + length;
  }
}
