package io.inframetrics.sink;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.List;

/**
 * Stores raw files, create-only: the first write of a run wins and no file is ever changed. What is
 * stored remembers the run and the window ({@link StoredObject#runId}, {@link
 * StoredObject#windowStart}) so that a second try of the run is told from another run.
 */
public interface RawMetricSink {

  /**
   * Starts a file. Memory does not grow with what is written to it.
   *
   * @param deadline of everything up to the commit
   */
  StagedObject<Commit> open(Spec spec, Deadline deadline);

  /**
   * What is known of a file before its content.
   *
   * @param run that writes it
   * @param type of everything in it
   * @param windowStart the start of the window that was collected, exclusive
   * @param keys to try in this order: the first that is free, or held by this very run, is taken; a
   *     key held by another run is passed over
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
   * @param key the key that was taken
   * @param created false if the same run had stored a file under it before; that one stands, and
   *     what was written now is dropped
   */
  record Commit(String key, boolean created) {}
}
