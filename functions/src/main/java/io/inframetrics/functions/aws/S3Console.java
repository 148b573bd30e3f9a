package io.inframetrics.functions.aws;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/** The addresses at which the AWS console shows the objects of a bucket. */
final class S3Console {

  private S3Console() {}

  /**
   * The address of an object, from which who may read it opens it.
   *
   * @return a web address, or an S3 URI in a partition whose console this does not know
   */
  static String link(Region region, String bucket, String key) {
    String host =
        switch (PartitionMetadata.of(region).id()) {
          case "aws" -> "console.aws.amazon.com";
          case "aws-cn" -> "console.amazonaws.cn";
          case "aws-us-gov" -> "console.amazonaws-us-gov.com";
          default -> null;
        };
    return host == null
        ? "s3://%s/%s".formatted(bucket, key)
        : "https://%1$s.%2$s/s3/object/%3$s?region=%1$s&prefix=%4$s"
            .formatted(region.id(), host, bucket, encoded(key));
  }

  private static String encoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/").replace("+", "%20");
  }
}
