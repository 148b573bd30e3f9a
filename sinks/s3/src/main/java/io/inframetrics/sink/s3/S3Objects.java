package io.inframetrics.sink.s3;

import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.util.List;
import java.util.Optional;

/**
 * Raw files, quarantine and reports as objects under their keys; of a raw file, run and window are
 * in the object's metadata.
 */
record S3Objects(Bucket bucket, int partBytes)
    implements RawMetricSink, RawMetricSource, DocumentStore {

  @Override
  public StagedObject<Commit> open(Spec spec, Deadline deadline) {
    return new StagedUpload<>(bucket, new RawTarget(bucket, spec, deadline), partBytes, deadline);
  }

  @Override
  public StagedObject<String> create(String key, Deadline deadline) {
    return new StagedUpload<>(
        bucket, new DocumentTarget(bucket, key, deadline), partBytes, deadline);
  }

  @Override
  public Optional<StoredObject> open(String key, Deadline deadline) {
    return ResumingBody.open(bucket, key, deadline);
  }

  @Override
  public List<String> list(String prefix, Deadline deadline) {
    return bucket.list(prefix, deadline);
  }

  @Override
  public void move(String from, String to, Deadline deadline) {
    // Nothing to copy means that it was moved before; then the contract asks for no change.
    if (!from.equals(to) && bucket.copy(from, to, deadline)) {
      bucket.delete(from, deadline);
    }
  }
}
