package io.inframetrics.sink.s3;

import io.inframetrics.naming.Sha256;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.RawMetricSink.Commit;
import io.inframetrics.sink.RawMetricSink.Spec;
import io.inframetrics.sink.s3.Bucket.ObjectHead;
import io.inframetrics.time.Deadline;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Writes a raw file to the first of its keys that is free or that the same run holds.
 *
 * <p>A request is sent again if its response was lost, and then finds its own object. So an object
 * of the same run with the same window and content counts as created: the stored content is what
 * was written now, whichever request stored it.
 */
final class RawTarget implements Target<Commit> {

  private static final String JSON_LINES = "application/x-ndjson";

  private final Bucket bucket;
  private final Spec spec;
  private final Origin origin;
  private final Deadline deadline;
  private @Nullable String heldByThisRun;

  RawTarget(Bucket bucket, Spec spec, Deadline deadline) {
    this.bucket = bucket;
    this.spec = spec;
    this.origin = new Origin(spec.run().runId(), spec.windowStart(), null);
    this.deadline = deadline;
  }

  @Override
  public String name() {
    return spec.keys().get(0);
  }

  @Override
  public Commit put(PartBuffer content) {
    byte[] sha256 = content.sha256();
    Origin written = origin.withContentSha256(Sha256.hex(sha256));
    ObjectHead head = new ObjectHead(JSON_LINES, written.metadata());
    for (String key : spec.keys()) {
      if (bucket.put(key, content, head, sha256, true, deadline)) {
        return new Commit(key, true);
      }
      Origin holder =
          bucket
              .head(key, null, deadline)
              .map(object -> Origin.of(object.metadata()))
              .orElseThrow(
                  () ->
                      new RetryableFailureException(
                          "'%s' in bucket '%s' was deleted while its origin was being read"
                              .formatted(key, bucket.name())));
      if (isThisRun(holder)) {
        return new Commit(key, holder.equals(written));
      }
    }
    throw heldByOthers();
  }

  @Override
  public Optional<String> keyForParts() {
    for (String key : spec.keys()) {
      Optional<HeadObjectResponse> holder = bucket.head(key, null, deadline);
      if (holder.isEmpty()) {
        return Optional.of(key);
      }
      if (isThisRun(Origin.of(holder.get().metadata()))) {
        heldByThisRun = key;
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  @Override
  public ObjectHead headForParts() {
    return new ObjectHead(JSON_LINES, origin.metadata());
  }

  @Override
  public Commit complete(PartUpload upload) {
    if (upload.complete(true)) {
      return new Commit(upload.key(), true);
    }
    Optional<HeadObjectResponse> object = bucket.head(upload.key(), ChecksumMode.ENABLED, deadline);
    Optional<Origin> holder = object.map(HeadObjectResponse::metadata).map(Origin::of);
    if (holder.isPresent() && isThisRun(holder.get())) {
      boolean sameContent = upload.isContentOf(object.get());
      return new Commit(upload.key(), sameContent && holder.get().isSameCollection(origin));
    }
    throw new RetryableFailureException(
        "'%s' in bucket '%s' was not stored: %s"
            .formatted(
                upload.key(),
                bucket.name(),
                holder.isPresent()
                    ? "another run took the key in the meantime, so the next attempt uses another"
                    : "S3 aborted the upload after a conflict, so the next attempt uploads it again"));
  }

  @Override
  public Commit dropped() {
    if (heldByThisRun == null) {
      throw heldByOthers();
    }
    return new Commit(heldByThisRun, false);
  }

  private boolean isThisRun(Origin holder) {
    return spec.run().runId().equals(holder.runId());
  }

  private IllegalStateException heldByOthers() {
    return new IllegalStateException(
        "run '%s' cannot store its raw file: other runs use %s in bucket '%s'; give the run another id"
            .formatted(spec.run().runId(), String.join(" and ", spec.keys()), bucket.name()));
  }
}
