package io.inframetrics.sink.s3;

import java.net.HttpURLConnection;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Messages for requests that S3 rejects for good: operation, object, bucket, remedy. */
final class S3Refusals {

  private S3Refusals() {}

  static IllegalStateException of(String operation, String key, String bucket, S3Exception e) {
    return new IllegalStateException(
        "S3 rejected %s of '%s' in bucket '%s' (%d %s): %s"
            .formatted(
                operation, key, bucket, e.statusCode(), code(e), remedy(operation, bucket, e)),
        e);
  }

  /** S3's error code; empty if the response had no body, as for HeadObject. */
  static String code(S3Exception e) {
    AwsErrorDetails details = e.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  private static String remedy(String operation, String bucket, S3Exception e) {
    if (code(e).equals("NoSuchBucket")) {
      return "create the bucket or correct its name";
    }
    if (e.statusCode() == HttpURLConnection.HTTP_MOVED_PERM) {
      return "the bucket is in another region: set AWS_REGION to that region";
    }
    if (e.statusCode() == HttpURLConnection.HTTP_FORBIDDEN
        && (code(e).isEmpty() || code(e).equals("AccessDenied"))) {
      return "allow the role " + permissions(operation, bucket);
    }
    AwsErrorDetails details = e.awsErrorDetails();
    return details == null || details.errorMessage() == null
        ? "S3 gave no reason"
        : details.errorMessage();
  }

  private static String permissions(String operation, String bucket) {
    String objects = "arn:aws:s3:::" + bucket + "/*";
    String whole = "arn:aws:s3:::" + bucket;
    return switch (operation) {
      case "s3:GetObject", "s3:HeadObject", "s3:CopyObject" ->
          "s3:GetObject%s on %s, and s3:ListBucket on %s, without which S3 reports a missing object as forbidden"
              .formatted(
                  operation.equals("s3:CopyObject") ? " and s3:PutObject" : "", objects, whole);
      case "s3:ListObjectsV2" -> "s3:ListBucket on " + whole;
      case "s3:CreateMultipartUpload", "s3:UploadPart", "s3:CompleteMultipartUpload" ->
          "s3:PutObject on " + objects;
      default -> operation + " on " + objects;
    };
  }
}
