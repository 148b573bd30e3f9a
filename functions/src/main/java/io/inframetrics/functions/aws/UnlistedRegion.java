package io.inframetrics.functions.aws;

import io.inframetrics.aws.AwsClients;
import io.inframetrics.text.SimilarName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import software.amazon.awssdk.regions.Region;

/**
 * Tells a misspelled region from one that is newer than the SDK, by whether AWS has servers there.
 */
final class UnlistedRegion {

  private UnlistedRegion() {}

  /**
   * Throws an {@link IllegalArgumentException} in one sentence if the SDK does not know the region
   * of {@code clients} and there is no server for it either. Behind an endpoint of one's own, or
   * behind a proxy, which looks names up itself, every region is possible.
   */
  static void refuse(AwsClients clients, Map<String, String> environment) {
    boolean asksAws = !clients.hasEndpoint("s3") || !clients.hasEndpoint("dynamodb");
    if (asksAws && !hasProxy(environment)) {
      refuse(clients, UnlistedRegion::exists);
    }
  }

  static void refuse(AwsClients clients, Predicate<String> exists) {
    String region = clients.region().id();
    if (isListed(region)) {
      return;
    }
    String server = "dynamodb.%s.%s".formatted(region, clients.partition().dnsSuffix());
    if (!exists.test(server)) {
      throw new IllegalArgumentException(
          "AWS has no region '%s' that this version knows, and no server %s: %s"
              .formatted(region, server, advice(region)));
    }
  }

  static boolean isListed(String region) {
    return Region.regions().stream().anyMatch(each -> each.id().equals(region));
  }

  private static boolean hasProxy(Map<String, String> environment) {
    return System.getProperty("https.proxyHost") != null
        || environment.keySet().stream().anyMatch("https_proxy"::equalsIgnoreCase);
  }

  private static boolean exists(String server) {
    try {
      InetAddress unused = InetAddress.getByName(server);
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static String advice(String region) {
    List<String> listed = Region.regions().stream().map(Region::id).sorted().toList();
    return SimilarName.of(region, listed)
        .map("did you mean %s? Check AWS_REGION or the AWS profile"::formatted)
        .orElse("check AWS_REGION or the AWS profile, and the network");
  }
}
