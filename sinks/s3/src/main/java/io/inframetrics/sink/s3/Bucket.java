package io.inframetrics.sink.s3;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The calls that are made to one bucket, each with its retries. What a caller decides on is
 * answered; what is refused for good is thrown as {@link S3Refusals} words it.
 */
final class Bucket {

  /** As a condition on the key: that it is free. */
  static final String ANY = "*";

  /** A body that goes up more slowly than at 1 MiB a second runs out of time. */
  private static final int SLOWEST_BYTES_A_SECOND = 1 << 20;

  private static final int NOT_FOUND = 404;
  static final int PRECONDITION_FAILED = 412;

  private final S3Client s3;
  private final String name;
  private final AwsCalls calls;

  Bucket(S3Client s3, String name, AwsCalls calls) {
    this.s3 = s3;
    this.name = name;
    this.calls = calls;
  }

  /**
   * Stores an object; answers false if the key is taken, which is only asked if it must be free.
   */
  boolean put(
      String key,
      PartBuffer content,
      ObjectHead head,
      byte[] sha256,
      boolean mustBeFree,
      Deadline deadline) {
    try {
      call(
          "s3:PutObject",
          deadline,
          (client, limits) ->
              client.putObject(
                  request ->
                      request
                          .bucket(name)
                          .key(key)
                          .contentType(head.contentType())
                          .metadata(head.metadata())
                          .checksumSHA256(base64(sha256))
                          .ifNoneMatch(mustBeFree ? ANY : null)
                          .overrideConfiguration(withTimeFor(content.length(), limits, deadline)),
                  content.body(head.contentType())));
      return true;
    } catch (S3Exception e) {
      if (mustBeFree && e.statusCode() == PRECONDITION_FAILED) {
        return false;
      }
      throw S3Refusals.of("s3:PutObject", key, name, e);
    }
  }

  /** What is known of an object without its content; empty if there is none. */
  Optional<HeadObjectResponse> head(String key, Deadline deadline) {
    return head(key, null, deadline);
  }

  /** The same, with the checksum that S3 keeps of the object. */
  Optional<HeadObjectResponse> headWithChecksum(String key, Deadline deadline) {
    return head(key, ChecksumMode.ENABLED, deadline);
  }

  private Optional<HeadObjectResponse> head(
      String key, @Nullable ChecksumMode checksum, Deadline deadline) {
    try {
      return Optional.of(
          call(
              "s3:HeadObject",
              deadline,
              (client, limits) ->
                  client.headObject(
                      request ->
                          request
                              .bucket(name)
                              .key(key)
                              .checksumMode(checksum)
                              .overrideConfiguration(limits))));
    } catch (S3Exception e) {
      if (e.statusCode() == NOT_FOUND) {
        return Optional.empty();
      }
      throw S3Refusals.of("s3:HeadObject", key, name, e);
    }
  }

  /** Starts to read an object; empty if there is none. */
  Optional<ResponseInputStream<GetObjectResponse>> get(String key, Deadline deadline) {
    try {
      return Optional.of(
          call(
              "s3:GetObject",
              deadline,
              (client, limits) ->
                  client.getObject(
                      request -> request.bucket(name).key(key).overrideConfiguration(limits))));
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (S3Exception e) {
      throw S3Refusals.of("s3:GetObject", key, name, e);
    }
  }

  /**
   * Starts to read an object from its byte {@code position} on.
   *
   * @throws RetryableFailureException if it is no longer the one with that {@code etag}
   */
  ResponseInputStream<GetObjectResponse> getFrom(
      long position, String key, String etag, Deadline deadline) {
    try {
      return call(
          "s3:GetObject",
          deadline,
          (client, limits) ->
              client.getObject(
                  request ->
                      request
                          .bucket(name)
                          .key(key)
                          .range("bytes=" + position + "-")
                          .ifMatch(etag)
                          .overrideConfiguration(limits)));
    } catch (S3Exception e) {
      if (e.statusCode() == PRECONDITION_FAILED || e.statusCode() == NOT_FOUND) {
        throw new RetryableFailureException(
            "object '%s' in bucket '%s' was replaced or deleted while it was read"
                .formatted(key, name),
            e);
      }
      throw S3Refusals.of("s3:GetObject", key, name, e);
    }
  }

  /** All keys that start with {@code prefix}, a thousand for each call; sorted. */
  List<String> list(String prefix, Deadline deadline) {
    if (prefix.isEmpty()) {
      throw new IllegalArgumentException(
          "listing '' would list all of bucket '%s': give a prefix, such as that of a day"
              .formatted(name));
    }
    List<String> keys = new ArrayList<>();
    try {
      String token = null;
      do {
        String from = token;
        ListObjectsV2Response page =
            call(
                "s3:ListObjectsV2",
                deadline,
                (client, limits) ->
                    client.listObjectsV2(
                        request ->
                            request
                                .bucket(name)
                                .prefix(prefix)
                                .continuationToken(from)
                                .overrideConfiguration(limits)));
        page.contents().stream().map(S3Object::key).forEach(keys::add);
        token = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
      } while (token != null);
    } catch (S3Exception e) {
      throw S3Refusals.of("s3:ListObjectsV2", prefix, name, e);
    }
    keys.sort(null); // S3 sorts by UTF-8 bytes, the ports as Java does.
    return keys;
  }

  /** Copies an object with all that is known of it; answers false if there is none to copy. */
  boolean copy(String from, String to, Deadline deadline) {
    try {
      call(
          "s3:CopyObject",
          deadline,
          (client, limits) ->
              client.copyObject(
                  request ->
                      request
                          .sourceBucket(name)
                          .sourceKey(from)
                          .destinationBucket(name)
                          .destinationKey(to)
                          .overrideConfiguration(untilDeadline(limits, deadline))));
      return true;
    } catch (S3Exception e) {
      if (S3Refusals.code(e).equals("NoSuchKey")) {
        return false;
      }
      throw S3Refusals.of("s3:CopyObject", from, name, e);
    }
  }

  /** Deletes an object, if there is one. */
  void delete(String key, Deadline deadline) {
    try {
      call(
          "s3:DeleteObject",
          deadline,
          (client, limits) ->
              client.deleteObject(
                  request -> request.bucket(name).key(key).overrideConfiguration(limits)));
    } catch (S3Exception e) {
      throw S3Refusals.of("s3:DeleteObject", key, name, e);
    }
  }

  String name() {
    return name;
  }

  /** Makes a call to S3, with its retries; {@link S3Exception}s come out as they are. */
  <T> T call(
      String operation,
      Deadline deadline,
      BiFunction<S3Client, AwsRequestOverrideConfiguration, T> attempt) {
    try {
      return calls.call(operation, deadline, limits -> attempt.apply(s3, limits));
    } catch (S3Exception e) {
      throw e;
    } catch (SdkException e) {
      throw new IllegalStateException(
          "%s to bucket '%s' could not be sent: %s".formatted(operation, name, e.getMessage()), e);
    }
  }

  /**
   * A try may take all that is left of the deadline, and only silence ends it sooner: S3 may take
   * minutes to join parts or to copy, and sends white space meanwhile.
   */
  static AwsRequestOverrideConfiguration untilDeadline(
      AwsRequestOverrideConfiguration limits, Deadline deadline) {
    return atMost(deadline.remaining(), limits);
  }

  /** A try may take what it takes otherwise, and the time that its body needs on a slow line. */
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

  /**
   * What stands at the head of an object.
   *
   * @param contentType as in HTTP
   * @param metadata the user's own, ASCII
   */
  record ObjectHead(String contentType, Map<String, String> metadata) {}
}
