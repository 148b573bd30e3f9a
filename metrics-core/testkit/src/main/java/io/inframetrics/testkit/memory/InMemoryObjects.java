package io.inframetrics.testkit.memory;

import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The stored objects by key, each with its content and its metadata. */
final class InMemoryObjects {

  private final NavigableMap<String, Entry> byKey = new TreeMap<>();

  synchronized @Nullable Entry get(String key) {
    return byKey.get(key);
  }

  synchronized void put(String key, Entry entry) {
    byKey.put(key, entry);
  }

  /** Stores the entry and returns null; if the key is taken, returns the entry that has it. */
  synchronized @Nullable Entry putIfAbsent(String key, Entry entry) {
    return byKey.putIfAbsent(key, entry);
  }

  synchronized void move(String from, String to) {
    Entry entry = byKey.get(from);
    if (entry != null && !from.equals(to)) {
      byKey.put(to, entry);
      byKey.remove(from);
    }
  }

  synchronized List<String> list(String prefix) {
    return byKey.tailMap(prefix, true).keySet().stream()
        .takeWhile(key -> key.startsWith(prefix))
        .toList();
  }

  Optional<StoredObject> open(String key) {
    return Optional.ofNullable(get(key))
        .map(
            entry ->
                new StoredObject(
                    key,
                    entry.runId(),
                    entry.windowStart(),
                    new ByteArrayInputStream(entry.content())));
  }

  /** An object and its metadata; the content is never changed. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(@Nullable String runId, @Nullable Instant windowStart, byte[] content) {}

  static final class Staged<R> implements StagedObject<R> {

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final Function<byte[], R> onCommit;
    private boolean ended;

    Staged(Function<byte[], R> onCommit) {
      this.onCommit = onCommit;
    }

    @Override
    public OutputStream body() {
      return body;
    }

    @Override
    public R commit() {
      if (ended) {
        throw new IllegalStateException("this object has already been committed or closed");
      }
      ended = true;
      return onCommit.apply(body.toByteArray());
    }

    @Override
    public void close() {
      ended = true;
    }
  }
}
