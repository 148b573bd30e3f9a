package io.inframetrics.cli;

import io.inframetrics.cli.input.ProductFiles;
import io.inframetrics.sink.Stores;
import io.inframetrics.sink.local.LocalStores;
import io.inframetrics.sink.local.RawFileEvents;
import io.inframetrics.workflow.execution.TaskHandler;
import io.inframetrics.workflow.execution.WorkflowClock;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** What a command finds around it: this machine, or in its place what a test looks through. */
interface CommandContext {

  /** The folder that has {@code deploy/}. */
  default Path home() {
    return ProductFiles.HOME;
  }

  /** The variables that describe an installation on AWS. */
  default Map<String, String> environment() {
    return System.getenv();
  }

  /** The time of everything but the state machine's waits. */
  default Clock clock() {
    return Clock.systemUTC();
  }

  /** The time that the state machine's waits take. */
  default WorkflowClock workflowClock() {
    return WorkflowClock.real();
  }

  /** Who invents or reads metrics. */
  default SourceCollectors collectors(Source source) {
    return SourceCollectors.of(source, clock());
  }

  /** The stores as the functions see them. */
  default Stores stores(LocalStores stores) {
    return stores;
  }

  default RawFileEvents deliver(LocalStores stores, RawFileEvents.Listener listener) {
    return stores.deliverTo(listener);
  }

  /** The tasks as the state machine sees them. */
  default TaskHandler tasks(TaskHandler tasks) {
    return tasks;
  }
}
