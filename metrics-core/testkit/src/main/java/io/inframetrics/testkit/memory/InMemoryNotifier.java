package io.inframetrics.testkit.memory;

import io.inframetrics.sink.Notifier;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.time.Deadline;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Collects notifications in a list; what is sent twice is in it twice. Thread-safe. */
public final class InMemoryNotifier implements Notifier {

  private final List<Notification> sent = new CopyOnWriteArrayList<>();
  private final Faults faults;

  public InMemoryNotifier() {
    this(new Faults());
  }

  public InMemoryNotifier(Faults faults) {
    this.faults = faults;
  }

  @Override
  public WriteResult send(Notification notification, Deadline deadline) {
    return faults.around(
        Operation.NOTIFY,
        () -> {
          sent.add(notification);
          return WriteResult.written(1);
        });
  }

  public List<Notification> sent() {
    return List.copyOf(sent);
  }
}
