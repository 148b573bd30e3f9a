package io.inframetrics.cli;

import io.inframetrics.cli.input.ProductFiles;
import io.inframetrics.cli.monitor.StopRequest;
import io.inframetrics.cli.page.Browser;
import io.inframetrics.sink.Stores;
import io.inframetrics.sink.local.LocalStores;
import io.inframetrics.sink.local.RawFileEvents;
import io.inframetrics.workflow.execution.TaskHandler;
import io.inframetrics.workflow.execution.WorkflowClock;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command uses of this machine; a test replaces parts of it. */
interface CommandContext {

  /** The folder that has {@code deploy/}. */
  default Path home() {
    return ProductFiles.HOME;
  }

  /** The variables with the settings. */
  default Map<String, String> environment() {
    return System.getenv();
  }

  /** Whether a person reads along, as the launcher says. */
  default boolean isTerminal() {
    return Boolean.getBoolean("inframetrics.tty");
  }

  default Browser browser() {
    return Browser.ofDesktop(environment());
  }

  /** Whether the command is all that this process does, so that it may handle signals. */
  default boolean ownsProcess() {
    return false;
  }

  /** How long the work in hand may take after a request to end. */
  default Duration patience() {
    return Duration.ofSeconds(5);
  }

  /** The time of everything but the state machine's waits. */
  default Clock clock() {
    return Clock.systemUTC();
  }

  /** Nanoseconds that only ever increase, whatever the clock is set to. */
  default long nanoTime() {
    return System.nanoTime();
  }

  /** Waits for the next run, or until the command is to end. */
  default void await(Duration time, StopRequest stop) throws InterruptedException {
    stop.await(time);
  }

  default WorkflowClock workflowClock() {
    return WorkflowClock.real();
  }

  /**
   * The collectors to use.
   *
   * @param classLoader finds the sources
   * @param instance what to call this machine, if not null
   */
  default SourceCollectors collectors(
      CommandSettings settings, ClassLoader classLoader, @Nullable String instance) {
    return SourceCollectors.of(settings, classLoader, instance, clock());
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
