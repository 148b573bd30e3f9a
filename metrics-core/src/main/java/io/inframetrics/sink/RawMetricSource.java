package io.inframetrics.sink;

import io.inframetrics.time.Deadline;
import java.util.List;
import java.util.Optional;

public interface RawMetricSource {

  /** Opens a file for streaming, by its decoded key; empty if there is none. */
  Optional<StoredObject> open(String key, Deadline deadline);

  /**
   * The keys that start with {@code prefix}, sorted. Ask for one day at most.
   *
   * @param prefix one of {@link io.inframetrics.naming.ObjectKeys#dayPrefixes}
   */
  List<String> list(String prefix, Deadline deadline);
}
