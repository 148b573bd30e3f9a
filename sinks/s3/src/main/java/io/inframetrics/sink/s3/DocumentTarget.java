package io.inframetrics.sink.s3;

import io.inframetrics.naming.AcceptedKeys;
import io.inframetrics.naming.QuarantineKeys;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.s3.Bucket.ObjectHead;
import io.inframetrics.time.Deadline;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.ChecksumMode;

/** Writes to one key, replacing its object. */
final class DocumentTarget implements Target<String> {

  private final Bucket bucket;
  private final String key;
  private final Deadline deadline;

  DocumentTarget(Bucket bucket, String key, Deadline deadline) {
    this.bucket = bucket;
    this.key = key;
    this.deadline = deadline;
  }

  @Override
  public String name() {
    return key;
  }

  @Override
  public String put(PartBuffer content) {
    bucket.put(key, content, headForParts(), content.sha256(), false, deadline);
    return key;
  }

  @Override
  public Optional<String> keyForParts() {
    return Optional.of(key);
  }

  @Override
  public ObjectHead headForParts() {
    return new ObjectHead(contentType(), Map.of());
  }

  private String contentType() {
    if (key.endsWith(AcceptedKeys.SUFFIX)) {
      return "application/gzip";
    }
    if (key.endsWith(".html")) {
      return "text/html; charset=utf-8";
    }
    return QuarantineKeys.isWaiting(key) ? "application/x-ndjson" : "application/json";
  }

  @Override
  public String complete(PartUpload upload) {
    boolean stored =
        upload.complete(false)
            || bucket
                .head(key, ChecksumMode.ENABLED, deadline)
                .filter(upload::isContentOf)
                .isPresent();
    if (!stored) {
      throw new RetryableFailureException(
          "'%s' in bucket '%s' was not stored: S3 aborted the upload after a conflict"
              .formatted(key, bucket.name()));
    }
    return key;
  }

  @Override
  public String dropped() {
    throw new AssertionError("there is always a key for a report");
  }
}
