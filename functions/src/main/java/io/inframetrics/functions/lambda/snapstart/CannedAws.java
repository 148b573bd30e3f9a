package io.inframetrics.functions.lambda.snapstart;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/**
 * An HTTP client that sends every request to its own server on loopback, which answers like AWS
 * with an empty table, one raw file, and one metric of an instance. A function that is primed with
 * it resolves endpoints, marshals, signs, connects and reads as usual, and changes nothing.
 * Thread-safe.
 */
final class CannedAws implements SdkHttpClient {

  private static final byte[] EMPTY_CBOR_MAP = {(byte) 0xbf, (byte) 0xff};

  /** {@code {"Metrics": [{CPUUtilization of i-priming}]}}. */
  private static final byte[] METRICS =
      HexFormat.of()
          .parseHex(
              "a1674d65747269637381a3694e616d657370616365674157532f4543326a4d65747269634e61"
                  + "6d656e4350555574696c697a6174696f6e6a44696d656e73696f6e7381a2644e616d656a496e"
                  + "7374616e636549646556616c756569692d7072696d696e67");

  /** {@code {"MetricDataResults": [{"Id": "q0", one value, at the epoch}]}}. */
  private static final byte[] METRIC_DATA =
      HexFormat.of()
          .parseHex(
              "a1714d657472696344617461526573756c747381a46249646271306a54696d657374616d7073"
                  + "81c1fb00000000000000006656616c75657381fb3ff80000000000006a537461747573436f64"
                  + "6568436f6d706c657465");

  private static final byte[] NO_SUCH_KEY =
      "<Error><Code>NoSuchKey</Code></Error>".getBytes(StandardCharsets.UTF_8);
  private static final byte[] EMPTY_JSON = "{}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NOTHING = {};

  private final SdkHttpClient transport = UrlConnectionHttpClient.create();
  private final HttpServer server;
  private final byte[] rawFile;

  /** Answers {@code rawFile} whichever object is read. */
  CannedAws(String rawFile) {
    this.rawFile = rawFile.getBytes(StandardCharsets.UTF_8);
    try {
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("no loopback port could be opened", e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  /** The server, for a client that is made elsewhere. */
  String url() {
    return "http://%s:%d"
        .formatted(
            server.getAddress().getAddress().getHostAddress(), server.getAddress().getPort());
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    SdkHttpRequest here =
        request.httpRequest().toBuilder()
            .protocol("http")
            .host(server.getAddress().getAddress().getHostAddress())
            .port(server.getAddress().getPort())
            .build();
    HttpExecuteRequest.Builder local = HttpExecuteRequest.builder().request(here);
    request.contentStreamProvider().ifPresent(local::contentStreamProvider);
    return transport.prepareRequest(local.build());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      Headers asked = exchange.getRequestHeaders();
      Headers headers = exchange.getResponseHeaders();
      headers.set("x-amzn-RequestId", "priming");
      headers.set("Connection", "close"); // The snapshot must not hold a connection.
      int status = 200;
      byte[] body;
      if (asked.containsKey("X-Amz-Target")) {
        headers.set("Content-Type", "application/x-amz-json-1.0");
        body = EMPTY_JSON;
      } else if (asked.containsKey("smithy-protocol")) {
        headers.set("Content-Type", "application/cbor");
        headers.set("smithy-protocol", "rpc-v2-cbor");
        String path = exchange.getRequestURI().getPath();
        body =
            path.endsWith("ListMetrics")
                ? METRICS
                : path.endsWith("GetMetricData") ? METRIC_DATA : EMPTY_CBOR_MAP;
      } else if (exchange.getRequestMethod().equals("GET")
          && exchange.getRequestURI().getPath().contains("/collected/")) {
        headers.set("Content-Type", "application/xml");
        status = 404; // Nothing was collected lately.
        body = NO_SUCH_KEY;
      } else {
        headers.set("ETag", "\"priming\"");
        body = exchange.getRequestMethod().equals("GET") ? rawFile : NOTHING;
      }
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public String clientName() {
    return "Canned";
  }

  @Override
  public void close() {
    transport.close();
    server.stop(0);
  }
}
