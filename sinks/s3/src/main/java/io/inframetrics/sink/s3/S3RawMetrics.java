package io.inframetrics.sink.s3;

import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.util.List;
import java.util.Optional;

/** Stores raw files as objects under their keys, with run and window in their metadata. */
final class S3RawMetrics implements RawMetricSink, RawMetricSource {

  private final Bucket bucket;
  private final int partBytes;

  S3RawMetrics(Bucket bucket, int partBytes) {
    this.bucket = bucket;
    this.partBytes = partBytes;
  }

  @Override
  public StagedObject<Commit> open(Spec spec, Deadline deadline) {
    return new StagedUpload<>(bucket, new RawTarget(bucket, spec, deadline), partBytes, deadline);
  }

  @Override
  public Optional<StoredObject> open(String key, Deadline deadline) {
    return ResumingBody.open(bucket, key, deadline);
  }

  @Override
  public List<String> list(String prefix, Deadline deadline) {
    return bucket.list(prefix, deadline);
  }
}
