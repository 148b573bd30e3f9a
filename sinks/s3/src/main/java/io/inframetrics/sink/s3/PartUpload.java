package io.inframetrics.sink.s3;

import static java.net.HttpURLConnection.HTTP_PRECON_FAILED;

import io.inframetrics.naming.Sha256;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.s3.Bucket.ObjectHead;
import io.inframetrics.time.Deadline;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** An object uploaded in parts, which becomes visible as a whole when it is completed. */
final class PartUpload {

  private static final Logger LOG = LoggerFactory.getLogger(PartUpload.class);

  /** An abort gets this long past the deadline: parts that stay behind cost money. */
  private static final Duration ABORT_GRACE = Duration.ofSeconds(2);

  private final Bucket bucket;
  private final S3Client s3;
  private final String key;
  private final String uploadId;
  private final Deadline deadline;
  private final List<CompletedPart> parts = new ArrayList<>();
  private boolean stored;

  private PartUpload(Bucket bucket, String key, String uploadId, Deadline deadline) {
    this.bucket = bucket;
    this.s3 = bucket.client();
    this.key = key;
    this.uploadId = uploadId;
    this.deadline = deadline;
  }

  static PartUpload start(Bucket bucket, String key, ObjectHead head, Deadline deadline) {
    CreateMultipartUploadRequest.Builder request =
        CreateMultipartUploadRequest.builder()
            .bucket(bucket.name())
            .key(key)
            .contentType(head.contentType())
            .metadata(head.metadata())
            .checksumAlgorithm(ChecksumAlgorithm.SHA256);
    String uploadId =
        bucket
            .call(
                "s3:CreateMultipartUpload",
                key,
                deadline,
                limits ->
                    bucket
                        .client()
                        .createMultipartUpload(request.overrideConfiguration(limits).build()))
            .uploadId();
    return new PartUpload(bucket, key, uploadId, deadline);
  }

  String key() {
    return key;
  }

  void add(PartBuffer part) {
    if (parts.size() == S3Limits.MAX_PARTS) {
      throw new IllegalStateException(
          "object '%s' has more than %d parts, the most that S3 accepts: use larger parts"
              .formatted(key, S3Limits.MAX_PARTS));
    }
    int number = parts.size() + 1;
    String sha256 = Bucket.base64(part.sha256());
    UploadPartRequest.Builder request =
        UploadPartRequest.builder()
            .bucket(bucket.name())
            .key(key)
            .uploadId(uploadId)
            .partNumber(number)
            .checksumSHA256(sha256);
    UploadPartResponse uploaded =
        bucket.call(
            "s3:UploadPart",
            key,
            deadline,
            limits ->
                s3.uploadPart(
                    request
                        .overrideConfiguration(Bucket.withTimeFor(part.length(), limits, deadline))
                        .build(),
                    part.body("application/octet-stream")));
    parts.add(
        CompletedPart.builder()
            .partNumber(number)
            .eTag(uploaded.eTag())
            .checksumSHA256(sha256)
            .build());
  }

  /**
   * Joins the parts into one object; no part may be added afterwards.
   *
   * @return false if {@code mustBeFree} and the key is taken, or if S3 does not know the upload: it
   *     was completed before, or given up after a conflict
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html">
   *     CompleteMultipartUpload</a>
   */
  boolean complete(boolean mustBeFree) {
    CompleteMultipartUploadRequest.Builder request =
        CompleteMultipartUploadRequest.builder()
            .bucket(bucket.name())
            .key(key)
            .uploadId(uploadId)
            .ifNoneMatch(mustBeFree ? Bucket.ANY : null)
            .multipartUpload(upload -> upload.parts(parts));
    stored =
        bucket
            .callUnless(
                e -> isUnknown(e) || (mustBeFree && e.statusCode() == HTTP_PRECON_FAILED),
                "s3:CompleteMultipartUpload",
                key,
                deadline,
                limits ->
                    s3.completeMultipartUpload(
                        request
                            .overrideConfiguration(Bucket.untilDeadline(limits, deadline))
                            .build()))
            .isPresent();
    return stored;
  }

  /** Whether an object has exactly these parts: S3 keeps a checksum of the parts' checksums. */
  boolean isContentOf(HeadObjectResponse object) {
    MessageDigest digest = Sha256.newDigest();
    parts.forEach(part -> digest.update(Base64.getDecoder().decode(part.checksumSHA256())));
    String checksum = Bucket.base64(digest.digest()) + "-" + parts.size();
    return checksum.equals(object.checksumSHA256());
  }

  /** Removes the parts, unless they have become an object. */
  void abortUnlessStored() {
    if (stored) {
      return;
    }
    AbortMultipartUploadRequest.Builder request =
        AbortMultipartUploadRequest.builder().bucket(bucket.name()).key(key).uploadId(uploadId);
    try {
      bucket.callUnless(
          PartUpload::isUnknown,
          "s3:AbortMultipartUpload",
          key,
          deadline.earlierBy(ABORT_GRACE.negated()),
          limits -> s3.abortMultipartUpload(request.overrideConfiguration(limits).build()));
    } catch (RetryableFailureException | IllegalStateException e) {
      // The caller reports its own result or failure; the bucket's lifecycle rule removes the rest.
      LOG.warn(
          "the uploaded parts of '{}' in bucket '{}' could not be removed", key, bucket.name(), e);
    }
  }

  private static boolean isUnknown(S3Exception e) {
    return S3Refusals.code(e).equals("NoSuchUpload");
  }
}
