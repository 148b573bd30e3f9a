package io.inframetrics.aws;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Credentials as Lambda and containers provide them: keys in the environment, or an address to
 * request them from. Functions with SnapStart get the address, since keys in a snapshot would be
 * outdated when it is restored. Without either, the first use fails, not the construction: clients
 * may be built by code that never calls.
 *
 * <p>Sources: <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html#snapstart-credentials">SnapStart</a>,
 * <a
 * href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html">container
 * credentials</a>.
 */
final class EnvironmentCredentials implements AwsCredentialsProvider, SdkAutoCloseable {

  private final @Nullable AwsCredentials keys;
  private final @Nullable ContainerCredentialsProvider container;

  EnvironmentCredentials(Map<String, String> environment) {
    this.keys = keys(environment);
    boolean hasAddress =
        environment.containsKey("AWS_CONTAINER_CREDENTIALS_FULL_URI")
            || environment.containsKey("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    this.container =
        keys == null && hasAddress ? ContainerCredentialsProvider.builder().build() : null;
  }

  private static @Nullable AwsCredentials keys(Map<String, String> environment) {
    String id = environment.getOrDefault("AWS_ACCESS_KEY_ID", "");
    String secret = environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
    if (id.isBlank() || secret.isBlank()) {
      return null;
    }
    String token = environment.getOrDefault("AWS_SESSION_TOKEN", "");
    return token.isBlank()
        ? AwsBasicCredentials.create(id, secret)
        : AwsSessionCredentials.create(id, secret, token);
  }

  @Override
  public AwsCredentials resolveCredentials() {
    if (keys != null) {
      return keys;
    }
    if (container != null) {
      return container.resolveCredentials();
    }
    throw SdkClientException.create(
        "the environment has no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY,"
            + " or give the clients a credentials provider of your own");
  }

  @Override
  public void close() {
    if (container != null) {
      container.close();
    }
  }
}
