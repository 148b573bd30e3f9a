package io.inframetrics.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Signed calls to a service that speaks AWS JSON 1.1, without the SDK's client of that service: for
 * one operation that client is not worth its size. {@link AwsClients#json} makes it. Thread-safe.
 */
public final class JsonCalls {

  private static final Pattern CODE =
      Pattern.compile("\"__type\"\\s*:\\s*\"(?:[^\"#]*#)?([^\"]*)\"");
  private static final Pattern MESSAGE =
      Pattern.compile("\"[mM]essage\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final String service;
  private final URI endpoint;
  private final String region;
  private final SdkHttpClient http;
  private final AwsCredentialsProvider credentials;
  private final OwnAnswerCheck check;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final SigningClock clock = new SigningClock();

  JsonCalls(
      String service,
      URI endpoint,
      String region,
      SdkHttpClient http,
      AwsCredentialsProvider credentials,
      OwnAnswerCheck check) {
    this.service = service;
    this.endpoint = endpoint;
    this.region = region;
    this.http = http;
    this.credentials = credentials;
    this.check = check;
  }

  /**
   * Sends one request and returns the body of its answer. Use it within {@link AwsCalls}, which
   * retries.
   *
   * @param target the operation, such as {@code ResourceGroupsTaggingAPI_20170126.GetResources}
   * @throws AwsServiceException with the service's code if it refuses
   * @throws SdkClientException if another answered in the service's place
   * @throws UncheckedIOException if there is no complete answer
   */
  public byte[] post(String target, byte[] json) {
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(endpoint)
            .putHeader("Content-Type", "application/x-amz-json-1.1")
            .putHeader("X-Amz-Target", target)
            .putHeader("Content-Length", Integer.toString(json.length))
            .build();
    AwsCredentialsIdentity identity = credentials.resolveCredentials();
    Clock now = clock.clock();
    Instant signedAt = now.instant();
    SignedRequest signed =
        signer.sign(
            sign ->
                sign.identity(identity)
                    .request(request)
                    .payload(() -> new ByteArrayInputStream(json))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, now));
    HttpExecuteRequest.Builder execute = HttpExecuteRequest.builder().request(signed.request());
    signed.payload().ifPresent(execute::contentStreamProvider);
    try {
      HttpExecuteResponse response = http.prepareRequest(execute.build()).call();
      byte[] body = body(response);
      SdkHttpResponse head = response.httpResponse();
      if (!head.isSuccessful()) {
        clock.corrects(signedAt, head.statusCode(), head.firstMatchingHeader("Date").orElse(""));
        throw refusal(head, body, signedAt);
      }
      check.check(request, head);
      return body;
    } catch (IOException e) {
      throw new UncheckedIOException(service + " did not answer", e);
    }
  }

  private static byte[] body(HttpExecuteResponse response) throws IOException {
    AbortableInputStream body = response.responseBody().orElse(null);
    if (body == null) {
      return new byte[0];
    }
    try (InputStream in = body) {
      return in.readAllBytes();
    }
  }

  private AwsServiceException refusal(SdkHttpResponse head, byte[] bytes, Instant signedAt) {
    String body = new String(bytes, StandardCharsets.UTF_8);
    return AwsServiceException.builder()
        .statusCode(head.statusCode())
        .message(body)
        .clockSkew(Duration.between(signedAt, Instant.now()))
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .serviceName(service)
                .rawResponse(SdkBytes.fromByteArray(bytes))
                .errorCode(found(CODE, body))
                .errorMessage(found(MESSAGE, body))
                .sdkHttpResponse(head)
                .build())
        .build();
  }

  private static String found(Pattern pattern, String body) {
    Matcher matcher = pattern.matcher(body);
    return matcher.find() ? matcher.group(1) : "";
  }
}
