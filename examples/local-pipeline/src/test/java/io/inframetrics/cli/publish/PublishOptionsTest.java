package io.inframetrics.cli.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.inframetrics.cli.Executed;
import io.inframetrics.cli.VirtualContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code run --publish}. */
@Timeout(60)
class PublishOptionsTest {

  @TempDir Path folder;

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private final VirtualContext around =
      new VirtualContext() {
        @Override
        public Map<String, String> environment() {
          return environment;
        }
      };
  private HttpServer server;
  private int status = 200;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    environment.put("INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCES", "2");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.add(
          "%s %s %s"
              .formatted(
                  exchange.getRequestURI(),
                  exchange.getRequestHeaders().getFirst("Api-key"),
                  new String(
                      exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1)));
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private Executed run(Object... more) {
    Object[] arguments = new Object[4 + more.length];
    System.arraycopy(
        new Object[] {"run", "--source=synthetic", "--data", folder.resolve("data")},
        0,
        arguments,
        0,
        4);
    System.arraycopy(more, 0, arguments, 4, more.length);
    return Executed.command(around, arguments);
  }

  @Test
  void sendsEverySeriesToTheEndpoint() {
    environment.put("OTEL_EXPORTER_OTLP_HEADERS", "api-key=k");

    Executed run = run("--publish=otlp", "--otlp-endpoint", address()).succeeded();

    assertThat(run.out())
        .contains("SUCCEEDED, HEALTHY")
        .endsWith("Data points went to %s/v1/metrics by OTLP\n".formatted(address()));
    assertThat(requests).hasSize(4).allMatch(request -> request.startsWith("/v1/metrics k "));
    assertThat(String.join("", requests))
        .contains("system.cpu.utilization", "system.memory.utilization", "i-00000", "i-00001")
        .contains("system.filesystem.utilization", "network_traffic");
    assertThat(Files.exists(folder.resolve("data/points")))
        .as("no points on this machine")
        .isFalse();
  }

  @Test
  void takesAWholeAddressAndReportsARefusal() {
    status = 503;

    Executed run = run("--publish=otlp", "--otlp-endpoint", address() + "/as/it/is").succeeded();

    assertThat(run.out()).contains("SUCCEEDED, DEGRADED", "127.0.0.1 answered 503");
    assertThat(requests).hasSize(4).allMatch(request -> request.startsWith("/as/it/is "));
  }

  @Test
  void keepsPointsInTheFolderOtherwise() {
    environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", address());

    run("--publish=classic").succeeded();

    assertThat(requests).isEmpty();
    assertThat(folder.resolve("data/points")).isNotEmptyDirectory();
  }

  @Test
  void refusesWhatCannotBe() {
    run("--otlp-endpoint", address()).refused("--otlp-endpoint is only for --publish otlp");
    run("--publish=otlp", "--otlp-endpoint=localhost:4318")
        .refused("--otlp-endpoint is 'localhost:4318'");
    Executed.command("run", "--only=analyze", "--publish=otlp")
        .refused("--only analyze publishes nothing: leave out --publish");
    environment.put("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    run("--publish=otlp").refused("'grpc' is not supported");
  }
}
