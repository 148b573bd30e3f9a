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
import org.jspecify.annotations.Nullable;

/** What a command uses of this machine; a test replaces parts of it. */
interface CommandContext {

  /** The folder that has {@code deploy/}. */
  default Path home() {
    return ProductFiles.HOME;
  }

  /** The variables that describe an installation on AWS, or name this machine. */
  default Map<String, String> environment() {
    return System.getenv();
  }

  /** The time of everything but the state machine's waits. */
  default Clock clock() {
    return Clock.systemUTC();
  }

  default WorkflowClock workflowClock() {
    return WorkflowClock.real();
  }

  /** The collectors of a source; {@code instance} is what to call this machine, if not null. */
  default SourceCollectors collectors(Source source, @Nullable String instance) {
    return SourceCollectors.of(source, instance, environment(), clock());
  }

  default Stores stores(LocalStores stores) {
    return stores;
  }

  default RawFileEvents deliver(LocalStores stores, RawFileEvents.Listener listener) {
    return stores.deliverTo(listener);
  }

  /** The tasks that the state machine calls. */
  default TaskHandler tasks(TaskHandler tasks) {
    return tasks;
  }
}
