package io.inframetrics.source.cloudwatch;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.AwsFailures;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.aws.JsonCalls;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * One region of one account: its clients, made at the first call, and what it adds to the identity
 * of a series. Thread-safe. The clients live as long as the process.
 */
final class Place {

  private final Map<String, String> environment;
  private final @Nullable String configured;
  private final @Nullable String roleArn;
  private final boolean severalRegions;
  private final boolean severalAccounts;
  private final Clock clock;
  private @Nullable AwsClients clients;
  private @Nullable CloudWatchClient cloudWatch;
  private @Nullable StsClient sts;
  private @Nullable AwsCalls calls;
  private @Nullable String account;

  /**
   * A place to read.
   *
   * @param region null for the environment's
   * @param roleArn to assume; null for the credentials of the environment
   * @param severalRegions whether the region is part of a series' identity
   * @param severalAccounts whether the account is
   */
  Place(
      Map<String, String> environment,
      @Nullable String region,
      @Nullable String roleArn,
      boolean severalRegions,
      boolean severalAccounts,
      Clock clock) {
    this.environment = environment;
    this.configured = region;
    this.roleArn = roleArn;
    this.severalRegions = severalRegions;
    this.severalAccounts = severalAccounts;
    this.clock = clock;
    this.account = roleArn == null ? null : roleArn.split(":", -1)[4];
  }

  /** As it is configured, or the environment's. */
  String region() {
    String region = configured;
    if (region == null) {
      region = environment.getOrDefault("AWS_REGION", "");
    }
    if (region.isBlank()) {
      region = environment.getOrDefault("AWS_DEFAULT_REGION", "");
    }
    if (region.isBlank()) {
      throw new InvalidRequestException(
          "the source cloudwatch knows no region: set INFRAMETRICS_COLLECTOR_CLOUDWATCH_REGIONS or AWS_REGION, for instance to eu-west-1");
    }
    return region.strip();
  }

  /** The place in messages: the region, and the account where there are several. */
  String name() {
    String own = roleArn == null ? SourceSettings.OWN : roleArn.split(":", -1)[4];
    return severalAccounts ? own + " " + region() : region();
  }

  /**
   * The dimensions that tell a series from those of other places.
   *
   * @param owner the account that CloudWatch names; null for the place's own
   */
  Map<String, String> identity(@Nullable String owner, Deadline deadline) {
    Map<String, String> identity = new TreeMap<>();
    if (severalRegions) {
      identity.put("region", region());
    }
    if (owner != null) {
      identity.put("account", owner);
    } else if (severalAccounts) {
      identity.put("account", account(deadline));
    }
    return identity;
  }

  private synchronized String account(Deadline deadline) {
    String known = account;
    if (known == null) {
      known =
          call(
              "sts:GetCallerIdentity",
              deadline,
              limits ->
                  sts()
                      .getCallerIdentity(identity -> identity.overrideConfiguration(limits))
                      .account());
      account = known;
    }
    return known;
  }

  synchronized CloudWatchClient cloudWatch() {
    CloudWatchClient made = cloudWatch;
    if (made == null) {
      made = clients().build("cloudwatch", CloudWatchClient.builder(), CborCall.EXCHANGE);
      cloudWatch = made;
    }
    return made;
  }

  JsonCalls tagging() {
    return clients().json("resource groups tagging api", "tagging");
  }

  /** Calls as {@link AwsCalls} does; a permanent failure becomes one sentence. */
  <T> T call(String operation, Deadline deadline, AwsCalls.Attempt<T> attempt) {
    try {
      return calls().call(operation, deadline, attempt);
    } catch (SdkException e) {
      throw AwsFailures.refusal(operation, e);
    }
  }

  private synchronized AwsCalls calls() {
    AwsCalls made = calls;
    if (made == null) {
      made = new AwsCalls(CallSettings.DEFAULTS, new Random(), AwsCalls.Sleeper.THREAD);
      calls = made;
    }
    return made;
  }

  private synchronized AwsClients clients() {
    AwsClients made = clients;
    if (made == null) {
      AwsClients.Builder builder = AwsClients.builder(environment).region(Region.of(region()));
      if (roleArn != null) {
        builder.credentials(new RoleCredentials(roleArn, this::sts, clock));
      }
      made = builder.build();
      clients = made;
    }
    return made;
  }

  /** Of the environment's own credentials, which assume the role. */
  private synchronized StsClient sts() {
    StsClient made = sts;
    if (made == null) {
      made =
          AwsClients.builder(environment)
              .region(Region.of(region()))
              .build()
              .build("sts", StsClient.builder());
      sts = made;
    }
    return made;
  }
}
