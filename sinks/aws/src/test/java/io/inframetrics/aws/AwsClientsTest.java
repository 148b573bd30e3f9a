package io.inframetrics.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.sun.net.httpserver.HttpServer;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mock;
import org.mockito.junit.jupiter.MockitoExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

@ExtendWith(MockitoExtension.class)
@Isolated
class AwsClientsTest {

  private static final Map<String, String> KEYS =
      Map.of(
          "AWS_REGION",
          "eu-west-1",
          "AWS_ACCESS_KEY_ID",
          "AKID",
          "AWS_SECRET_ACCESS_KEY",
          "secret");

  /** The Authorization and the session token of each request. */
  private final ConcurrentLinkedQueue<String> signatures = new ConcurrentLinkedQueue<>();

  /** The HTTP client that a team brings, and any request of it. */
  @Mock private SdkHttpClient http;

  @Mock private ExecutableHttpRequest request;

  private HttpServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          signatures.add(
              exchange.getRequestHeaders().getFirst("Authorization")
                  + " "
                  + exchange.getRequestHeaders().getFirst("X-Amz-Security-Token"));
          byte[] answer = "{\"TableNames\":[]}".getBytes(UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  private static Map<String, String> keysAnd(String... variables) {
    Map<String, String> all = new HashMap<>(KEYS);
    for (int i = 0; i < variables.length; i += 2) {
      all.put(variables[i], variables[i + 1]);
    }
    return all;
  }

  private String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static Optional<URI> endpointOf(AwsClients clients) {
    DynamoDbClient dynamoDb = clients.build("dynamodb", DynamoDbClient.builder());
    return dynamoDb.serviceClientConfiguration().endpointOverride();
  }

  @Test
  void signsForTheRegionWithTheKeysOfTheEnvironment() {
    try (AwsClients clients = AwsClients.fromEnvironment(keysAnd("AWS_ENDPOINT_URL", endpoint()))) {
      clients.build("dynamodb", DynamoDbClient.builder()).listTables();
    }
    assertThat(signatures)
        .singleElement()
        .asString()
        .contains("Credential=AKID/")
        .contains("/eu-west-1/dynamodb/aws4_request")
        .endsWith(" null");
  }

  @Test
  void sendsTheTokenOfTemporaryKeys() {
    try (AwsClients clients =
        AwsClients.fromEnvironment(
            keysAnd("AWS_ENDPOINT_URL", endpoint(), "AWS_SESSION_TOKEN", "token-1"))) {
      clients.build("dynamodb", DynamoDbClient.builder()).listTables();
    }
    assertThat(signatures).singleElement().asString().endsWith(" token-1");
  }

  @Test
  void theRegionHasTwoNamesOfWhichTheFirstCounts() {
    try (AwsClients first =
            AwsClients.fromEnvironment(
                Map.of("AWS_REGION", "eu-west-1", "AWS_DEFAULT_REGION", "us-east-2"));
        AwsClients second =
            AwsClients.fromEnvironment(
                Map.of("AWS_REGION", " ", "AWS_DEFAULT_REGION", "us-east-2"))) {
      assertThat(first.region()).isEqualTo(Region.EU_WEST_1);
      assertThat(second.region()).isEqualTo(Region.US_EAST_2);
    }
  }

  @Test
  void aRegionMustBeNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AwsClients.fromEnvironment(Map.of()))
        .withMessage(
            "the environment names no AWS region: set AWS_REGION, for instance to eu-west-1");
  }

  @Test
  void missingKeysAreToldByTheFirstCallAndAreNoReasonToRepeatIt() {
    try (AwsClients clients =
        AwsClients.fromEnvironment(
            Map.of("AWS_REGION", "eu-west-1", "AWS_ENDPOINT_URL", endpoint()))) {
      DynamoDbClient dynamoDb = clients.build("dynamodb", DynamoDbClient.builder());
      assertThatThrownBy(dynamoDb::listTables)
          .isInstanceOf(SdkException.class)
          .hasMessageContaining("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
          .matches(failure -> !AwsFailures.mayHeal(failure));
    }
    assertThat(signatures).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"})
  void anAddressInPlaceOfKeysIsLeftToTheSdk(String variable) {
    // The SDK looks for the address in the process's environment, where this test cannot put one.
    try (EnvironmentCredentials credentials =
        new EnvironmentCredentials(Map.of(variable, "http://127.0.0.1:1/"))) {
      assertThatThrownBy(credentials::resolveCredentials)
          .isInstanceOf(SdkClientException.class)
          .hasMessageContaining("Cannot fetch credentials from container");
    }
  }

  @Test
  void anAddressInPlaceOfKeysIsAsked() throws Exception {
    server.createContext(
        "/credentials",
        exchange -> {
          signatures.add("asked with " + exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] answer =
              ("{\"AccessKeyId\":\"ASIA1\",\"SecretAccessKey\":\"s\",\"Token\":\"restored\","
                      + "\"Expiration\":\"2099-01-01T00:00:00Z\"}")
                  .getBytes(UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    String address = endpoint() + "/credentials";
    // The SDK takes its settings from system properties before the environment.
    System.setProperty("aws.containerCredentialsFullUri", address);
    System.setProperty("aws.containerAuthorizationToken", "lambda-1");
    try (AwsClients clients =
        AwsClients.fromEnvironment(
            Map.of(
                "AWS_REGION",
                "eu-west-1",
                "AWS_ENDPOINT_URL",
                endpoint(),
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                address))) {
      clients.build("dynamodb", DynamoDbClient.builder()).listTables();
    } finally {
      System.clearProperty("aws.containerCredentialsFullUri");
      System.clearProperty("aws.containerAuthorizationToken");
    }
    assertThat(signatures).hasSize(2);
    assertThat(signatures.poll()).isEqualTo("asked with lambda-1");
    assertThat(signatures.poll()).contains("Credential=ASIA1/").endsWith(" restored");
  }

  @Test
  void aServicesOwnEndpointGoesBeforeTheCommonOne() {
    Map<String, String> environment =
        keysAnd(
            "AWS_ENDPOINT_URL", "http://localhost:4566",
            "AWS_ENDPOINT_URL_DYNAMODB", "http://localhost:8000");
    try (AwsClients clients = AwsClients.fromEnvironment(environment)) {
      assertThat(endpointOf(clients)).contains(URI.create("http://localhost:8000"));
      assertThat(clients.endpoint("s3")).contains(URI.create("http://localhost:4566"));
      assertThat(clients.hasEndpoint("s3")).isTrue();
    }
  }

  @Test
  void withoutAnEndpointTheServiceIsAtAws() {
    try (AwsClients clients = AwsClients.fromEnvironment(keysAnd("AWS_ENDPOINT_URL", ""))) {
      assertThat(endpointOf(clients)).isEmpty();
      assertThat(clients.hasEndpoint("dynamodb")).isFalse();
    }
  }

  @Test
  void endpointsMayBeIgnored() {
    Map<String, String> environment =
        keysAnd(
            "AWS_ENDPOINT_URL", "http://localhost:4566",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE");
    try (AwsClients clients = AwsClients.fromEnvironment(environment)) {
      assertThat(endpointOf(clients)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:4566", "http://", "ftp://localhost", "http://a b", "/path"})
  void anEndpointMustBeAUrl(String endpoint) {
    try (AwsClients clients =
        AwsClients.fromEnvironment(keysAnd("AWS_ENDPOINT_URL_S3", endpoint))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> clients.build("s3", S3Client.builder()))
          .withMessage(
              "AWS_ENDPOINT_URL_S3 is \"%s\": use the URL of a server, such as"
                  + " http://localhost:4566",
              endpoint);
    }
  }

  @Test
  void aTeamBringsItsOwnRegionAndCredentials() {
    try (AwsClients clients =
        AwsClients.builder(Map.of("AWS_ENDPOINT_URL", endpoint()))
            .region(Region.AP_SOUTH_1)
            .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("OWN", "s")))
            .build()) {
      clients.build("dynamodb", DynamoDbClient.builder()).listTables();
    }
    assertThat(signatures).singleElement().asString().contains("OWN/").contains("/ap-south-1/");
  }

  @Test
  void aTeamsHttpClientIsUsedAndLeftOpen() throws IOException {
    failEveryRequest();
    AwsClients clients =
        AwsClients.builder(keysAnd("AWS_ENDPOINT_URL", endpoint())).httpClient(http).build();
    DynamoDbClient dynamoDb = clients.build("dynamodb", DynamoDbClient.builder());
    assertThatThrownBy(dynamoDb::listTables).hasMessageContaining("counted");
    clients.close();
    verify(request).call();
    verify(http, never()).close();
  }

  @Test
  void theSdkItselfDoesNotRepeat() throws IOException {
    failEveryRequest();
    try (AwsClients clients =
        AwsClients.builder(keysAnd("AWS_ENDPOINT_URL", endpoint())).httpClient(http).build()) {
      DynamoDbClient dynamoDb = clients.build("dynamodb", DynamoDbClient.builder());
      S3Client s3 = clients.build("s3", S3Client.builder());
      assertThatThrownBy(dynamoDb::listTables).isInstanceOf(SdkException.class);
      assertThatThrownBy(s3::listBuckets).isInstanceOf(SdkException.class);
    }
    verify(request, times(2)).call();
  }

  @Test
  void closingTwiceIsClosingOnce() {
    AwsClients clients = AwsClients.fromEnvironment(KEYS);
    clients.build("s3", S3Client.builder());
    clients.close();
    clients.close();
  }

  /** Has no network: every request fails with an error that other clients would repeat. */
  private void failEveryRequest() throws IOException {
    when(http.prepareRequest(any())).thenReturn(request);
    when(request.call()).thenThrow(new IOException("counted"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"})
  void aCallThatGetsNoAnswerNamesTheEndpointAndItsVariable(String variable) {
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    server.stop(0);
    Map<String, String> environment = new HashMap<>(KEYS);
    environment.put(variable, url);
    try (AwsClients clients = AwsClients.fromEnvironment(environment)) {
      DynamoDbClient client = clients.build("dynamodb", DynamoDbClient.builder());

      assertThatThrownBy(client::listTables)
          .isInstanceOf(SdkClientException.class)
          .matches(AwsFailures::mayHeal)
          .hasMessageContaining("; the endpoint is " + url + ", by " + variable);
      assertThatThrownBy(
              () ->
                  new AwsCalls(CallSettings.DEFAULTS.withMaxAttempts(2), new Random(1), time -> {})
                      .call(
                          "dynamodb:ListTables",
                          Deadline.after(Duration.ofMinutes(1), Clock.systemUTC()),
                          limits -> client.listTables()))
          .isInstanceOf(RetryableFailureException.class)
          .hasMessageContainingAll("failed 2 times", url, variable);
    }
  }

  @Test
  void aRegionThatTheSdkDoesNotKnowHasThePartitionOfItsName() {
    for (String[] each :
        new String[][] {{"eu-wst-1", "aws"}, {"cn-new-9", "aws-cn"}, {"xx", "aws"}}) {
      Map<String, String> environment = new HashMap<>(KEYS);
      environment.put("AWS_REGION", each[0]);
      try (AwsClients clients = AwsClients.fromEnvironment(environment)) {
        assertThat(clients.partition().id()).as(each[0]).isEqualTo(each[1]);
      }
    }
  }
}
