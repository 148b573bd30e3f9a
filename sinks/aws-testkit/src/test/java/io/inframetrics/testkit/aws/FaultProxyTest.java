package io.inframetrics.testkit.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultProxyTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  /** What the server got: method, path, Host and body. */
  private final ConcurrentLinkedQueue<String> applied = new ConcurrentLinkedQueue<>();

  private final ExecutorService serverThreads = Executors.newCachedThreadPool();
  private final List<AutoCloseable> toClose = new ArrayList<>();
  private HttpServer server;
  private HttpClient client;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(serverThreads);
    server.createContext("/", this::echo);
    server.start();
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterEach
  void stopServer() throws Exception {
    for (AutoCloseable resource : toClose) {
      resource.close();
    }
    server.stop(0);
    serverThreads.shutdownNow();
  }

  /** Answers with the body it got; the path says how. */
  private void echo(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().toString();
      String host = exchange.getRequestHeaders().getFirst("Host");
      applied.add(
          exchange.getRequestMethod() + " " + path + " " + host + " " + new String(body, UTF_8));
      if (path.startsWith("/crc")) {
        exchange.getResponseHeaders().add("x-amz-crc32", "12345");
      }
      if (path.startsWith("/empty")) {
        exchange.sendResponseHeaders(204, -1);
      } else if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().add("Content-Length", "1000");
        exchange.sendResponseHeaders(200, -1);
      } else {
        exchange.sendResponseHeaders(200, path.startsWith("/chunked") ? 0 : body.length);
        exchange.getResponseBody().write(body);
      }
    }
  }

  private FaultProxy proxy(FaultPlan plan) throws IOException {
    return proxy("echo", plan);
  }

  private FaultProxy proxy(String service, FaultPlan plan) throws IOException {
    FaultProxy proxy = FaultProxy.start(service, server.getAddress(), plan);
    toClose.add(proxy);
    return proxy;
  }

  private static HttpRequest.Builder to(URI proxy, String path) {
    return HttpRequest.newBuilder(proxy.resolve(path)).timeout(LONG);
  }

  private HttpResponse<String> put(FaultProxy proxy, String path, String body) throws Exception {
    return client.send(
        to(proxy.uri(), path).PUT(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private static FaultPlan first(Fault fault) {
    return FaultPlan.deciding(request -> request.number() == 1 ? fault : Fault.PASS);
  }

  @Test
  void passesRequestsAndAnswersAndTellsWhatPassed() throws Exception {
    FaultPlan plan = FaultPlan.passing().keepingBodies();
    FaultProxy proxy = proxy(plan);
    HttpResponse<String> answer =
        client.send(
            to(proxy.uri(), "/a%20b?x=%2F")
                .header("X-Amz-Target", "DynamoDB_20120810.GetItem")
                .POST(BodyPublishers.ofString("héllo"))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("héllo");
    assertThat(applied).containsExactly("POST /a%20b?x=%2F 127.0.0.1:" + proxy.port() + " héllo");
    ProxiedRequest request = plan.requests().get(0);
    assertThat(request.number()).isEqualTo(1);
    assertThat(request.service()).isEqualTo("echo");
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/a%20b?x=%2F");
    assertThat(request.target()).isEqualTo("DynamoDB_20120810.GetItem");
    assertThat(request.header("content-length")).contains("6");
    assertThat(request.length()).isEqualTo(6);
    assertThat(request.body()).asString(UTF_8).isEqualTo("héllo");
  }

  @Test
  void keepsNoBodiesUnlessAsked() throws Exception {
    FaultPlan plan = FaultPlan.passing();
    put(proxy(plan), "/", "some text");
    assertThat(plan.requests().get(0).body()).isEmpty();
    assertThat(plan.requests().get(0).length()).isEqualTo(9);
  }

  @Test
  void servesManyRequestsOnOneConnection() throws Exception {
    FaultPlan plan = FaultPlan.passing();
    FaultProxy proxy = proxy(plan);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      for (int i = 0; i < 3; i++) {
        ask(socket, "PUT /" + i + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
        assertThat(readUntil(socket.getInputStream(), "hi")).startsWith("HTTP/1.1 200");
      }
    }
    assertThat(plan.requests()).extracting(ProxiedRequest::path).containsExactly("/0", "/1", "/2");
    assertThat(proxy.connections()).isEqualTo(1);
  }

  @Test
  void closesTheConnectionWhereTheClientAsksForIt() throws Exception {
    FaultPlan plan = FaultPlan.passing();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy(plan).port())) {
      ask(socket, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void passesChunkedRequestsAndAnswers() throws Exception {
    FaultProxy proxy = proxy(FaultPlan.passing());
    String body = "z".repeat(100_000);
    HttpResponse<String> answer =
        client.send(
            to(proxy.uri(), "/chunked")
                .POST(
                    BodyPublishers.ofInputStream(
                        () -> new java.io.ByteArrayInputStream(body.getBytes(UTF_8))))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.headers().firstValue("Transfer-Encoding")).contains("chunked");
    assertThat(answer.body()).isEqualTo(body);
    assertThat(applied).singleElement().asString().endsWith(body);
  }

  @Test
  void takesChunkExtensionsAndTrailers() throws Exception {
    FaultPlan plan = FaultPlan.passing();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy(plan).port())) {
      ask(
          socket,
          "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "3;sig=1\r\nabc\r\nA\r\n0123456789\r\n0\r\nx-checksum: 1\r\nx-more: 2\r\n\r\n");
      assertThat(readUntil(socket.getInputStream(), "abc0123456789")).startsWith("HTTP/1.1 200");
    }
    assertThat(plan.requests().get(0).length()).isEqualTo(13);
  }

  @Test
  void answersHeadAndNoContentWithoutWaitingForABody() throws Exception {
    FaultProxy proxy = proxy(FaultPlan.passing());
    HttpResponse<String> head =
        client.send(
            to(proxy.uri(), "/").method("HEAD", BodyPublishers.noBody()).build(),
            BodyHandlers.ofString());
    assertThat(head.headers().firstValue("Content-Length")).contains("1000");
    assertThat(put(proxy, "/empty", "x").statusCode()).isEqualTo(204);
    assertThat(put(proxy, "/", "after").body()).isEqualTo("after");
  }

  @Test
  void asksForABodyThatWaitsToBeAsked() throws Exception {
    FaultProxy proxy = proxy(FaultPlan.passing());
    HttpResponse<String> answer =
        client.send(
            to(proxy.uri(), "/").expectContinue(true).PUT(BodyPublishers.ofString("b")).build(),
            BodyHandlers.ofString());
    assertThat(answer.body()).isEqualTo("b");
    assertThat(applied).singleElement().asString().endsWith(" b");
  }

  @Test
  void cutsBeforeTheServerSeesARequest() throws Exception {
    FaultPlan plan = first(Fault.CUT_BEFORE);
    FaultProxy proxy = proxy(plan);
    assertThatThrownBy(() -> put(proxy, "/1", "lost")).isInstanceOf(IOException.class);
    assertThat(applied).isEmpty();
    assertThat(put(proxy, "/2", "kept").body()).isEqualTo("kept");
    assertThat(plan.requests()).extracting(ProxiedRequest::path).containsExactly("/1", "/2");
  }

  @Test
  void cutsAfterTheServerAppliedARequest() throws Exception {
    FaultProxy proxy = proxy(first(Fault.CUT_AFTER));
    assertThatThrownBy(() -> put(proxy, "/1", "kept")).isInstanceOf(IOException.class);
    assertThat(applied).singleElement().asString().endsWith(" kept");
  }

  @Test
  void answersInTheServersPlace() throws Exception {
    FaultProxy proxy =
        proxy(first(Fault.answer(503, Map.of("x-amzn-RequestId", "r1"), "slow".getBytes(UTF_8))));
    HttpResponse<String> answer = put(proxy, "/", "x");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("slow");
    assertThat(answer.headers().firstValue("x-amzn-RequestId")).contains("r1");
    assertThat(applied).isEmpty();
  }

  @Test
  void answersOtherwiseThanTheServerDidAfterItApplied() throws Exception {
    FaultProxy proxy = proxy(first(Fault.answerAfter(500, Map.of(), new byte[0])));
    assertThat(put(proxy, "/", "kept").statusCode()).isEqualTo(500);
    assertThat(applied).singleElement().asString().endsWith(" kept");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/crc", "/chunked"})
  void rewritesBodiesBothWays(String path) throws Exception {
    FaultProxy proxy =
        proxy(
            first(
                Fault.rewrite(
                    new Fault.BodyRewriter() {
                      @Override
                      public byte[] request(byte[] body) {
                        return "half".getBytes(UTF_8);
                      }

                      @Override
                      public byte[] answer(byte[] request, byte[] answer) {
                        return (new String(answer, UTF_8) + " of " + new String(request, UTF_8))
                            .getBytes(UTF_8);
                      }
                    })));
    HttpResponse<String> answer = put(proxy, path, "the whole");
    assertThat(answer.body()).isEqualTo("half of the whole");
    assertThat(answer.headers().firstValue("x-amz-crc32")).isEmpty();
    assertThat(applied).singleElement().asString().endsWith(" half");
  }

  @Test
  void proxiesThatShareAPlanShareTheCount() throws Exception {
    FaultPlan plan =
        FaultPlan.deciding(request -> request.number() == 3 ? Fault.CUT_BEFORE : Fault.PASS);
    FaultProxy one = proxy("one", plan);
    FaultProxy two = proxy("two", plan);
    put(one, "/", "1");
    put(two, "/", "2");
    assertThatThrownBy(() -> put(one, "/", "3")).isInstanceOf(IOException.class);
    assertThat(plan.requests())
        .extracting(ProxiedRequest::service)
        .containsExactly("one", "two", "one");
    assertThat(plan.count()).isEqualTo(3);
  }

  @Test
  void takesAnotherDecisionOnTheWay() throws Exception {
    FaultPlan plan = first(Fault.CUT_BEFORE);
    FaultProxy proxy = proxy(plan);
    plan.decide(request -> Fault.answer(429, Map.of(), new byte[0]));
    assertThat(put(proxy, "/", "x").statusCode()).isEqualTo(429);
  }

  @Test
  void numbersRequestsOfManyConnectionsOnceEach() throws Exception {
    FaultPlan plan = FaultPlan.passing();
    FaultProxy proxy = proxy(plan);
    List<Future<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      int number = i;
      answers.add(serverThreads.submit(() -> put(proxy, "/" + number, "body " + number)));
    }
    for (int i = 0; i < 64; i++) {
      assertThat(answers.get(i).get().body()).isEqualTo("body " + i);
    }
    assertThat(plan.requests())
        .extracting(ProxiedRequest::number)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 64).boxed().toList());
  }

  @Test
  void countsBytesOfBothDirections() throws Exception {
    FaultPlan plan = FaultPlan.countingBytes();
    String request =
        "PUT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi";
    String answer;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy(plan).port())) {
      ask(socket, request);
      answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
    assertThat(answer).endsWith("hi");
    assertThat(plan.bytes()).isEqualTo(request.length() + answer.length());
    assertThat(plan.requests()).isEmpty();
  }

  @Test
  void endsWithinARequestWhichTheServerDoesNotApply() throws Exception {
    String request = "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n0123456789";
    FaultPlan plan = FaultPlan.endingAtByte(request.length() - 1);
    FaultProxy proxy = proxy(plan);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      ask(socket, request);
      assertThat(readAllOrReset(socket)).isEmpty();
    }
    assertThat(plan.bytes()).isEqualTo(request.length() - 1);
    assertThat(applied).noneMatch(line -> line.endsWith("0123456789"));
  }

  @Test
  void endsWithinAnAnswerAndStaysDownUntilRestored() throws Exception {
    String request = "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n0123456789";
    FaultPlan plan = FaultPlan.endingAtByte(request.length() + 5);
    FaultProxy proxy = proxy(plan);
    FaultProxy other = proxy("other", plan);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      ask(socket, request);
      assertThat(readAllOrReset(socket)).isEqualTo("HTTP/");
    }
    assertThat(applied).singleElement().asString().endsWith("0123456789");
    assertThatThrownBy(() -> put(other, "/", "down")).isInstanceOf(IOException.class);
    plan.restore();
    assertThat(put(other, "/", "up").body()).isEqualTo("up");
  }

  @Test
  void thereIsNoByteBeforeTheFirst() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaultPlan.endingAtByte(0))
        .withMessage("the number of the last byte is 0: use 1 or more");
  }

  @Test
  void closedProxyRefusesConnections() throws Exception {
    FaultProxy proxy = proxy(FaultPlan.passing());
    put(proxy, "/", "x");
    proxy.close();
    assertThatThrownBy(() -> put(proxy, "/", "x")).isInstanceOf(IOException.class);
  }

  private static void ask(Socket socket, String request) throws IOException {
    socket.setSoTimeout((int) LONG.toMillis());
    OutputStream out = socket.getOutputStream();
    out.write(request.getBytes(UTF_8));
    out.flush();
  }

  private static String readUntil(InputStream in, String end) throws IOException {
    StringBuilder all = new StringBuilder();
    while (all.indexOf(end) < 0) {
      int b = in.read();
      if (b < 0) {
        return all + " and then the connection ended";
      }
      all.append((char) b);
    }
    return all.toString();
  }

  /** What came before the connection ended, in whichever way. */
  private static String readAllOrReset(Socket socket) {
    StringBuilder all = new StringBuilder();
    try {
      InputStream in = socket.getInputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        all.append((char) b);
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the connection still stands", e);
    } catch (IOException e) {
      // Reset: ended all the same.
    }
    return all.toString();
  }
}
