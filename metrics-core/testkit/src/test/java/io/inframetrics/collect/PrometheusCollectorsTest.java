package io.inframetrics.collect;

import com.sun.net.httpserver.HttpServer;
import io.inframetrics.collect.prometheus.PrometheusCollectorFactory;
import io.inframetrics.collect.prometheus.ScrapeCollectorFactory;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.contract.MetricCollectorContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** Both Prometheus sources keep the contract of collectors. */
class PrometheusCollectorsTest {

  private static HttpServer server;

  @BeforeAll
  static void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String values =
        LongStream.range(0, 180)
            .mapToObj(
                minute ->
                    "[%d.5,\"%d\"]"
                        .formatted(
                            SampleMetrics.WINDOW_START.getEpochSecond() + 60 * minute, minute))
            .collect(Collectors.joining(","));
    answer(
        "/api/v1/query",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":"
            + "{\"__name__\":\"depth\",\"instance\":\"mq-1\"},\"values\":["
            + values
            + "]}]}}");
    answer("/metrics", "depth 5\n");
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  @Nested
  class OfAServer extends MetricCollectorContract {
    @Override
    protected MetricCollector collector() {
      return only(new PrometheusCollectorFactory(), "prometheus", "url");
    }
  }

  @Nested
  class OfAPage extends MetricCollectorContract {
    @Override
    protected MetricCollector collector() {
      return only(new ScrapeCollectorFactory(), "scrape", "targets");
    }
  }

  private static void answer(String path, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private static MetricCollector only(
      MetricCollectorFactory factory, String source, String address) {
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    return factory
        .create(
            new CollectorSettings(
                source,
                Map.of(address, url, "metrics", "depth Count = depth", "node_exporter", "false"),
                Clock.systemUTC()))
        .get(0);
  }
}
