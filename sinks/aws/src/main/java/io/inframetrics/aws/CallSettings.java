package io.inframetrics.aws;

import java.time.Duration;

/**
 * How calls are repeated.
 *
 * @param maxAttempts tries of one call, at least 1
 * @param firstDelay the longest wait before the second try; it doubles with each further one, and
 *     each wait is drawn between nothing and its longest (full jitter)
 * @param maxDelay no wait is longer
 * @param attemptTimeout no single try takes longer
 */
public record CallSettings(
    int maxAttempts, Duration firstDelay, Duration maxDelay, Duration attemptTimeout) {

  /** Five tries, waits of up to 100, 200, 400 and 800 ms, ten seconds a try. */
  public static final CallSettings DEFAULT =
      new CallSettings(5, Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(10));

  public CallSettings {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException(
          "attempts of a call are %d: use 1 or more".formatted(maxAttempts));
    }
  }

  /** The same with other {@code maxAttempts}. */
  public CallSettings withMaxAttempts(int attempts) {
    return new CallSettings(attempts, firstDelay, maxDelay, attemptTimeout);
  }
}
