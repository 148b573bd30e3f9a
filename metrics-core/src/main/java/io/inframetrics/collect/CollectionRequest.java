package io.inframetrics.collect;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.time.Deadline;
import java.time.Instant;

/**
 * What a collector is asked for: the observations in the window {@code (since, run.observedAt()]}.
 *
 * @param run a retry of a run asks for the same window
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

  public Instant until() {
    return run.observedAt();
  }

  public boolean includes(Instant instant) {
    return instant.isAfter(since) && !instant.isAfter(until());
  }
}
