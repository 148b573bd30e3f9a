package io.inframetrics.testkit.memory;

import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Reports and quarantine in memory. Thread-safe. */
public final class InMemoryDocuments implements DocumentStore {

  private final InMemoryObjects objects = new InMemoryObjects();
  private final Faults faults;

  public InMemoryDocuments() {
    this(new Faults());
  }

  public InMemoryDocuments(Faults faults) {
    this.faults = faults;
  }

  @Override
  public StagedObject<String> create(String key, Deadline deadline) {
    return faults.around(
        Operation.DOCUMENT_CREATE,
        () ->
            new InMemoryObjects.Staged<>(
                content ->
                    faults.around(
                        Operation.DOCUMENT_COMMIT,
                        () -> {
                          objects.put(key, new InMemoryObjects.Entry(null, null, content));
                          return key;
                        })));
  }

  @Override
  public Optional<StoredObject> open(String key, Deadline deadline) {
    return faults.around(Operation.DOCUMENT_OPEN, () -> objects.open(key));
  }

  @Override
  public List<String> list(String prefix, Deadline deadline) {
    return faults.around(Operation.DOCUMENT_LIST, () -> objects.list(prefix));
  }

  @Override
  public void move(String from, String to, Deadline deadline) {
    faults.aroundRun(Operation.DOCUMENT_MOVE, () -> objects.move(from, to));
  }

  public List<String> keys() {
    return objects.list("");
  }

  /** The text of an object; throws {@link IllegalArgumentException} if there is none. */
  public String text(String key) {
    InMemoryObjects.Entry entry = objects.get(key);
    if (entry == null) {
      throw new IllegalArgumentException("there is no report '%s', only %s".formatted(key, keys()));
    }
    return new String(entry.content(), StandardCharsets.UTF_8);
  }
}
