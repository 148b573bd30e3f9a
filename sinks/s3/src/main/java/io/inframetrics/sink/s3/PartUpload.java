package io.inframetrics.sink.s3;

import io.inframetrics.naming.Sha256;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.s3.Bucket.Completion;
import io.inframetrics.sink.s3.Bucket.ObjectHead;
import io.inframetrics.time.Deadline;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** An object that is uploaded in parts and becomes visible, whole, when it is completed. */
final class PartUpload {

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
    return new PartUpload(bucket, key, bucket.createUpload(key, head, deadline), deadline);
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
    parts.add(bucket.uploadPart(key, uploadId, parts.size() + 1, part, sha256, deadline));
    digestOfDigests.update(sha256);
  }

  /** Gives the parts their key. No part may be added after. */
  Completion complete(boolean mustBeFree) {
    Completion completion = bucket.completeUpload(key, uploadId, parts, mustBeFree, deadline);
    stored = completion == Completion.STORED;
    return completion;
  }

  /** Whether an object has exactly these parts: S3 keeps a checksum of the parts' checksums. */
  boolean isContentOf(HeadObjectResponse object) {
    String checksum = Base64.getEncoder().encodeToString(digest()) + "-" + parts.size();
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
      bucket.abortUpload(key, uploadId, deadline.earlierBy(ABORT_GRACE.negated()));
    } catch (RetryableFailureException | IllegalStateException e) {
      // Whoever closes has a result or a failure of its own to tell; the bucket's lifecycle rule
      // removes what is left.
      LOG.warn("the parts of '{}' in bucket '{}' are left behind", key, bucket.name(), e);
    }
  }
}
