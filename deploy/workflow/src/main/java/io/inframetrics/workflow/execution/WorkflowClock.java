package io.inframetrics.workflow.execution;

import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The time an execution runs in. A clock has no state of its own: one can serve any number of
 * executions, also at once.
 */
public final class WorkflowClock {

  private static final Instant DEFAULT_START = Instant.parse("2026-01-01T00:00:00Z");

  /** Where a virtual clock starts; null for the machine's own time. */
  private final @Nullable Instant virtualStart;

  private WorkflowClock(@Nullable Instant virtualStart) {
    this.virtualStart = virtualStart;
  }

  /**
   * Waits, retry delays and timeouts take no time, and concurrent branches overlap as they would
   * for real. Tasks run on the calling thread, one after the other, and take no time unless they
   * say so ({@link TaskCall#takes}). Every execution starts at 2026-01-01T00:00:00Z.
   */
  public static WorkflowClock virtual() {
    return virtual(DEFAULT_START);
  }

  /** A virtual clock that every execution starts at the given instant. */
  public static WorkflowClock virtual(Instant start) {
    return new WorkflowClock(start);
  }

  /**
   * The machine's own time: waits wait, and tasks of concurrent branches run concurrently, on
   * threads of their own.
   */
  public static WorkflowClock real() {
    return new WorkflowClock(null);
  }

  EventLoop open(@Nullable Instant start) {
    if (virtualStart == null) {
      return new RealLoop();
    }
    return new VirtualLoop(start == null ? virtualStart : start);
  }

  /**
   * Always the same on a virtual clock, so that tests repeat; never on a real one, so that
   * identifiers stay unique.
   */
  Random random() {
    return virtualStart == null ? new Random() : new Random(0);
  }
}
