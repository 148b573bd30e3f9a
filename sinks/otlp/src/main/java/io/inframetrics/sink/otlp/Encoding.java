package io.inframetrics.sink.otlp;

import java.util.List;
import java.util.Map;

/** How a request is written: as protobuf, or as JSON. Has no state. */
interface Encoding {

  /** The media type of requests. */
  String contentType();

  /** The attributes of a resource. */
  Bytes resource(Map<String, String> attributes);

  /** Appends one attribute of a data point to a list of them. */
  void attribute(Bytes list, String name, String value);

  /**
   * Appends a data point.
   *
   * @param attributes a list of them
   * @param time seconds since the epoch
   */
  void point(Bytes points, Bytes attributes, long time, double value);

  /** The most bytes that {@link #point} adds. */
  int pointBytes(Bytes attributes);

  /** The most bytes that a gauge without its points has, or a request without its gauges. */
  int frameBytes();

  /** A whole request. */
  byte[] request(Bytes resource, List<Gauge> gauges);

  /** Data points of one name and unit, in order. */
  record Gauge(String name, String unit, Bytes points) {}
}
