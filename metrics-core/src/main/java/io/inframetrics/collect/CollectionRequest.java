package io.inframetrics.collect;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.time.Deadline;
import java.time.Instant;

/**
 * What a collector is asked for: the observations in the window {@code (since, run.observedAt()]}.
 *
 * @param run the run that asks; a run that is tried again asks for the same
 * @param since the start of the window, exclusive; before {@code run.observedAt()}
 * @param deadline when the answer must be complete
 */
public record CollectionRequest(CollectionRun run, Instant since, Deadline deadline) {

  public CollectionRequest {
    if (!since.isBefore(run.observedAt())) {
      throw new IllegalArgumentException(
          "the window's start %s is not before its end %s".formatted(since, run.observedAt()));
    }
  }

  /** The end of the window, inclusive. */
  public Instant until() {
    return run.observedAt();
  }

  /** Whether the window has {@code instant}. */
  public boolean includes(Instant instant) {
    return instant.isAfter(since) && !instant.isAfter(until());
  }
}
