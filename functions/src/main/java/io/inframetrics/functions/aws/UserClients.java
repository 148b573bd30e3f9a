package io.inframetrics.functions.aws;

import io.inframetrics.aws.AwsClients;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;

/**
 * AWS clients for a person's machine, which may have a profile where a function has variables. The
 * environment goes first; missing keys or a missing region come from the SDK's default chain and
 * the profile. Close it; thread-safe.
 *
 * <p>Profiles with keys or with a {@code credential_process} work. Single sign-on and assumed roles
 * need modules of the SDK that are not included: use the variables that {@code aws configure
 * export-credentials --format env} prints.
 */
public final class UserClients implements AutoCloseable {

  private final AwsClients clients;
  private final @Nullable DefaultCredentialsProvider chain;

  private UserClients(AwsClients clients, @Nullable DefaultCredentialsProvider chain) {
    this.clients = clients;
    this.chain = chain;
  }

  /**
   * Clients for this process.
   *
   * @param environment of this process; the SDK's chain reads it, too
   * @throws IllegalArgumentException if neither the environment nor the profile names a region, or
   *     if AWS has no such region, or if an endpoint is not the URL of a server
   */
  public static UserClients of(Map<String, String> environment) {
    AwsClients.Builder builder = AwsClients.builder(environment);
    if (!has(environment, "AWS_REGION") && !has(environment, "AWS_DEFAULT_REGION")) {
      builder.region(regionOfProfile());
    }
    DefaultCredentialsProvider chain = null;
    if (!has(environment, "AWS_ACCESS_KEY_ID")
        && !has(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI")
        && !has(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
      chain = DefaultCredentialsProvider.builder().build();
      AwsCredentialsProvider provider = chain;
      builder.credentials(provider);
    }
    UserClients clients = new UserClients(builder.build(), chain);
    try {
      UnlistedRegion.refuse(clients.clients, environment);
      return clients;
    } catch (IllegalArgumentException e) {
      clients.close();
      throw e;
    }
  }

  private static boolean has(Map<String, String> environment, String name) {
    return !environment.getOrDefault(name, "").isBlank();
  }

  private static Region regionOfProfile() {
    try {
      return new AwsProfileRegionProvider().getRegion();
    } catch (SdkClientException e) {
      throw new IllegalArgumentException(
          "neither the environment nor the AWS profile names a region: set AWS_REGION, for instance"
              + " to eu-west-1",
          e);
    }
  }

  public AwsClients clients() {
    return clients;
  }

  /**
   * Fails if there are no credentials, before anything is sent.
   *
   * @throws IllegalStateException with one sentence
   */
  public AwsCredentials requireCredentials() {
    try {
      return clients.credentials();
    } catch (SdkException e) {
      if (chain == null) {
        throw new IllegalStateException(e.getMessage(), e);
      }
      // The chain's own message has a sentence for each place that it looked at.
      throw new IllegalStateException(
          "there are no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
              + " AWS_PROFILE to a profile with keys",
          e);
    }
  }

  @Override
  public void close() {
    clients.close();
    if (chain != null) {
      chain.close();
    }
  }
}
