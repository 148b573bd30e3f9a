package io.inframetrics.sink.otlp;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * Writes the JSON form of the protobuf messages: names in lower camel case, 64-bit integers as
 * strings.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding">JSON Protobuf
 *     encoding</a>
 */
final class JsonEncoding implements Encoding {

  /** Of a data point beside its attributes, with 19 digits of time and 24 characters of value. */
  private static final int POINT_BYTES = 96;

  private static final int FRAME_BYTES = 160;

  @Override
  public String contentType() {
    return "application/json";
  }

  @Override
  public Bytes resource(Map<String, String> attributes) {
    Bytes resource = new Bytes(128);
    attributes.forEach((name, value) -> attribute(resource, name, value));
    return resource;
  }

  @Override
  public void attribute(Bytes list, String name, String value) {
    list.add(
        (list.size() == 0 ? "" : ",")
            + "{\"key\":"
            + quoted(name)
            + ",\"value\":{\"stringValue\":"
            + quoted(value)
            + "}}");
  }

  @Override
  public void point(Bytes points, Bytes attributes, long time, double value) {
    points.add(points.size() == 0 ? "{\"attributes\":[" : ",{\"attributes\":[");
    points.add(attributes);
    points.add(
        "],\"timeUnixNano\":\""
            + TimeUnit.SECONDS.toNanos(time)
            + "\",\"asDouble\":"
            + value
            + "}");
  }

  @Override
  public int pointBytes(Bytes attributes) {
    return POINT_BYTES + attributes.size();
  }

  @Override
  public int frameBytes() {
    return FRAME_BYTES;
  }

  @Override
  public byte[] request(Bytes resource, List<Gauge> gauges) {
    Bytes request = new Bytes(1024);
    request.add("{\"resourceMetrics\":[{\"resource\":{\"attributes\":[");
    request.add(resource);
    request.add("]},\"scopeMetrics\":[{\"metrics\":[");
    String comma = "";
    for (Gauge gauge : gauges) {
      request.add(
          comma
              + "{\"name\":"
              + quoted(gauge.name())
              + ",\"unit\":"
              + quoted(gauge.unit())
              + ",\"gauge\":{\"dataPoints\":[");
      request.add(gauge.points());
      request.add("]}}");
      comma = ",";
    }
    request.add("]}]}]}");
    return request.toArray();
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    JsonStringEncoder.getInstance().quoteAsString(text, quoted);
    return quoted.append('"').toString();
  }
}
