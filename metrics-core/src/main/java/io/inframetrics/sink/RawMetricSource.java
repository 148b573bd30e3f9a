package io.inframetrics.sink;

import io.inframetrics.time.Deadline;
import java.util.List;
import java.util.Optional;

/** Reads raw files. */
public interface RawMetricSource {

  /**
   * Opens a file; reading it streams.
   *
   * @param key decoded, as {@link RawMetricSink} knew it
   * @return empty if there is none
   */
  Optional<StoredObject> open(String key, Deadline deadline);

  /**
   * The keys that start with {@code prefix}, sorted. Ask for a day at most.
   *
   * @param prefix one of {@link io.inframetrics.naming.ObjectKeys#dayPrefixes}
   */
  List<String> list(String prefix, Deadline deadline);
}
