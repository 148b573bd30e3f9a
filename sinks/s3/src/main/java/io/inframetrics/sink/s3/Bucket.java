package io.inframetrics.sink.s3;

import static java.net.HttpURLConnection.HTTP_NOT_FOUND;
import static java.net.HttpURLConnection.HTTP_PRECON_FAILED;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Calls to one bucket, each with its retries. Outcomes that a caller decides on are returned;
 * permanent rejections are thrown as {@link S3Refusals} words them.
 */
final class Bucket {

  /** The condition that the key is free. */
  static final String ANY = "*";

  /** An upload slower than 1 MiB a second runs out of time. */
  private static final int SLOWEST_BYTES_A_SECOND = 1 << 20;

  private final S3Client s3;
  private final String name;
  private final AwsCalls calls;

  Bucket(S3Client s3, String name, AwsCalls calls) {
    this.s3 = s3;
    this.name = name;
    this.calls = calls;
  }

  /** Stores an object; false if {@code mustBeFree} and the key is taken. */
  boolean put(
      String key,
      PartBuffer content,
      ObjectHead head,
      byte[] sha256,
      boolean mustBeFree,
      Deadline deadline) {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(name)
            .key(key)
            .contentType(head.contentType())
            .metadata(head.metadata())
            .checksumSHA256(base64(sha256))
            .ifNoneMatch(mustBeFree ? ANY : null);
    return callUnless(
            e -> mustBeFree && e.statusCode() == HTTP_PRECON_FAILED,
            "s3:PutObject",
            key,
            deadline,
            limits ->
                s3.putObject(
                    request
                        .overrideConfiguration(withTimeFor(content.length(), limits, deadline))
                        .build(),
                    content.body(head.contentType())))
        .isPresent();
  }

  /** Reads an object's metadata, with S3's checksum if asked for; empty if there is no object. */
  Optional<HeadObjectResponse> head(
      String key, @Nullable ChecksumMode checksum, Deadline deadline) {
    HeadObjectRequest.Builder request =
        HeadObjectRequest.builder().bucket(name).key(key).checksumMode(checksum);
    return callUnless(
        e -> e.statusCode() == HTTP_NOT_FOUND,
        "s3:HeadObject",
        key,
        deadline,
        limits -> s3.headObject(request.overrideConfiguration(limits).build()));
  }

  /**
   * Starts to read an object; empty if there is none. The answer has the object's checksum, which
   * the SDK does not compare: it could not where the reading is resumed.
   */
  Optional<ResponseInputStream<GetObjectResponse>> get(String key, Deadline deadline) {
    GetObjectRequest.Builder request = GetObjectRequest.builder().bucket(name).key(key);
    return callUnless(
        NoSuchKeyException.class::isInstance,
        "s3:GetObject",
        key,
        deadline,
        limits ->
            s3.getObject(
                request
                    .overrideConfiguration(
                        limits.toBuilder().putHeader("x-amz-checksum-mode", "ENABLED").build())
                    .build()));
  }

  /**
   * Starts to read an object at byte {@code position}.
   *
   * @throws RetryableFailureException if the object with that {@code etag} was replaced or deleted
   */
  ResponseInputStream<GetObjectResponse> getFrom(
      long position, String key, String etag, Deadline deadline) {
    GetObjectRequest.Builder request =
        GetObjectRequest.builder()
            .bucket(name)
            .key(key)
            .range("bytes=" + position + "-")
            .ifMatch(etag);
    return callUnless(
            e -> {
              if (e.statusCode() == HTTP_PRECON_FAILED || e.statusCode() == HTTP_NOT_FOUND) {
                throw new RetryableFailureException(
                    "object '%s' in bucket '%s' was replaced or deleted while it was read"
                        .formatted(key, name),
                    e);
              }
              return false;
            },
            "s3:GetObject",
            key,
            deadline,
            limits -> s3.getObject(request.overrideConfiguration(limits).build()))
        .orElseThrow();
  }

  /** All keys that start with {@code prefix}, sorted; one call for each thousand. */
  List<String> list(String prefix, Deadline deadline) {
    if (prefix.isEmpty()) {
      throw new IllegalArgumentException(
          "listing '' would list all of bucket '%s': give a prefix, such as that of a day"
              .formatted(name));
    }
    ListObjectsV2Request.Builder request =
        ListObjectsV2Request.builder().bucket(name).prefix(prefix);
    List<String> keys = new ArrayList<>();
    ListObjectsV2Response page;
    do {
      page =
          call(
              "s3:ListObjectsV2",
              prefix,
              deadline,
              limits -> s3.listObjectsV2(request.overrideConfiguration(limits).build()));
      page.contents().stream().map(S3Object::key).forEach(keys::add);
      request.continuationToken(page.nextContinuationToken());
    } while (Boolean.TRUE.equals(page.isTruncated()) && page.nextContinuationToken() != null);
    keys.sort(null); // S3 sorts by UTF-8 bytes, the ports as Java does.
    return keys;
  }

  /** Copies an object with its metadata; false if there is no object to copy. */
  boolean copy(String from, String to, Deadline deadline) {
    CopyObjectRequest.Builder request =
        CopyObjectRequest.builder()
            .sourceBucket(name)
            .sourceKey(from)
            .destinationBucket(name)
            .destinationKey(to);
    return callUnless(
            e -> S3Refusals.code(e).equals("NoSuchKey"),
            "s3:CopyObject",
            from,
            deadline,
            limits ->
                s3.copyObject(
                    request.overrideConfiguration(untilDeadline(limits, deadline)).build()))
        .isPresent();
  }

  /** Deletes an object if it exists. */
  void delete(String key, Deadline deadline) {
    DeleteObjectRequest.Builder request = DeleteObjectRequest.builder().bucket(name).key(key);
    call(
        "s3:DeleteObject",
        key,
        deadline,
        limits -> s3.deleteObject(request.overrideConfiguration(limits).build()));
  }

  String name() {
    return name;
  }

  S3Client client() {
    return s3;
  }

  <T> T call(String operation, String key, Deadline deadline, AwsCalls.Attempt<T> attempt) {
    return callUnless(e -> false, operation, key, deadline, attempt).orElseThrow();
  }

  /** Calls with retries; empty if the call fails as {@code expected}. */
  <T> Optional<T> callUnless(
      Predicate<S3Exception> expected,
      String operation,
      String key,
      Deadline deadline,
      AwsCalls.Attempt<T> attempt) {
    try {
      return Optional.of(calls.call(operation, deadline, attempt));
    } catch (S3Exception e) {
      if (expected.test(e)) {
        return Optional.empty();
      }
      throw S3Refusals.of(operation, key, name, e);
    } catch (SdkException e) {
      throw new IllegalStateException(
          "%s to bucket '%s' could not be sent: %s".formatted(operation, name, e.getMessage()), e);
    }
  }

  /**
   * Lets an attempt use all the time until the deadline; only silence ends it sooner. S3 may take
   * minutes to join parts or to copy, and sends white space meanwhile.
   */
  static AwsRequestOverrideConfiguration untilDeadline(
      AwsRequestOverrideConfiguration limits, Deadline deadline) {
    return atMost(deadline.remaining(), limits);
  }

  /** Extends the limit of an attempt by the time that its body needs on a slow line. */
  static AwsRequestOverrideConfiguration withTimeFor(
      int bytes, AwsRequestOverrideConfiguration limits, Deadline deadline) {
    Duration time =
        limits
            .apiCallTimeout()
            .orElse(Duration.ZERO)
            .plusMillis(1_000L * bytes / SLOWEST_BYTES_A_SECOND);
    Duration left = deadline.remaining();
    return atMost(time.compareTo(left) < 0 ? time : left, limits);
  }

  private static AwsRequestOverrideConfiguration atMost(
      Duration time, AwsRequestOverrideConfiguration limits) {
    return limits.apiCallTimeout().orElse(Duration.ZERO).compareTo(time) < 0
        ? limits.toBuilder().apiCallTimeout(time).build()
        : limits;
  }

  static String base64(byte[] sha256) {
    return Base64.getEncoder().encodeToString(sha256);
  }

  /** {@code metadata} is the user-defined metadata, in ASCII. */
  record ObjectHead(String contentType, Map<String, String> metadata) {}
}
