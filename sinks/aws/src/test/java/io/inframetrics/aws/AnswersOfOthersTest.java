package io.inframetrics.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.testkit.Deadlines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;

/** What each client makes of an answer that is not its service's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswersOfOthersTest {

  private static final String PAGE = "<html><body>Please log in</body></html>";

  private final AtomicInteger requests = new AtomicInteger();
  private final SdkHttpClient transport = UrlConnectionHttpClient.create();
  private final AwsCalls calls =
      new AwsCalls(CallSettings.DEFAULTS.withMaxAttempts(3), new Random(1), time -> {});

  private HttpServer server;
  private AwsClients realOnes;
  private AwsClients overriddenOnes;
  private Clients real;
  private Clients overridden;
  private volatile Reply reply;

  /** An answer; {@code type} and {@code id} are left out if they are empty. */
  private record Reply(int status, String type, String idHeader, String etag, String body) {

    static Reply of(int status, String type, String body) {
      return new Reply(status, type, "", "", body);
    }

    Reply withId(String header) {
      return new Reply(status, type, header, etag, body);
    }
  }

  /** A call to each kind of service, and the service's own answers to it. */
  private enum Call {
    S3_PUT("x-amz-request-id", new Reply(200, "", "", "\"e\"", "")),
    S3_LIST(
        "x-amz-id-2",
        Reply.of(
            200,
            "application/xml",
            "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")),
    S3_COPY(
        "x-amz-request-id",
        Reply.of(200, "application/xml", "<CopyObjectResult><ETag>e</ETag></CopyObjectResult>")),
    S3_GET("x-amz-request-id", new Reply(200, "text/html", "", "\"e\"", PAGE)),
    S3_HEAD("x-amz-request-id", new Reply(200, "", "", "\"e\"", "")),
    S3_DELETE("x-amz-request-id", Reply.of(204, "", "")),
    DYNAMODB("x-amzn-RequestId", Reply.of(200, "application/x-amz-json-1.0", "{}")),
    CLOUDWATCH("x-amzn-RequestId", Reply.of(200, "application/cbor", "")),
    SNS(
        "x-amzn-RequestId",
        Reply.of(
            200,
            "text/xml",
            "<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>")),
    JSON("x-amzn-RequestId", Reply.of(200, "application/x-amz-json-1.1", "{}"));

    private final String idHeader;
    private final Reply own;

    Call(String idHeader, Reply own) {
      this.idHeader = idHeader;
      this.own = own;
    }

    boolean hasForm() {
      return this != S3_HEAD && this != S3_DELETE;
    }

    void run(Clients clients, AwsRequestOverrideConfiguration limits) {
      switch (this) {
        case S3_PUT ->
            clients
                .s3()
                .putObject(
                    b -> b.bucket("b").key("k").overrideConfiguration(limits),
                    RequestBody.fromString("content"));
        case S3_LIST ->
            clients.s3().listObjectsV2(b -> b.bucket("b").overrideConfiguration(limits));
        case S3_COPY ->
            clients
                .s3()
                .copyObject(
                    b ->
                        b.sourceBucket("b")
                            .sourceKey("k")
                            .destinationBucket("b")
                            .destinationKey("k2")
                            .overrideConfiguration(limits));
        case S3_GET ->
            clients
                .s3()
                .getObjectAsBytes(b -> b.bucket("b").key("k").overrideConfiguration(limits));
        case S3_HEAD ->
            clients.s3().headObject(b -> b.bucket("b").key("k").overrideConfiguration(limits));
        case S3_DELETE ->
            clients.s3().deleteObject(b -> b.bucket("b").key("k").overrideConfiguration(limits));
        case DYNAMODB ->
            clients
                .dynamoDb()
                .putItem(
                    b ->
                        b.tableName("t")
                            .item(Map.of("id", AttributeValue.fromS("1")))
                            .overrideConfiguration(limits));
        case CLOUDWATCH ->
            clients
                .cloudWatch()
                .putMetricData(
                    b ->
                        b.namespace("n")
                            .metricData(MetricDatum.builder().metricName("m").value(1.0).build())
                            .overrideConfiguration(limits));
        case SNS ->
            clients
                .sns()
                .publish(
                    b ->
                        b.topicArn("arn:aws:sns:eu-west-1:123456789012:t")
                            .message("m")
                            .overrideConfiguration(limits));
        case JSON -> clients.json().post("T.GetResources", "{}".getBytes(UTF_8));
      }
    }
  }

  private record Clients(
      S3Client s3,
      DynamoDbClient dynamoDb,
      CloudWatchClient cloudWatch,
      SnsClient sns,
      JsonCalls json) {

    static Clients of(AwsClients clients) {
      return new Clients(
          clients.build("s3", S3Client.builder().forcePathStyle(true)),
          clients.build("dynamodb", DynamoDbClient.builder()),
          clients.build("cloudwatch", CloudWatchClient.builder()),
          clients.build("sns", SnsClient.builder()),
          clients.json("tagging", "tagging"));
    }
  }

  /** Sends the requests for AWS itself to the server of this test. */
  private final class Redirected implements SdkHttpClient {

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      HttpExecuteRequest.Builder here =
          HttpExecuteRequest.builder()
              .request(
                  request.httpRequest().toBuilder()
                      .protocol("http")
                      .host("127.0.0.1")
                      .port(server.getAddress().getPort())
                      .build());
      request.contentStreamProvider().ifPresent(here::contentStreamProvider);
      return transport.prepareRequest(here.build());
    }

    @Override
    public void close() {
      // The test closes the transport.
    }
  }

  @BeforeAll
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    Map<String, String> environment = new HashMap<>();
    environment.put("AWS_REGION", "eu-west-1");
    environment.put("AWS_ACCESS_KEY_ID", "AKID");
    environment.put("AWS_SECRET_ACCESS_KEY", "secret");
    realOnes = AwsClients.builder(environment).httpClient(new Redirected()).build();
    real = Clients.of(realOnes);
    environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + server.getAddress().getPort());
    overriddenOnes = AwsClients.fromEnvironment(environment);
    overridden = Clients.of(overriddenOnes);
  }

  @AfterAll
  void stop() {
    realOnes.close();
    overriddenOnes.close();
    transport.close();
    server.stop(0);
  }

  @BeforeEach
  void forget() {
    requests.set(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      requests.incrementAndGet();
      Reply now = reply;
      put(exchange, "Content-Type", now.type());
      put(exchange, "ETag", now.etag());
      put(exchange, now.idHeader(), "id-1");
      byte[] body =
          now.type().equals("application/cbor")
              ? new byte[] {(byte) 0xbf, (byte) 0xff}
              : now.body().getBytes(UTF_8);
      boolean empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(now.status(), empty ? -1 : body.length);
      if (!empty) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private static void put(HttpExchange exchange, String name, String value) {
    if (!name.isEmpty() && !value.isEmpty()) {
      exchange.getResponseHeaders().set(name, value);
    }
  }

  private void call(Call call, Clients clients) {
    calls.call(
        "a:Call",
        Deadlines.never(),
        limits -> {
          call.run(clients, limits);
          return "";
        });
  }

  static Stream<Arguments> callsAndAnswersOfOthers() {
    Reply html = Reply.of(200, "text/html; charset=utf-8", PAGE);
    return Stream.of(Call.values())
        .flatMap(
            call ->
                Stream.of(
                        html,
                        Reply.of(200, "application/xhtml+xml", PAGE),
                        Reply.of(200, "", ""),
                        Reply.of(204, "", ""),
                        call.own)
                    .map(reply -> Arguments.of(call, reply)));
  }

  @ParameterizedTest
  @MethodSource("callsAndAnswersOfOthers")
  void anAnswerOfAwsWithoutARequestIdIsNoSuccess(Call call, Reply foreign) {
    reply = foreign;

    assertThatThrownBy(() -> call(call, real))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessageMatching(
            "a:Call failed 3 times, the last time: something between here and \\w+ answered in its"
                + " place \\(status 20[04](, [^)]+)?\\): it (has no|is not in) [\\w ]+");
    assertThat(requests).hasValue(3);
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerWithItsIdIsASuccess(Call call) {
    reply = call.own.withId(call.idHeader);

    assertThatCode(() -> call(call, real)).doesNotThrowAnyException();
    assertThat(requests).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource
  void aStandInNeedsNoId(Call call) {
    reply = call.own;

    assertThatCode(() -> call(call, overridden)).doesNotThrowAnyException();
    assertThat(requests).hasValue(1);
  }

  /** As moto does for the tagging API. */
  @ParameterizedTest
  @EnumSource(names = {"DYNAMODB", "JSON"})
  void aStandInWithAnIdMayNameAnotherTypeThanJson(Call call) {
    reply = Reply.of(200, "text/html; charset=utf-8", "{}").withId("x-amzn-requestid");

    assertThatCode(() -> call(call, overridden)).doesNotThrowAnyException();
    assertThatThrownBy(() -> call(call, real)).isInstanceOf(RetryableFailureException.class);
  }

  /** Only HEAD and DELETE have answers without any form. */
  @ParameterizedTest
  @MethodSource("callsAndAnswersOfOthers")
  void noStandInAnswersInAnotherForm(Call call, Reply foreign) {
    reply = foreign;
    if (foreign.equals(call.own) || (!call.hasForm() && foreign.type().isEmpty())) {
      return;
    }

    assertThatThrownBy(() -> call(call, overridden))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessageContaining("something between here and");
  }

  static Stream<Arguments> callsAndOtherServices() {
    return Stream.of(Call.S3_PUT, Call.DYNAMODB, Call.CLOUDWATCH, Call.SNS, Call.JSON)
        .flatMap(
            call ->
                Stream.of(Call.S3_LIST, Call.DYNAMODB, Call.CLOUDWATCH, Call.SNS)
                    .filter(
                        other ->
                            !other.own.type().split("-1")[0].equals(call.own.type().split("-1")[0]))
                    .filter(other -> call != Call.SNS || other != Call.S3_LIST)
                    .map(other -> Arguments.of(call, other)));
  }

  /** Such as at an endpoint that was set for the wrong service. */
  @ParameterizedTest
  @MethodSource("callsAndOtherServices")
  void anAnswerOfAnotherServiceIsNoSuccess(Call call, Call other) {
    reply = other.own.withId(other.idHeader);

    assertThatThrownBy(() -> call(call, real))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessageContaining("something between here and");
  }

  @ParameterizedTest
  @EnumSource(names = "SNS")
  void anIdInTheBodyIsOneToo(Call call) {
    reply =
        Reply.of(
            200,
            "text/xml",
            call.own
                .body()
                .replace(
                    "</PublishResponse>",
                    "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>"));

    assertThatCode(() -> call(call, real)).doesNotThrowAnyException();
  }

  static Stream<Arguments> callsAndUnknownErrors() {
    String throttled = "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>";
    return Stream.of(
        Arguments.of(Call.CLOUDWATCH, Reply.of(400, "text/xml", throttled)),
        Arguments.of(
            Call.CLOUDWATCH,
            Reply.of(400, "application/x-amz-json-1.0", "{\"__type\":\"Throttling\"}")),
        Arguments.of(Call.CLOUDWATCH, Reply.of(404, "text/html", PAGE)),
        Arguments.of(Call.DYNAMODB, Reply.of(403, "text/html", PAGE)),
        Arguments.of(Call.SNS, Reply.of(403, "text/html", PAGE)),
        Arguments.of(Call.S3_GET, Reply.of(403, "text/html", PAGE)),
        Arguments.of(Call.JSON, Reply.of(403, "text/html", PAGE)));
  }

  @ParameterizedTest
  @MethodSource("callsAndUnknownErrors")
  void anErrorInAnUnknownFormIsTriedOnceMore(Call call, Reply error) {
    reply = error;

    assertThatThrownBy(() -> call(call, real)).isInstanceOf(SdkException.class);
    assertThat(requests).hasValue(2);
  }

  @ParameterizedTest
  @EnumSource(names = "S3_HEAD")
  void anErrorWithoutABodyIsNotTriedAgain(Call call) {
    reply = Reply.of(403, "", "");

    assertThatThrownBy(() -> call(call, real)).isInstanceOf(SdkException.class);
    assertThat(requests).hasValue(1);
  }
}
