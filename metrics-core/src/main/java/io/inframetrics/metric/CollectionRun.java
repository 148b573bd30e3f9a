package io.inframetrics.metric;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One run of the pipeline. Both values come from outside (the execution's name and start) and stay
 * the same when a step is retried, so a retry writes the same data.
 *
 * @param runId 1 to {@value #MAX_RUN_ID_LENGTH} printable characters
 * @param observedAt the instant that the run observes; cut to whole seconds, UTC
 */
public record CollectionRun(String runId, Instant observedAt) {

  /** Longest run id; a Step Functions execution name has 80 characters, a Lambda request id 36. */
  public static final int MAX_RUN_ID_LENGTH = 128;

  public CollectionRun {
    if (runId.isBlank()
        || runId.length() > MAX_RUN_ID_LENGTH
        || runId.chars().anyMatch(c -> c < ' ' || c > '~')) {
      throw new IllegalArgumentException(
          "run id '%s' is not valid: use 1 to %d printable ASCII characters"
              .formatted(runId, MAX_RUN_ID_LENGTH));
    }
    observedAt = observedAt.truncatedTo(ChronoUnit.SECONDS);
  }
}
