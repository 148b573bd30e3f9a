package io.inframetrics.aws;

import java.time.Duration;

/**
 * How calls are retried.
 *
 * @param maxAttempts attempts of one call, at least 1
 * @param firstDelay the longest wait before the second attempt, at least 1 ms; it doubles with each
 *     further attempt, and each wait is drawn between zero and this limit (full jitter)
 * @param maxDelay no wait is longer; at least {@code firstDelay}, at most an hour
 * @param attemptTimeout no single attempt takes longer; at least 50 ms
 */
public record CallSettings(
    int maxAttempts, Duration firstDelay, Duration maxDelay, Duration attemptTimeout) {

  // Declared first: the default's constructor needs it.
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  /**
   * Fifteen attempts, waits of up to 100, 200, 400, 800, 1,600 and then 2,000 ms, ten seconds per
   * attempt. A service that rejects six calls in ten still fails only one call in two thousand; one
   * that is down is given up after 11 seconds on average, unless the deadline comes first.
   */
  public static final CallSettings DEFAULTS =
      new CallSettings(15, Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(10));

  public CallSettings {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException(
          "the number of attempts of a call is %d: use 1 or more".formatted(maxAttempts));
    }
    if (firstDelay.toMillis() < 1) {
      throw new IllegalArgumentException(
          "the first delay of a call is %s: use 1 ms or more".formatted(firstDelay));
    }
    if (maxDelay.compareTo(firstDelay) < 0 || maxDelay.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException(
          "the maximum delay of a call is %s: use a value between the first delay, %s, and %s"
              .formatted(maxDelay, firstDelay, LONGEST_WAIT));
    }
    if (attemptTimeout.compareTo(AwsCalls.LEAST_ATTEMPT) < 0) {
      throw new IllegalArgumentException(
          "the timeout of an attempt is %s: use %s or more"
              .formatted(attemptTimeout, AwsCalls.LEAST_ATTEMPT));
    }
  }

  public CallSettings withMaxAttempts(int attempts) {
    return new CallSettings(attempts, firstDelay, maxDelay, attemptTimeout);
  }
}
