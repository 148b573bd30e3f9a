package io.inframetrics.workflow.execution;

import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A virtual or real clock. Immutable, so any number of executions may share one. */
public final class WorkflowClock {

  private static final Instant DEFAULT_START = Instant.parse("2026-01-01T00:00:00Z");

  /** Null for the machine's own time. */
  private final @Nullable Instant virtualStart;

  private WorkflowClock(@Nullable Instant virtualStart) {
    this.virtualStart = virtualStart;
  }

  /**
   * Returns a clock on which waits, retry delays and timeouts take no time; concurrent branches
   * overlap as in real time. Tasks run on the calling thread, one after the other, and take no time
   * unless they say so ({@link TaskCall#takes}). Every execution starts at 2026-01-01T00:00:00Z.
   */
  public static WorkflowClock virtual() {
    return virtual(DEFAULT_START);
  }

  /** Returns a virtual clock on which every execution starts at the given instant. */
  public static WorkflowClock virtual(Instant start) {
    return new WorkflowClock(start);
  }

  /** Returns the machine's time; tasks of concurrent branches run at once, on their own threads. */
  public static WorkflowClock real() {
    return new WorkflowClock(null);
  }

  EventLoop open(@Nullable Instant start) {
    if (virtualStart == null) {
      return new RealLoop();
    }
    return new VirtualLoop(start == null ? virtualStart : start);
  }

  /** Seeded on a virtual clock, so that tests repeat; random on a real one, for unique IDs. */
  Random random() {
    return virtualStart == null ? new Random() : new Random(0);
  }
}
