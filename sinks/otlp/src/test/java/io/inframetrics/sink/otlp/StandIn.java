package io.inframetrics.sink.otlp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.inframetrics.aws.AwsCalls.Sleeper;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.metric.Metric;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.time.Deadline;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric.DataCase;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** An OTLP server that decodes with the official classes and gives the answer that a test sets. */
final class StandIn implements AutoCloseable {

  static final Clock CLOCK = Clock.fixed(SampleMetrics.RUN.observedAt(), ZoneOffset.UTC);
  static final Reply EMPTY = reply(200, "application/x-protobuf", new byte[0]);

  final List<Received> received = new CopyOnWriteArrayList<>();
  final List<Duration> waits = new CopyOnWriteArrayList<>();

  private final Deque<Reply> replies = new ArrayDeque<>();
  private final HttpServer server;

  StandIn(Reply... replies) {
    this.replies.addAll(List.of(replies));
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::serve);
    server.start();
  }

  record Reply(int status, Map<String, String> headers, byte[] body) {}

  /** A request, as it came. */
  record Received(String method, String path, Map<String, String> headers, byte[] body) {

    byte[] plainBody() {
      if (!"gzip".equals(headers.get("content-encoding"))) {
        return body;
      }
      try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
        return in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    ExportMetricsServiceRequest decoded() {
      return "application/json".equals(headers.get("content-type"))
          ? JsonRequests.decode(plainBody())
          : decode(plainBody());
    }
  }

  static ExportMetricsServiceRequest decode(byte[] body) {
    try {
      return ExportMetricsServiceRequest.parseFrom(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A data point with the name and unit of its metric, and all its labels. */
  record Point(
      String name, String unit, Map<String, String> attributes, long nanos, double value) {}

  static Reply reply(int status, String contentType, byte[] body) {
    return new Reply(
        status, contentType.isEmpty() ? Map.of() : Map.of("Content-Type", contentType), body);
  }

  static Reply reply(int status, String contentType, String body) {
    return reply(status, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/metrics");
  }

  OtlpSettings settings() {
    return OtlpSettings.to(endpoint());
  }

  Sleeper sleeper() {
    return waits::add;
  }

  OtlpMetricPublisher publisher(OtlpSettings settings) {
    return OtlpMetricPublisher.to(settings, sleeper(), CLOCK);
  }

  WriteResult publish(OtlpSettings settings, List<Metric> metrics) {
    return publish(settings, metrics, Deadlines.never());
  }

  WriteResult publish(OtlpSettings settings, List<Metric> metrics, Deadline deadline) {
    return publisher(settings)
        .publish(
            consumer ->
                SampleMetrics.batches(metrics).stream().map(Batch::metrics).forEach(consumer),
            deadline);
  }

  AwsClients clients() {
    return AwsClients.fromEnvironment(
        Map.of(
            "AWS_ENDPOINT_URL", "http://127.0.0.1:" + server.getAddress().getPort(),
            "AWS_REGION", "eu-west-1",
            "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY", "secret",
            "AWS_SESSION_TOKEN", "token"));
  }

  /** Every point of every request, in order. */
  List<Point> points() {
    return received.stream().flatMap(request -> points(request.decoded()).stream()).toList();
  }

  static List<Point> points(ExportMetricsServiceRequest request) {
    List<Point> points = new ArrayList<>();
    for (ResourceMetrics resource : request.getResourceMetricsList()) {
      for (var scope : resource.getScopeMetricsList()) {
        for (var metric : scope.getMetricsList()) {
          if (metric.getDataCase() != DataCase.GAUGE) {
            throw new AssertionError(metric);
          }
          for (NumberDataPoint point : metric.getGauge().getDataPointsList()) {
            Map<String, String> attributes = new TreeMap<>();
            point
                .getAttributesList()
                .forEach(
                    each -> {
                      if (attributes.put(each.getKey(), each.getValue().getStringValue()) != null) {
                        throw new AssertionError(each.getKey() + " occurs twice");
                      }
                    });
            points.add(
                new Point(
                    metric.getName(),
                    metric.getUnit(),
                    attributes,
                    point.getTimeUnixNano(),
                    point.getAsDouble()));
          }
        }
      }
    }
    return points;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
      received.add(
          new Received(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              headers,
              exchange.getRequestBody().readAllBytes()));
      Reply reply = replies.isEmpty() ? EMPTY : replies.remove();
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] body = reply.body();
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
