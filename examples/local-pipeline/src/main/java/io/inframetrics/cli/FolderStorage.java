package io.inframetrics.cli;

import io.inframetrics.sink.Stores;
import io.inframetrics.sink.local.LocalStores;
import io.inframetrics.sink.local.RawFileEvents;
import io.inframetrics.time.Deadline;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Everything in the data folder, which reports its own files. */
record FolderStorage(LocalStores folder, Stores ports, CommandContext around) implements Storage {

  @Override
  public String whereabouts() {
    return "Everything is in %s: raw-metrics/, inframetrics.db, reports/, notifications/, points/, runs/"
        .formatted(folder.dataFolder());
  }

  @Override
  public String place(String key) {
    return folder.dataFolder().resolve(key).toString();
  }

  @Override
  public Deliveries deliverTo(Consumer<String> process) {
    RawFileEvents events = around.deliver(folder, process::accept);
    return new Deliveries() {
      @Override
      public void scan() {
        var unused = events.scan();
      }

      @Override
      public void landed(String key) {
        // The folder has reported it already.
      }

      @Override
      public Map<String, String> failed() {
        return events.failed();
      }

      @Override
      public Optional<String> awaitIdle(Deadline deadline) throws InterruptedException {
        return events.awaitIdle(deadline)
            ? Optional.empty()
            : Optional.of("some raw files are not processed yet; the next run will process them");
      }

      @Override
      public void close() {
        events.close();
      }
    };
  }

  @Override
  public void close() {
    // Whoever opened the folder closes it: its log and lock are for every kind of storage.
  }
}
