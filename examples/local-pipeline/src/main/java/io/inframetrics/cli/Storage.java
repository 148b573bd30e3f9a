package io.inframetrics.cli;

import io.inframetrics.sink.Notifier;
import io.inframetrics.sink.Stores;
import io.inframetrics.time.Deadline;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Where a pipeline stores what it collects. */
interface Storage extends AutoCloseable {

  Stores ports();

  default Notifier notifier() {
    return ports().notifier();
  }

  /** Where everything is, for people: a sentence without its full stop. */
  String whereabouts();

  /** Where the report with this key is, for people. */
  String place(String key);

  /** Passes raw files to {@code process} from now on, which throws if it fails. */
  Deliveries deliverTo(Consumer<String> process);

  @Override
  void close();

  interface Deliveries extends AutoCloseable {

    /** Looks for files that an earlier process left. */
    void scan();

    /** Reports a file that a verb of this process has stored. */
    void landed(String key);

    /** Files that are not processed although they were tried, each with the reason. */
    default Map<String, String> failed() {
      return Map.of();
    }

    /** Waits until all landed files are processed; answers a message if some are not. */
    Optional<String> awaitIdle(Deadline deadline) throws InterruptedException;

    @Override
    void close();
  }
}
