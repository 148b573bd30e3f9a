package io.inframetrics.sink.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.aws.AwsClients;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.otlp.StandIn.Received;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Requests to CloudWatch are signed as the SDK's signer signs what arrived. */
class SignatureTest {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isTheSignersOwn(boolean gzip) {
    try (StandIn standIn = new StandIn();
        AwsClients clients = standIn.clients()) {
      OtlpSettings settings = OtlpSettings.toCloudWatch(clients).withGzip(gzip);
      OtlpMetricPublisher publisher =
          OtlpMetricPublisher.toCloudWatch(clients, settings, standIn.sleeper(), StandIn.CLOCK);

      WriteResult result =
          publisher.publish(
              batches -> batches.accept(List.of(SampleMetrics.EXAMPLE)), Deadlines.never());

      assertThat(result).isEqualTo(WriteResult.written(1));
      Received received = standIn.received.get(0);
      assertThat(received.path()).isEqualTo("/v1/metrics");
      assertThat(received.headers()).containsEntry("x-amz-security-token", "token");
      String authorization = received.headers().get("authorization");
      assertThat(authorization)
          .contains("/eu-west-1/monitoring/aws4_request")
          .isEqualTo(signed(received, settings.endpoint(), authorization));
    }
  }

  /** The signature of what arrived: of the headers that were signed, at the time that is said. */
  private static String signed(Received received, URI endpoint, String authorization) {
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder().method(SdkHttpMethod.POST).uri(endpoint);
    String names = authorization.replaceAll(".*SignedHeaders=([^,]*),.*", "$1");
    for (String name : names.split(";", -1)) {
      // The signer writes these itself.
      if (!List.of("host", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256")
          .contains(name)) {
        request.putHeader(name, received.headers().get(name));
      }
    }
    Instant time = TIME.parse(received.headers().get("x-amz-date"), Instant::from);
    return AwsV4HttpSigner.create()
        .sign(
            sign ->
                sign.identity(
                        AwsSessionCredentialsIdentity.create("AKIDEXAMPLE", "secret", "token"))
                    .request(request.build())
                    .payload(() -> new ByteArrayInputStream(received.body()))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "monitoring")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1")
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(time, ZoneOffset.UTC)))
        .request()
        .firstMatchingHeader("Authorization")
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "eu-west-1,https://monitoring.eu-west-1.amazonaws.com/v1/metrics",
    "cn-north-1,https://monitoring.cn-north-1.amazonaws.com.cn/v1/metrics",
  })
  void goesToTheRegionsEndpoint(String region, String endpoint) {
    try (AwsClients clients = AwsClients.fromEnvironment(Map.of("AWS_REGION", region))) {
      assertThat(OtlpSettings.toCloudWatch(clients).endpoint()).isEqualTo(URI.create(endpoint));
    }
  }

  @Test
  void isNotSentWithoutCredentials() {
    try (StandIn standIn = new StandIn();
        AwsClients clients =
            AwsClients.fromEnvironment(
                Map.of(
                    "AWS_REGION",
                    "eu-west-1",
                    "AWS_ENDPOINT_URL",
                    standIn.endpoint().toString()))) {
      WriteResult result =
          OtlpMetricPublisher.toCloudWatch(
                  clients, OtlpSettings.toCloudWatch(clients), standIn.sleeper(), StandIn.CLOCK)
              .publish(
                  batches -> batches.accept(List.of(SampleMetrics.EXAMPLE)), Deadlines.never());

      assertThat(result.retryable())
          .singleElement()
          .satisfies(
              failed ->
                  assertThat(failed.reason())
                      .startsWith("the request could not be signed: the environment has no AWS"));
      assertThat(standIn.received).isEmpty();
    }
  }
}
