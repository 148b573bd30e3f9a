package io.inframetrics.cli;

import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.naming.ObjectKeys;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.collect.CollectionSchedule;
import io.inframetrics.sink.Notifier;
import io.inframetrics.sink.Stores;
import io.inframetrics.time.Deadline;
import java.util.Optional;
import java.util.function.Consumer;

/** Where a pipeline stores what it collects, and what an installation there goes by. */
interface Storage extends AutoCloseable {

  /** The stores, as the functions see them. */
  Stores ports();

  default Notifier notifier() {
    return ports().notifier();
  }

  default ObjectKeys keys() {
    return new DatedObjectKeys();
  }

  default CollectionSchedule schedule() {
    return CollectionSchedule.DEFAULTS;
  }

  default AnalysisSettings analysis() {
    return AnalysisSettings.DEFAULTS;
  }

  /** Where everything is, for people: a sentence without its end. */
  String whereabouts();

  /** From now on raw files are given to {@code process}, which throws if it fails. */
  Deliveries deliverTo(Consumer<String> process);

  @Override
  void close();

  /** The way of raw files to their processing. */
  interface Deliveries extends AutoCloseable {

    /** Looks for files that an earlier process left. */
    void scan();

    /** A verb of this process has stored this file. */
    void landed(String key);

    /**
     * Waits until every file that has landed is processed.
     *
     * @return what people must know of those that are not; empty if all are
     */
    Optional<String> awaitIdle(Deadline deadline) throws InterruptedException;

    @Override
    void close();
  }
}
