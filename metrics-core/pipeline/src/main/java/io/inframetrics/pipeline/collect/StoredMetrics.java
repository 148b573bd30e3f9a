package io.inframetrics.pipeline.collect;

import io.inframetrics.metric.Metric;
import io.inframetrics.naming.ObjectKeys.RawFile;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.rawfile.Acceptance;
import io.inframetrics.pipeline.rawfile.RawLines;
import io.inframetrics.pipeline.rawfile.SeriesBatcher;
import io.inframetrics.sink.MetricPublisher.Batches;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** The accepted observations of a raw file, read from where it is stored, each time anew. */
final class StoredMetrics implements Batches {

  private final RawMetricSource source;
  private final String key;
  private final RawFile file;
  private final Deadline deadline;

  StoredMetrics(RawMetricSource source, String key, RawFile file, Deadline deadline) {
    this.source = source;
    this.key = key;
    this.file = file;
    this.deadline = deadline;
  }

  @Override
  public void forEach(Consumer<List<Metric>> batch) {
    SeriesBatcher batcher = new SeriesBatcher(MAX_METRICS, batch);
    try (StoredObject object = open()) {
      RawLines.read(
          object,
          file.observedAt(),
          new Acceptance(file.type(), file.observedAt()),
          batcher::add,
          bad -> {}); // ProcessRawMetrics sends it to quarantine when the file's event arrives.
    }
    batcher.finish();
  }

  /** The window that the stored file covers, which the run that wrote it chose. */
  Instant windowStart() {
    try (StoredObject object = open()) {
      Instant start = object.windowStart();
      return start == null ? file.observedAt() : start;
    }
  }

  private StoredObject open() {
    return source
        .open(key, deadline)
        .orElseThrow(
            () ->
                new RetryableFailureException(
                    "raw file '%s' was just stored and cannot be read".formatted(key)));
  }
}
