package io.inframetrics.workflow.retry;

import io.inframetrics.workflow.definition.DefinitionObject;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * One element of Retry.
 *
 * @param intervalSeconds before the first retry; the default is 1
 * @param maxAttempts retries, not counting the first attempt; the default is 3, and 0 never retries
 * @param backoffRate factor between one delay and the next; the default is 2.0
 * @param maxDelaySeconds upper limit of each delay
 * @param fullJitter whether a delay is a uniformly random part of the computed one
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html">Retrying
 *     after an error</a>
 * @hidden
 */
public record Retrier(
    ErrorEquals errors,
    long intervalSeconds,
    long maxAttempts,
    double backoffRate,
    long maxDelaySeconds,
    boolean fullJitter) {

  /** MaxDelaySeconds must be below this: 366 days, from the page above. */
  private static final long MAX_DELAY_BOUND = 31_622_400;

  private static final double MILLIS = 1_000;

  static Retrier load(DefinitionObject fields, ErrorEquals errors) {
    Long interval = fields.integer("IntervalSeconds", 1, DefinitionObject.MAX_NUMBER);
    Long attempts = fields.integer("MaxAttempts", 0, DefinitionObject.MAX_NUMBER);
    Double rate = fields.number("BackoffRate", 1.0);
    Long maxDelay = fields.integer("MaxDelaySeconds", 1, MAX_DELAY_BOUND - 1);
    String jitter = fields.string("JitterStrategy");
    if (jitter != null && !jitter.equals("FULL") && !jitter.equals("NONE")) {
      fields.problem("JitterStrategy", "JitterStrategy must be FULL or NONE");
    }
    return new Retrier(
        errors,
        interval == null ? 1 : interval,
        attempts == null ? 3 : attempts,
        rate == null ? 2.0 : rate,
        maxDelay == null ? MAX_DELAY_BOUND : maxDelay,
        "FULL".equals(jitter));
  }

  /** The delay before a retry; retries are counted from 1. */
  public Duration delay(int retry, RandomGenerator random) {
    double seconds =
        Math.min(intervalSeconds * Math.pow(backoffRate, retry - 1.0), (double) maxDelaySeconds);
    return Duration.ofMillis(
        Math.round((fullJitter ? seconds * random.nextDouble() : seconds) * MILLIS));
  }
}
