package io.inframetrics.testkit.memory;

import io.inframetrics.sink.ReportStore;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Reports and quarantine in memory. Thread-safe. */
public final class InMemoryReports implements ReportStore {

  private final InMemoryObjects objects = new InMemoryObjects();
  private final Faults faults;

  /** An empty store. */
  public InMemoryReports() {
    this(new Faults());
  }

  /** An empty store that fails as planned. */
  public InMemoryReports(Faults faults) {
    this.faults = faults;
  }

  @Override
  public StagedObject<String> create(String key, Deadline deadline) {
    return faults.around(
        Operation.REPORT_CREATE,
        () ->
            new InMemoryObjects.Staged<>(
                content ->
                    faults.around(
                        Operation.REPORT_COMMIT,
                        () -> {
                          objects.put(key, new InMemoryObjects.Entry(null, null, content));
                          return key;
                        })));
  }

  @Override
  public Optional<StoredObject> open(String key, Deadline deadline) {
    return faults.around(Operation.REPORT_OPEN, () -> objects.open(key));
  }

  @Override
  public List<String> list(String prefix, Deadline deadline) {
    return faults.around(Operation.REPORT_LIST, () -> objects.list(prefix));
  }

  @Override
  public void move(String from, String to, Deadline deadline) {
    faults.aroundRun(Operation.REPORT_MOVE, () -> objects.move(from, to));
  }

  /** The keys of all objects, sorted. */
  public List<String> keys() {
    return objects.list("");
  }

  /**
   * The text of an object.
   *
   * @throws IllegalArgumentException if there is none
   */
  public String text(String key) {
    InMemoryObjects.Entry entry = objects.get(key);
    if (entry == null) {
      throw new IllegalArgumentException("no report '%s', only %s".formatted(key, keys()));
    }
    return new String(entry.content(), StandardCharsets.UTF_8);
  }
}
