package io.inframetrics.sink.otlp;

import io.inframetrics.metric.Metric;
import java.util.List;
import java.util.Map;

/**
 * How large data points are where they are billed: with their labels, their resource and the name
 * and unit of their metric in every one, as protobuf. That is the size of a request with one point.
 *
 * @hidden
 */
public final class OtlpPointSize {

  private static final double ANY_VALUE = 0.5;
  private static final long ANY_TIME = 1_771_500_463;

  private OtlpPointSize() {}

  /** The bytes of a metric's point. */
  public static int of(Metric metric, OtlpSettings settings) {
    OpenRequest request = new OpenRequest(settings.withJson(false));
    String refusal = request.prepare(metric);
    if (refusal != null) {
      throw new IllegalArgumentException(refusal);
    }
    request.add(metric);
    return request.take().body().length;
  }

  /** The bytes of any gauge's point. */
  public static int of(
      String name, String unit, Map<String, String> labels, Map<String, String> resource) {
    Encoding encoding = new ProtobufEncoding();
    Bytes attributes = new Bytes(256);
    labels.forEach((label, value) -> encoding.attribute(attributes, label, value));
    Bytes points = new Bytes(256);
    encoding.point(points, attributes, ANY_TIME, ANY_VALUE);
    return encoding.request(
            encoding.resource(resource), List.of(new Encoding.Gauge(name, unit, points)))
        .length;
  }
}
