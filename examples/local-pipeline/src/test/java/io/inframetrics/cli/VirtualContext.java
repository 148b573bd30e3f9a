package io.inframetrics.cli;

import io.inframetrics.sink.local.LocalStores;
import io.inframetrics.sink.local.RawFileEvents;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.workflow.execution.TaskHandler;
import io.inframetrics.workflow.execution.WorkflowClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Waits take no time, and the clock stands still. Raw files are processed on threads of their own
 * as ever; the first health check waits for them, which is what the state before it is for.
 */
public class VirtualContext implements CommandContext {

  static final Instant NOW = Instant.parse("2026-02-19T11:27:43Z");

  /** The folder of the whole repository; tests run in that of their module. */
  public static final Path REPOSITORY = Path.of("..", "..").toAbsolutePath().normalize();

  final ManualClock clock = ManualClock.at(NOW);

  private volatile RawFileEvents events;

  @Override
  public Path home() {
    return REPOSITORY;
  }

  @Override
  public ManualClock clock() {
    return clock;
  }

  @Override
  public long nanoTime() {
    return Duration.between(NOW, clock.instant()).toNanos();
  }

  @Override
  public WorkflowClock workflowClock() {
    return WorkflowClock.virtual();
  }

  @Override
  public RawFileEvents deliver(LocalStores stores, RawFileEvents.Listener listener) {
    events = deliverTo(stores, listener);
    return events;
  }

  RawFileEvents deliverTo(LocalStores stores, RawFileEvents.Listener listener) {
    return stores.deliverTo(listener);
  }

  @Override
  public TaskHandler tasks(TaskHandler tasks) {
    return call -> {
      if (call.state().equals("CheckPipelineHealth")) {
        events.awaitIdle(Deadlines.never());
      }
      return tasks.handle(call);
    };
  }
}
