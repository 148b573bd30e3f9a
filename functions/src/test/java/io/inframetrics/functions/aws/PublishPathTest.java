package io.inframetrics.functions.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which way data points go, from the variable to the wire. */
class PublishPathTest {

  private static final String CLASSIC =
      "/service/GraniteServiceVersion20100801/operation/PutMetricData";
  private static final String OTLP = "/v1/metrics";
  private static final Clock CLOCK = Clock.fixed(SampleMetrics.RUN.observedAt(), ZoneOffset.UTC);

  private final List<String> paths = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      paths.add(path);
      bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      boolean otlp = path.equals(OTLP);
      exchange.getResponseHeaders().set("smithy-protocol", "rpc-v2-cbor");
      exchange
          .getResponseHeaders()
          .set("Content-Type", otlp ? "application/x-protobuf" : "application/cbor");
      byte[] body = otlp ? new byte[0] : new byte[] {(byte) 0xBF, (byte) 0xFF};
      exchange.sendResponseHeaders(200, otlp ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @ParameterizedTest
  @CsvSource({"'',1", "classic,1", "otlp,1", "both,2"})
  void followsTheVariable(String publish, int written) {
    Map<String, String> environment = new HashMap<>();
    environment.put("INFRAMETRICS_BUCKET", "b");
    environment.put("INFRAMETRICS_TABLE", "t");
    environment.put("INFRAMETRICS_STACK", "blue");
    environment.put("INFRAMETRICS_PUBLISH", publish);
    environment.put("AWS_REGION", "eu-west-1");
    environment.put("AWS_ACCESS_KEY_ID", "test");
    environment.put("AWS_SECRET_ACCESS_KEY", "test");
    environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + server.getAddress().getPort());
    try (AwsStores stores =
        new AwsStores(
            FunctionSettings.of(environment, CLOCK),
            () -> AwsClients.fromEnvironment(environment),
            CLOCK)) {
      WriteResult result =
          stores
              .metricPublisher()
              .publish(
                  batches -> batches.accept(List.of(SampleMetrics.EXAMPLE)), Deadlines.never());

      assertThat(result).isEqualTo(WriteResult.written(written));
    }
    assertThat(paths)
        .isEqualTo(
            switch (publish) {
              case "otlp" -> List.of(OTLP);
              case "both" -> List.of(CLASSIC, OTLP);
              default -> List.of(CLASSIC);
            });
    if (paths.contains(OTLP)) {
      assertThat(bodies.get(paths.indexOf(OTLP)))
          .contains("service.name", "blue", "service.namespace", "InfraMetrics")
          .contains("system.cpu.utilization", "host.id", "i-0abc");
    }
  }
}
