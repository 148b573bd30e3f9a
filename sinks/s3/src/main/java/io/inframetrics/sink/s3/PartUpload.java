package io.inframetrics.sink.s3;

import io.inframetrics.naming.Sha256;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.s3.Bucket.ObjectHead;
import io.inframetrics.time.Deadline;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** An object that is uploaded in parts and becomes visible, whole, when it is completed. */
final class PartUpload {

  /** What becomes of an attempt to give an upload its key. */
  enum Completion {
    STORED,
    /** Something holds the key already. */
    KEY_IS_TAKEN,
    /** S3 knows no such upload: it was completed before, or given up after a conflict. */
    UPLOAD_IS_GONE
  }

  private static final Logger LOG = LoggerFactory.getLogger(PartUpload.class);

  /** Past the deadline an abort still gets this long: parts that stay behind cost money. */
  private static final Duration ABORT_GRACE = Duration.ofSeconds(2);

  private final Bucket bucket;
  private final String key;
  private final String uploadId;
  private final Deadline deadline;
  private final List<CompletedPart> parts = new ArrayList<>();
  private final MessageDigest digestOfDigests = Sha256.newDigest();
  private boolean stored;

  private PartUpload(Bucket bucket, String key, String uploadId, Deadline deadline) {
    this.bucket = bucket;
    this.key = key;
    this.uploadId = uploadId;
    this.deadline = deadline;
  }

  static PartUpload start(Bucket bucket, String key, ObjectHead head, Deadline deadline) {
    try {
      String uploadId =
          bucket
              .call(
                  "s3:CreateMultipartUpload",
                  deadline,
                  (client, limits) ->
                      client.createMultipartUpload(
                          request ->
                              request
                                  .bucket(bucket.name())
                                  .key(key)
                                  .contentType(head.contentType())
                                  .metadata(head.metadata())
                                  .checksumAlgorithm(ChecksumAlgorithm.SHA256)
                                  .overrideConfiguration(limits)))
              .uploadId();
      return new PartUpload(bucket, key, uploadId, deadline);
    } catch (S3Exception e) {
      throw S3Refusals.of("s3:CreateMultipartUpload", key, bucket.name(), e);
    }
  }

  String key() {
    return key;
  }

  void add(PartBuffer part) {
    if (parts.size() == S3Limits.MAX_PARTS) {
      throw new IllegalStateException(
          "object '%s' has more than %d parts, which is all that S3 takes: use larger parts"
              .formatted(key, S3Limits.MAX_PARTS));
    }
    byte[] sha256 = part.sha256();
    parts.add(upload(parts.size() + 1, part, Bucket.base64(sha256)));
    digestOfDigests.update(sha256);
  }

  /** Uploads a part; the same number again would replace it. */
  private CompletedPart upload(int number, PartBuffer part, String sha256) {
    try {
      UploadPartResponse uploaded =
          bucket.call(
              "s3:UploadPart",
              deadline,
              (client, limits) ->
                  client.uploadPart(
                      request ->
                          request
                              .bucket(bucket.name())
                              .key(key)
                              .uploadId(uploadId)
                              .partNumber(number)
                              .checksumSHA256(sha256)
                              .overrideConfiguration(
                                  Bucket.withTimeFor(part.length(), limits, deadline)),
                      part.body("application/octet-stream")));
      return CompletedPart.builder()
          .partNumber(number)
          .eTag(uploaded.eTag())
          .checksumSHA256(sha256)
          .build();
    } catch (S3Exception e) {
      throw S3Refusals.of("s3:UploadPart", key, bucket.name(), e);
    }
  }

  /**
   * Gives the parts their key; none may be added after.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html">
   *     CompleteMultipartUpload</a>
   */
  Completion complete(boolean mustBeFree) {
    try {
      bucket.call(
          "s3:CompleteMultipartUpload",
          deadline,
          (client, limits) ->
              client.completeMultipartUpload(
                  request ->
                      request
                          .bucket(bucket.name())
                          .key(key)
                          .uploadId(uploadId)
                          .ifNoneMatch(mustBeFree ? Bucket.ANY : null)
                          .multipartUpload(upload -> upload.parts(parts))
                          .overrideConfiguration(Bucket.untilDeadline(limits, deadline))));
      stored = true;
      return Completion.STORED;
    } catch (S3Exception e) {
      if (mustBeFree && e.statusCode() == Bucket.PRECONDITION_FAILED) {
        return Completion.KEY_IS_TAKEN;
      }
      if (isUnknown(e)) {
        return Completion.UPLOAD_IS_GONE;
      }
      throw S3Refusals.of("s3:CompleteMultipartUpload", key, bucket.name(), e);
    }
  }

  /** Whether an object has exactly these parts: S3 keeps a checksum of the parts' checksums. */
  boolean isContentOf(HeadObjectResponse object) {
    String checksum = Bucket.base64(digest()) + "-" + parts.size();
    return checksum.equals(object.checksumSHA256());
  }

  private byte[] digest() {
    try {
      return ((MessageDigest) digestOfDigests.clone()).digest();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("the platform's own SHA-256 can be cloned", e);
    }
  }

  /** Removes the parts, unless they have become an object. */
  void abortUnlessStored() {
    if (stored) {
      return;
    }
    try {
      abort(deadline.earlierBy(ABORT_GRACE.negated()));
    } catch (RetryableFailureException | IllegalStateException e) {
      // Whoever closes has a result or a failure of its own to tell; the bucket's lifecycle rule
      // removes what is left.
      LOG.warn("the parts of '{}' in bucket '{}' are left behind", key, bucket.name(), e);
    }
  }

  private void abort(Deadline extended) {
    try {
      bucket.call(
          "s3:AbortMultipartUpload",
          extended,
          (client, limits) ->
              client.abortMultipartUpload(
                  request ->
                      request
                          .bucket(bucket.name())
                          .key(key)
                          .uploadId(uploadId)
                          .overrideConfiguration(limits)));
    } catch (S3Exception e) {
      if (!isUnknown(e)) {
        throw S3Refusals.of("s3:AbortMultipartUpload", key, bucket.name(), e);
      }
    }
  }

  private static boolean isUnknown(S3Exception e) {
    return S3Refusals.code(e).equals("NoSuchUpload");
  }
}
