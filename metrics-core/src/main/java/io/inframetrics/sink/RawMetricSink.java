package io.inframetrics.sink;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.List;

/**
 * Stores raw files, create-only: the first write of a run wins and no file is ever changed. A
 * stored file keeps its run and window ({@link StoredObject#runId}, {@link
 * StoredObject#windowStart}), to distinguish a retry of the run from another run.
 */
public interface RawMetricSink {

  /** Starts a file. Memory does not grow with its size. The deadline covers the commit, too. */
  StagedObject<Commit> open(Spec spec, Deadline deadline);

  /**
   * What is known of a file before its content.
   *
   * @param type of everything in it
   * @param windowStart the start of the collected window, exclusive
   * @param keys to try in this order: takes the first that is free, or held by this run, and skips
   *     a key held by another run
   */
  record Spec(CollectionRun run, MetricType type, Instant windowStart, List<String> keys) {

    public Spec {
      keys = List.copyOf(keys);
      if (keys.isEmpty()) {
        throw new IllegalArgumentException("a raw file needs at least one key to try");
      }
    }
  }

  /**
   * Where the file is.
   *
   * @param created false if the same run had already stored a file under it; that one stays, and
   *     the new content is dropped
   */
  record Commit(String key, boolean created) {}
}
