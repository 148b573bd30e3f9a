package io.inframetrics.aws;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;

/**
 * Builds AWS clients that share one HTTP client, credentials and region. Close it to close them
 * all. Thread-safe.
 */
public final class AwsClients implements AutoCloseable {

  private final SdkHttpClient http;
  private final AwsCredentialsProvider credentials;
  private final Region region;
  private final Map<String, String> environment;

  private AwsClients(
      SdkHttpClient http,
      AwsCredentialsProvider credentials,
      Region region,
      Map<String, String> environment) {
    this.http = http;
    this.credentials = credentials;
    this.region = region;
    this.environment = environment;
  }

  /**
   * Clients as the environment says.
   *
   * @param environment {@code AWS_REGION}, the credentials' variables, {@code AWS_ENDPOINT_URL} and
   *     {@code AWS_ENDPOINT_URL_<SERVICE>}
   */
  public static AwsClients fromEnvironment(Map<String, String> environment) {
    SdkHttpClient http =
        UrlConnectionHttpClient.builder()
            .connectionTimeout(Duration.ofSeconds(2))
            .socketTimeout(Duration.ofSeconds(10))
            .build();
    String region = environment.getOrDefault("AWS_REGION", "us-east-1");
    return new AwsClients(
        http, () -> credentials(environment), Region.of(region), Map.copyOf(environment));
  }

  private static AwsCredentials credentials(Map<String, String> environment) {
    String key = environment.getOrDefault("AWS_ACCESS_KEY_ID", "");
    String secret = environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
    String token = environment.get("AWS_SESSION_TOKEN");
    return token == null
        ? AwsBasicCredentials.create(key, secret)
        : AwsSessionCredentials.create(key, secret, token);
  }

  /**
   * Builds a client.
   *
   * @param service as in {@code AWS_ENDPOINT_URL_<SERVICE>}, such as {@code s3}
   */
  public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(
      String service, B builder) {
    String endpoint =
        environment.getOrDefault(
            "AWS_ENDPOINT_URL_" + service.toUpperCase(Locale.ROOT),
            environment.getOrDefault("AWS_ENDPOINT_URL", ""));
    if (!endpoint.isEmpty()) {
      builder.endpointOverride(URI.create(endpoint));
    }
    return builder
        .region(region)
        .credentialsProvider(credentials)
        .httpClient(http)
        .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  @Override
  public void close() {
    http.close();
  }
}
