package io.inframetrics.testkit.memory;

import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Raw files in memory. Thread-safe. */
public final class InMemoryRawMetrics implements RawMetricSink, RawMetricSource {

  private final InMemoryObjects objects = new InMemoryObjects();
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final Faults faults;

  public InMemoryRawMetrics() {
    this(new Faults());
  }

  public InMemoryRawMetrics(Faults faults) {
    this.faults = faults;
  }

  /**
   * Calls {@code listener} once with the key of every file that is stored from now on, after it
   * became visible and on the thread that stored it. A commit throws what the listener throws.
   */
  public void onCommitted(Consumer<String> listener) {
    listeners.add(listener);
  }

  @Override
  public StagedObject<Commit> open(Spec spec, Deadline deadline) {
    return faults.around(
        Operation.RAW_CREATE,
        () ->
            new InMemoryObjects.Staged<>(
                content -> faults.around(Operation.RAW_COMMIT, () -> commit(spec, content))));
  }

  private Commit commit(Spec spec, byte[] content) {
    InMemoryObjects.Entry entry =
        new InMemoryObjects.Entry(spec.run().runId(), spec.windowStart(), content);
    for (String key : spec.keys()) {
      InMemoryObjects.Entry holder = objects.putIfAbsent(key, entry);
      if (holder == null) {
        listeners.forEach(listener -> listener.accept(key));
        return new Commit(key, true);
      }
      if (spec.run().runId().equals(holder.runId())) {
        return new Commit(key, false);
      }
    }
    throw new IllegalStateException(
        "run '%s' cannot store a file: other runs hold %s; give the run another id"
            .formatted(spec.run().runId(), spec.keys()));
  }

  @Override
  public Optional<StoredObject> open(String key, Deadline deadline) {
    return faults.around(Operation.RAW_OPEN, () -> objects.open(key));
  }

  @Override
  public List<String> list(String prefix, Deadline deadline) {
    return faults.around(Operation.RAW_LIST, () -> objects.list(prefix));
  }

  /** Adds a file as someone else would: no run, no window, no event. Replaces an existing one. */
  public void drop(String key, String content) {
    drop(key, content, null, null);
  }

  /** Adds a file with the given run and window. Replaces an existing one. */
  public void drop(
      String key, String content, @Nullable String runId, @Nullable Instant windowStart) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    objects.put(key, new InMemoryObjects.Entry(runId, windowStart, bytes));
  }

  public List<String> keys() {
    return objects.list("");
  }

  /** The text of a file; throws {@link IllegalArgumentException} if there is none. */
  public String text(String key) {
    InMemoryObjects.Entry entry = objects.get(key);
    if (entry == null) {
      throw new IllegalArgumentException(
          "there is no raw file '%s', only %s".formatted(key, keys()));
    }
    return new String(entry.content(), StandardCharsets.UTF_8);
  }
}
