package io.inframetrics.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.aws.Fault;
import io.inframetrics.testkit.aws.FaultPlan;
import io.inframetrics.testkit.aws.FaultProxy;
import io.inframetrics.testkit.aws.ProxiedRequest;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What a call puts on the wire, and what ends it, with the real clients over loopback. */
class OverRealConnectionsTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final byte[] BODY = "{}".getBytes(UTF_8);
  private static final DateTimeFormatter SIGNED =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");

  private final LoggedLines lines = new LoggedLines();
  private final AwsCalls calls =
      new AwsCalls(CallSettings.DEFAULTS, new Random(1), time -> {}, lines.logger());

  private final ConcurrentLinkedQueue<String> applied = new ConcurrentLinkedQueue<>();
  private final List<AutoCloseable> toClose = new ArrayList<>();
  private final ExecutorService serverThreads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(serverThreads);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable resource : toClose) {
      resource.close();
    }
    server.stop(0);
    serverThreads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] request = exchange.getRequestBody().readAllBytes();
    applied.add(exchange.getRequestMethod() + " " + request.length);
    exchange.getResponseHeaders().add("x-amzn-RequestId", "req-" + applied.size());
    exchange.getResponseHeaders().add("ETag", "\"e\"");
    byte[] body = new byte[0];
    if (exchange.getRequestHeaders().containsKey("X-Amz-Target")) {
      exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
      body = "{}".getBytes(UTF_8);
    } else if (exchange.getRequestMethod().equals("POST")) {
      body =
          ("<InitiateMultipartUploadResult><UploadId>u1</UploadId>"
                  + "</InitiateMultipartUploadResult>")
              .getBytes(UTF_8);
    }
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private FaultProxy proxy(FaultPlan plan) throws IOException {
    FaultProxy proxy = FaultProxy.start("aws", server.getAddress(), plan);
    toClose.add(proxy);
    return proxy;
  }

  private AwsClients clients(String endpoint) {
    return clients(endpoint, null);
  }

  private AwsClients clients(String endpoint, SdkHttpClient http) {
    Map<String, String> environment = new HashMap<>();
    environment.put("AWS_REGION", "eu-west-1");
    environment.put("AWS_ACCESS_KEY_ID", "AKID");
    environment.put("AWS_SECRET_ACCESS_KEY", "secret");
    environment.put("AWS_ENDPOINT_URL", endpoint);
    AwsClients.Builder builder = AwsClients.builder(environment);
    AwsClients clients = (http == null ? builder : builder.httpClient(http)).build();
    toClose.add(clients);
    return clients;
  }

  private DynamoDbClient dynamoDb(FaultPlan plan) throws IOException {
    return clients(proxy(plan).uri().toString()).build("dynamodb", DynamoDbClient.builder());
  }

  private S3Client s3(FaultPlan plan) throws IOException {
    return clients(proxy(plan).uri().toString())
        .build("s3", S3Client.builder().forcePathStyle(true));
  }

  private static FaultPlan nth(int n, Fault fault) {
    return FaultPlan.deciding(request -> request.number() == n ? fault : Fault.PASS);
  }

  private static PutItemResponse put(
      DynamoDbClient client, AwsRequestOverrideConfiguration limits) {
    return client.putItem(
        b ->
            b.tableName("t")
                .item(Map.of("id", AttributeValue.fromS("1")))
                .overrideConfiguration(limits));
  }

  private static PutObjectResponse put(
      S3Client client, byte[] body, AwsRequestOverrideConfiguration limits) {
    return client.putObject(
        b -> b.bucket("b").key("k").overrideConfiguration(limits), RequestBody.fromBytes(body));
  }

  private static Fault dynamoDbError(int status, String code) {
    return Fault.answer(
        status,
        Map.of("Content-Type", "application/x-amz-json-1.0", "x-amzn-RequestId", "fault-1"),
        ("{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + code + "\",\"message\":\"m\"}")
            .getBytes(UTF_8));
  }

  // --- one call is one request

  @Test
  void aPostThatIsCutAfterItArrivedIsNotSentAgain() throws Exception {
    FaultPlan plan = nth(1, Fault.CUT_AFTER);
    DynamoDbClient client = dynamoDb(plan);
    assertThatThrownBy(
            () -> calls.once("dynamodb:PutItem", Deadlines.never(), limits -> put(client, limits)))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessageStartingWith("dynamodb:PutItem failed in its only attempt: ");
    assertThat(plan.count()).isEqualTo(1);
    assertThat(applied).hasSize(1);
  }

  @Test
  void aPostOverAUsedConnectionIsNotSentAgainEither() throws Exception {
    for (Fault cut : List.of(Fault.CUT_BEFORE, Fault.CUT_AFTER)) {
      FaultPlan plan = nth(2, cut);
      FaultProxy proxy = proxy(plan);
      DynamoDbClient client =
          clients(proxy.uri().toString()).build("dynamodb", DynamoDbClient.builder());
      calls.once("dynamodb:PutItem", Deadlines.never(), limits -> put(client, limits));
      assertThatThrownBy(
              () ->
                  calls.once("dynamodb:PutItem", Deadlines.never(), limits -> put(client, limits)))
          .isInstanceOf(RetryableFailureException.class);
      assertThat(plan.count()).isEqualTo(2);
      assertThat(proxy.connections()).isEqualTo(1);
    }
  }

  @Test
  void aPutThatIsCutIsNotSentAgain() throws Exception {
    FaultPlan plan = nth(1, Fault.CUT_AFTER);
    S3Client client = s3(plan);
    assertThatThrownBy(
            () ->
                calls.once(
                    "s3:PutObject", Deadlines.never(), limits -> put(client, new byte[9], limits)))
        .isInstanceOf(RetryableFailureException.class);
    assertThat(plan.count()).isEqualTo(1);
  }

  @Test
  void theJdkSendsRequestsWithoutABodyOnceMoreByItself() throws Exception {
    FaultPlan plan = nth(1, Fault.CUT_AFTER);
    S3Client client = s3(plan);
    calls.once(
        "s3:HeadObject",
        Deadlines.never(),
        limits -> client.headObject(b -> b.bucket("b").key("k").overrideConfiguration(limits)));
    assertThat(plan.requests()).extracting(ProxiedRequest::method).containsExactly("HEAD", "HEAD");
    assertThat(lines.messages()).containsExactly("ok");
  }

  @Test
  void thePostThatStartsAMultipartUploadHasNoBodyAndIsNotSentAgain() throws Exception {
    FaultPlan plan = nth(1, Fault.CUT_AFTER);
    S3Client client = s3(plan);
    assertThatThrownBy(
            () ->
                calls.once(
                    "s3:CreateMultipartUpload",
                    Deadlines.never(),
                    limits ->
                        client.createMultipartUpload(
                            b -> b.bucket("b").key("k").overrideConfiguration(limits))))
        .isInstanceOf(RetryableFailureException.class);
    assertThat(plan.requests()).extracting(ProxiedRequest::length).containsExactly(0);
  }

  @Test
  void emptyAndLargeBodiesArriveWhole() throws Exception {
    FaultPlan plan = FaultPlan.passing();
    S3Client client = s3(plan);
    for (int length : new int[] {0, 1, 3 << 20}) {
      calls.once(
          "s3:PutObject", Deadlines.never(), limits -> put(client, new byte[length], limits));
    }
    // The SDK puts the body in chunks of its own, with a checksum behind.
    assertThat(plan.requests())
        .extracting(request -> request.header("x-amz-decoded-content-length").orElse("0"))
        .containsExactly("0", "1", "3145728");
  }

  @Test
  void connectionsAreUsedAgainAfterAnswersAndAfterErrors() throws Exception {
    FaultPlan plan = nth(2, dynamoDbError(400, "ConditionalCheckFailedException"));
    FaultProxy proxy = proxy(plan);
    DynamoDbClient client =
        clients(proxy.uri().toString()).build("dynamodb", DynamoDbClient.builder());
    calls.call("dynamodb:PutItem", Deadlines.never(), limits -> put(client, limits));
    assertThatThrownBy(
            () -> calls.call("dynamodb:PutItem", Deadlines.never(), limits -> put(client, limits)))
        .isInstanceOf(ConditionalCheckFailedException.class);
    calls.call("dynamodb:PutItem", Deadlines.never(), limits -> put(client, limits));
    assertThat(plan.count()).isEqualTo(3);
    assertThat(proxy.connections()).isEqualTo(1);
  }

  // --- what heals

  @Test
  void throttlesErrorsAndCutsHealWithinOneCall() throws Exception {
    List<Fault> faults =
        List.of(
            dynamoDbError(400, "ThrottlingException"),
            Fault.answerAfter(500, Map.of(), new byte[0]),
            Fault.CUT_BEFORE,
            Fault.CUT_AFTER,
            Fault.PASS);
    FaultPlan plan = FaultPlan.deciding(request -> faults.get(request.number() - 1));
    DynamoDbClient client = dynamoDb(plan);
    calls.call("dynamodb:PutItem", Deadlines.never(), limits -> put(client, limits));
    assertThat(plan.count()).isEqualTo(5);
    assertThat(lines.fields(0)).containsEntry("throttled", true);
    assertThat(lines.fields(1)).containsEntry("throttled", false).containsEntry("status", 500);
    assertThat(lines.fields(2)).containsEntry("outcome", "failed").containsEntry("status", 0);
  }

  /** A connection that is closed early looks like the end of its answer to the JDK. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 60})
  void anAnswerThatIsCutIsNoAnswer(int bytes) throws Exception {
    byte[] whole =
        ("<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>k</Key></Contents>"
                + "</ListBucketResult>")
            .getBytes(UTF_8);
    try (ServerSocket cutting = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      serverThreads.execute(
          () -> {
            answerOnce(cutting, whole, bytes);
            answerOnce(cutting, whole, whole.length);
          });
      S3Client s3 =
          clients("http://127.0.0.1:" + cutting.getLocalPort())
              .build("s3", S3Client.builder().forcePathStyle(true));

      ListObjectsV2Response listed =
          calls.call(
              "s3:ListObjectsV2",
              Deadlines.inRealTime(LONG),
              limits -> s3.listObjectsV2(b -> b.bucket("b").overrideConfiguration(limits)));

      assertThat(listed.contents()).extracting(S3Object::key).containsExactly("k");
    }
    assertThat(lines.fields(0)).containsEntry("outcome", "failed").containsEntry("status", 200);
    assertThat(lines.fields(1)).containsEntry("outcome", "ok");
  }

  private static void answerOnce(ServerSocket server, byte[] body, int bytes) {
    try (Socket socket = server.accept()) {
      byte[] request = new byte[1 << 16];
      int length = 0;
      while (!new String(request, 0, length, UTF_8).endsWith("\r\n\r\n")) {
        length += socket.getInputStream().read(request, length, request.length - length);
      }
      String head =
          "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n"
              .formatted(body.length);
      socket.getOutputStream().write(head.getBytes(UTF_8));
      socket.getOutputStream().write(body, 0, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As S3 says it, and as the front end of the other services does. */
  @ParameterizedTest
  @CsvSource({
    "s3, RequestTimeTooSkewed, 20",
    "s3, RequestTimeTooSkewed, -20",
    "s3, RequestTimeTooSkewed, 180",
    "dynamodb, InvalidSignatureException, 20",
    "dynamodb, InvalidSignatureException, -20",
    "dynamodb, SignatureDoesNotMatch, 20",
  })
  void aClockThatDiffersIsSetByTheFirstAnswer(String service, String code, int minutes)
      throws Exception {
    boolean s3 = service.equals("s3");
    List<LocalDateTime> signed = new ArrayList<>();
    FaultPlan plan =
        FaultPlan.deciding(
            request -> {
              signed.add(LocalDateTime.parse(request.header("X-Amz-Date").orElseThrow(), SIGNED));
              return signed.size() > 1
                  ? Fault.PASS
                  : skewed(s3, code, signed.get(0).plusMinutes(minutes).atOffset(ZoneOffset.UTC));
            });
    AwsCalls.Attempt<Object> put;
    if (s3) {
      S3Client client = s3(plan);
      put = limits -> put(client, new byte[9], limits);
    } else {
      DynamoDbClient client = dynamoDb(plan);
      put = limits -> put(client, limits);
    }

    for (int call = 0; call < 2; call++) {
      calls.call("service:Put", Deadlines.never(), put);
    }

    assertThat(signed).hasSize(3);
    assertThat(signed.subList(1, 3))
        .allSatisfy(
            time ->
                assertThat(ChronoUnit.SECONDS.between(signed.get(0), time))
                    .isCloseTo(minutes * 60L, within(60L)));
  }

  private static Fault skewed(boolean s3, String code, OffsetDateTime theirs) {
    return s3
        ? Fault.answer(
            403,
            Map.of("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(theirs)),
            "<Error><Code>%s</Code></Error>".formatted(code).getBytes(UTF_8))
        : Fault.answer(
            400,
            Map.of(
                "Date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(theirs),
                "Content-Type",
                "application/x-amz-json-1.0"),
            "{\"__type\":\"com.amazon.coral.service#%s\",\"message\":\"Signature expired\"}"
                .formatted(code)
                .getBytes(UTF_8));
  }

  @Test
  void whatIsSignedWithoutTheSdksClientsIsCorrectedToo() throws Exception {
    List<LocalDateTime> signed = new ArrayList<>();
    FaultPlan plan =
        FaultPlan.deciding(
            request -> {
              signed.add(LocalDateTime.parse(request.header("X-Amz-Date").orElseThrow(), SIGNED));
              return signed.size() % 2 == 0
                  ? Fault.PASS
                  : skewed(
                      false,
                      "InvalidSignatureException",
                      signed.get(signed.size() - 1).plusMinutes(-20).atOffset(ZoneOffset.UTC));
            });
    String endpoint = proxy(plan).uri().toString();
    AwsClients clients = clients(endpoint);

    HttpPosts.Answer posted =
        clients
            .posts("monitoring")
            .post(URI.create(endpoint), Map.of("Content-Type", "text/plain"), new byte[9], LONG);
    JsonCalls json = clients.json("resource groups tagging api", "tagging");
    byte[] called =
        calls.call(
            "tag:GetResources", Deadlines.never(), limits -> json.post("X.GetResources", BODY));

    assertThat(posted.status()).isEqualTo(200);
    assertThat(called).isEqualTo(BODY);
    assertThat(signed).hasSize(4);
    assertThat(ChronoUnit.SECONDS.between(signed.get(0), signed.get(1)))
        .isCloseTo(-1_200, within(60L));
    assertThat(ChronoUnit.SECONDS.between(signed.get(2), signed.get(3)))
        .isCloseTo(-1_200, within(60L));
  }

  /** Else a wrong key on a machine with a wrong clock would be tried until the time is over. */
  @Test
  void aRefusalAfterTheClockWasSetIsFinal() throws Exception {
    List<LocalDateTime> signed = new ArrayList<>();
    FaultPlan plan =
        FaultPlan.deciding(
            request -> {
              signed.add(LocalDateTime.parse(request.header("X-Amz-Date").orElseThrow(), SIGNED));
              return skewed(
                  false,
                  "InvalidSignatureException",
                  signed.get(0).plusMinutes(20).atOffset(ZoneOffset.UTC));
            });
    DynamoDbClient client = dynamoDb(plan);

    assertThatThrownBy(
            () -> calls.call("dynamodb:PutItem", Deadlines.never(), limits -> put(client, limits)))
        .isInstanceOf(DynamoDbException.class);
    assertThat(signed).hasSize(2);
  }

  // --- what ends a try

  @Test
  void theTimeOfATryEndsAWaitForAnAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      DynamoDbClient client =
          clients("http://127.0.0.1:" + silent.getLocalPort())
              .build("dynamodb", DynamoDbClient.builder());
      Deadline soon = Deadlines.inRealTime(Duration.ofMillis(400));
      long start = System.nanoTime();
      assertThatThrownBy(() -> calls.once("dynamodb:PutItem", soon, limits -> put(client, limits)))
          .isInstanceOf(RetryableFailureException.class)
          .hasCauseInstanceOf(ApiCallTimeoutException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isLessThan(AwsClients.READ_TIMEOUT.dividedBy(2));
    }
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void theTimeOfATryEndsAHandshakeThatGetsNoAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      DynamoDbClient client =
          clients("https://127.0.0.1:" + silent.getLocalPort())
              .build("dynamodb", DynamoDbClient.builder());
      Deadline soon = Deadlines.inRealTime(Duration.ofMillis(400));
      long start = System.nanoTime();
      assertThatThrownBy(() -> calls.once("dynamodb:PutItem", soon, limits -> put(client, limits)))
          .isInstanceOf(RetryableFailureException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isLessThan(AwsClients.READ_TIMEOUT.dividedBy(2));
    }
  }

  @Test
  void theTimeToConnectEndsAWaitForAConnection() throws Exception {
    Duration connectTimeout = Duration.ofMillis(600);
    SdkHttpClient http =
        UrlConnectionHttpClient.builder()
            .connectionTimeout(connectTimeout)
            .socketTimeout(LONG)
            .build();
    toClose.add(http);
    try (FullServer full = new FullServer()) {
      DynamoDbClient client =
          clients("http://127.0.0.1:" + full.port(), http)
              .build("dynamodb", DynamoDbClient.builder());
      Deadline soon = Deadlines.inRealTime(Duration.ofMillis(150));
      long start = System.nanoTime();
      assertThatThrownBy(() -> calls.once("dynamodb:PutItem", soon, limits -> put(client, limits)))
          .isInstanceOf(RetryableFailureException.class);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      // Not by the time of the try: there is nothing to close yet.
      assertThat(took).isLessThan(connectTimeout.plus(LONG.dividedBy(2)));
    }
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  /** Listens, takes no connection, and its queue of connections is full. */
  private static final class FullServer implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<Socket> queue = new ArrayList<>();

    FullServer() throws IOException {
      try {
        for (int i = 0; i < 16; i++) {
          Socket socket = new Socket();
          queue.add(socket);
          socket.connect(listener.getLocalSocketAddress(), 100);
        }
        throw new IOException("the queue takes all connections");
      } catch (java.net.SocketTimeoutException e) {
        // Full.
      }
    }

    int port() {
      return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      for (Socket socket : queue) {
        socket.close();
      }
      listener.close();
    }
  }

  // --- the log

  @Test
  void eachTryIsALineWithItsFields() throws Exception {
    FaultPlan plan = nth(1, dynamoDbError(400, "ProvisionedThroughputExceededException"));
    DynamoDbClient client = dynamoDb(plan);
    calls.call("dynamodb:PutItem", Deadlines.never(), limits -> put(client, limits));
    assertThat(lines.levels()).containsExactly(Level.INFO, Level.INFO);
    assertThat(lines.messages())
        .containsExactly(
            "failed: ProvisionedThroughputExceededException (400): m, request fault-1", "ok");
    assertThat(lines.fields(0))
        .containsEntry("operation", "dynamodb:PutItem")
        .containsEntry("attempt", 1)
        .containsEntry("outcome", "failed")
        .containsEntry("throttled", true)
        .containsEntry("rejected", false)
        .containsEntry("status", 400)
        .containsEntry("bytes", (long) plan.requests().get(0).length())
        .containsEntry("aws_request_id", "fault-1")
        .containsKey("latency_ms")
        .hasSize(9);
    assertThat(lines.fields(1))
        .containsEntry("attempt", 2)
        .containsEntry("outcome", "ok")
        .containsEntry("throttled", false)
        .containsEntry("status", 200)
        .containsEntry("bytes", (long) plan.requests().get(1).length())
        .containsEntry("aws_request_id", "req-1");
    assertThat((Long) lines.fields(1).get("bytes")).isPositive();
  }

  @Test
  void aRefusalAndAnIncompleteAnswerAreTold() throws Exception {
    FaultPlan plan = nth(3, dynamoDbError(400, "ConditionalCheckFailedException"));
    DynamoDbClient client = dynamoDb(plan);
    int[] answers = {0};
    calls.call(
        "dynamodb:PutItem",
        Deadlines.never(),
        limits -> put(client, limits),
        answer -> ++answers[0] == 2);
    assertThatThrownBy(
            () -> calls.call("dynamodb:PutItem", Deadlines.never(), limits -> put(client, limits)))
        .isInstanceOf(ConditionalCheckFailedException.class);
    assertThat(lines.messages())
        .containsExactly(
            "incomplete",
            "ok",
            "refused: ConditionalCheckFailedException (400): m, request fault-1");
    assertThat(lines.fields(2)).containsEntry("rejected", true).containsEntry("attempt", 1);
  }
}
