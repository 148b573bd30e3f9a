package io.inframetrics.sink;

import io.inframetrics.time.Deadline;
import java.util.List;
import java.util.Optional;

/**
 * Keeps what people read later: quarantined lines with their reasons, and reports. Unlike a raw
 * file, a document may be replaced and moved.
 */
public interface DocumentStore {

  /** Starts a document; its commit replaces what the key held and returns the key. */
  StagedObject<String> create(String key, Deadline deadline);

  /** Empty if there is no such document. */
  Optional<StoredObject> open(String key, Deadline deadline);

  /** The keys that start with {@code prefix}, sorted. */
  List<String> list(String prefix, Deadline deadline);

  /** Moves a document, replacing what {@code to} held. Repeating a move changes nothing. */
  void move(String from, String to, Deadline deadline);
}
