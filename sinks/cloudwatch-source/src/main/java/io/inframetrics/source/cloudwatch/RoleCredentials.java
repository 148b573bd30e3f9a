package io.inframetrics.source.cloudwatch;

import io.inframetrics.aws.AwsFailures;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/** Credentials of an assumed role, renewed before they expire. Thread-safe. */
final class RoleCredentials implements AwsCredentialsProvider {

  private static final Duration MARGIN = Duration.ofMinutes(5);

  private final String roleArn;
  private final Supplier<StsClient> sts;
  private final Clock clock;
  private @Nullable AwsCredentials credentials;
  private Instant expiry = Instant.MIN;

  RoleCredentials(String roleArn, Supplier<StsClient> sts, Clock clock) {
    this.roleArn = roleArn;
    this.sts = sts;
    this.clock = clock;
  }

  @Override
  public synchronized AwsCredentials resolveCredentials() {
    AwsCredentials current = credentials;
    if (current == null || clock.instant().isAfter(expiry.minus(MARGIN))) {
      Credentials made = assume();
      current =
          AwsSessionCredentials.create(
              made.accessKeyId(), made.secretAccessKey(), made.sessionToken());
      expiry = made.expiration();
      credentials = current;
    }
    return current;
  }

  private Credentials assume() {
    try {
      return sts.get()
          .assumeRole(role -> role.roleArn(roleArn).roleSessionName("InfraMetrics"))
          .credentials();
    } catch (SdkException e) {
      if (AwsFailures.mayHeal(e)) {
        throw e; // The call that needs the credentials is retried.
      }
      throw AwsFailures.refusal("sts:AssumeRole", e);
    }
  }
}
