package io.inframetrics.functions.lambda.snapstart;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/**
 * An HTTP client that sends every request to its own server on loopback, which answers like AWS
 * with an empty table and one raw file. A function that is primed with it resolves endpoints,
 * marshals, signs, connects and reads as usual, and changes nothing. Thread-safe.
 */
final class CannedAws implements SdkHttpClient {

  private static final byte[] EMPTY_CBOR_MAP = {(byte) 0xbf, (byte) 0xff};
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
      byte[] body;
      if (asked.containsKey("X-Amz-Target")) {
        headers.set("Content-Type", "application/x-amz-json-1.0");
        body = EMPTY_JSON;
      } else if (asked.containsKey("smithy-protocol")) {
        headers.set("Content-Type", "application/cbor");
        headers.set("smithy-protocol", "rpc-v2-cbor");
        body = EMPTY_CBOR_MAP;
      } else {
        headers.set("ETag", "\"priming\"");
        body = exchange.getRequestMethod().equals("GET") ? rawFile : NOTHING;
      }
      exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
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
