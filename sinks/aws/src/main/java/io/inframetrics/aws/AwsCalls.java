package io.inframetrics.aws;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.inframetrics.aws.AwsFailures.Outlook;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.time.Deadline;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Makes calls to AWS: retries failures that may heal, with full jitter, until the deadline, and
 * logs each attempt as one structured line. Thread-safe. The SDK's own retries are off ({@link
 * AwsClients}), so that attempts do not multiply.
 *
 * <p>No attempt starts with less than {@link #LEAST_ATTEMPT} left until the deadline, no wait ends
 * later than that, and each attempt may take the time that is left, at most {@link
 * CallSettings#attemptTimeout()}.
 *
 * <p>A failure that may heal by {@link AwsFailures} is thrown as {@link RetryableFailureException}
 * when attempts or time run out; an error in an unknown form is one the first time in a call and
 * permanent the second. A permanent one is thrown as the SDK's own exception, since a caller may
 * expect one (a 412, a failed condition); {@link AwsFailures#refusal} turns an unexpected one into
 * one sentence.
 *
 * <p>The log has level INFO: each attempt costs money and time, so none is hidden. Its keys are
 * {@code operation}, {@code attempt} (1 for the first), {@code outcome} (ok, incomplete, failed,
 * refused, interrupted), {@code throttled}, {@code rejected} (whether the failure is permanent),
 * {@code bytes} (sent in the body), {@code latency_ms}, {@code status} (0 without a response),
 * {@code aws_request_id}.
 */
public final class AwsCalls {

  /** Do not start an attempt with less time than this left: a TLS handshake takes about as long. */
  static final Duration LEAST_ATTEMPT = Duration.ofMillis(50);

  /** Caps the shift in {@link #delay}: the longest first wait, doubled so often, fits a long. */
  private static final int MOST_DOUBLINGS = 20;

  private final CallSettings settings;
  private final RandomGenerator random;
  private final Sleeper sleeper;
  private final Logger log;

  /** Decides whether to retry a failure or an incomplete response; keeps no state of a call. */
  private final Retry retry;

  /** Draws waits from {@code random}, which must be safe for the threads that call. */
  public AwsCalls(CallSettings settings, RandomGenerator random, Sleeper sleeper) {
    this(settings, random, sleeper, LoggerFactory.getLogger(AwsCalls.class));
  }

  AwsCalls(CallSettings settings, RandomGenerator random, Sleeper sleeper, Logger log) {
    this.settings = settings;
    this.random = random;
    this.sleeper = sleeper;
    this.log = log;
    this.retry =
        Retry.of(
            "aws",
            RetryConfig.<Boolean>custom()
                .maxAttempts(settings.maxAttempts())
                .intervalFunction(this::delay)
                .retryOnException(AwsFailures::mayHeal)
                .retryOnResult(complete -> !complete)
                .build());
  }

  @FunctionalInterface
  public interface Sleeper {

    Sleeper THREAD = time -> TimeUnit.NANOSECONDS.sleep(time.toNanos());

    void sleep(Duration time) throws InterruptedException;
  }

  @FunctionalInterface
  public interface Attempt<T> {

    /** Makes one request, with {@code limits} set as its override configuration. */
    T run(AwsRequestOverrideConfiguration limits);
  }

  /**
   * Calls until success, a permanent failure, or the end of attempts or time.
   *
   * @param operation for messages and logs, such as {@code s3:PutObject}
   * @throws RetryableFailureException if it may succeed later, or if the thread was interrupted
   *     (its interrupt flag stays set)
   * @throws software.amazon.awssdk.core.exception.SdkException as the call threw it, if not
   */
  public <T> T call(String operation, Deadline deadline, Attempt<T> attempt) {
    return call(operation, deadline, attempt, result -> true);
  }

  /** Makes a single attempt; throws as {@link #call(String, Deadline, Attempt)} does. */
  public <T> T once(String operation, Deadline deadline, Attempt<T> attempt) {
    return new AwsCalls(settings.withMaxAttempts(1), random, sleeper, log)
        .call(operation, deadline, attempt);
  }

  /**
   * Calls as {@link #call(String, Deadline, Attempt)} does, and also repeats while the response is
   * not {@code complete}; when attempts or time run out, returns the last response, complete or
   * not. Each attempt must request only what is still missing. A failure after an incomplete
   * response is thrown: the attempt has already seen that response.
   */
  public <T> T call(
      String operation, Deadline deadline, Attempt<T> attempt, Predicate<? super T> complete) {
    if (!hasTime(deadline)) {
      throw new RetryableFailureException(
          "%s was not attempted: %d ms are left until the deadline, but an attempt needs %d ms"
              .formatted(operation, deadline.remaining().toMillis(), LEAST_ATTEMPT.toMillis()));
    }
    Retry.AsyncContext<Boolean> tries = retry.asyncContext();
    boolean unknown = false;
    for (int number = 1; ; number++) {
      AttemptTrace trace = new AttemptTrace();
      long start = System.nanoTime();
      try {
        T result = attempt.run(limits(deadline, trace));
        boolean whole = complete.test(result);
        log(operation, number, whole ? "ok" : "incomplete", trace, start, null);
        if (!waitForNext(tries.onResult(whole), operation, deadline)) {
          return result;
        }
      } catch (SdkException | UncheckedIOException e) {
        Outlook outlook = AwsFailures.outlook(e);
        if (outlook == Outlook.UNKNOWN) {
          outlook = unknown ? Outlook.PERMANENT : Outlook.PASSING;
          unknown = true;
        }
        log(operation, number, word(outlook), trace, start, e);
        if (outlook == Outlook.PERMANENT) {
          throw e;
        }
        if (outlook == Outlook.INTERRUPTED) {
          throw interrupted(operation, e);
        }
        if (!waitForNext(tries.onError(e), operation, deadline)) {
          throw exhausted(operation, number, e);
        }
      }
    }
  }

  /** Waits {@code delay} ms; false if that is negative or leaves no time for another attempt. */
  private boolean waitForNext(long delay, String operation, Deadline deadline) {
    if (delay < 0 || deadline.remaining().minusMillis(delay).compareTo(LEAST_ATTEMPT) < 0) {
      return false;
    }
    try {
      sleeper.sleep(Duration.ofMillis(delay));
    } catch (InterruptedException e) {
      throw interrupted(operation, e);
    }
    // A sleep may last longer than requested.
    return hasTime(deadline);
  }

  private static boolean hasTime(Deadline deadline) {
    return deadline.remaining().compareTo(LEAST_ATTEMPT) >= 0;
  }

  private static RetryableFailureException exhausted(
      String operation, int tries, RuntimeException last) {
    return new RetryableFailureException(
        "%s failed %s: %s"
            .formatted(
                operation,
                tries == 1 ? "in its only attempt" : tries + " times, the last time",
                AwsFailures.describe(last)),
        last);
  }

  private static RetryableFailureException interrupted(String operation, Exception cause) {
    Thread.currentThread().interrupt();
    return new RetryableFailureException(operation + " was interrupted", cause);
  }

  /** Full jitter: a random wait up to a limit that doubles with each failure. */
  private long delay(int failedTries) {
    long longest = settings.firstDelay().toMillis() << Math.min(failedTries - 1, MOST_DOUBLINGS);
    return random.nextLong(Math.min(longest, settings.maxDelay().toMillis()) + 1);
  }

  private AwsRequestOverrideConfiguration limits(Deadline deadline, AttemptTrace trace) {
    Duration left = deadline.remaining();
    Duration longest = settings.attemptTimeout();
    // Time may have run out since the check; the SDK rejects a limit of zero.
    Duration limit = left.isZero() ? Duration.ofMillis(1) : left;
    return AwsRequestOverrideConfiguration.builder()
        .apiCallTimeout(limit.compareTo(longest) < 0 ? limit : longest)
        .putExecutionAttribute(AttemptTrace.ATTRIBUTE, trace)
        .build();
  }

  private static String word(Outlook outlook) {
    return switch (outlook) {
      case THROTTLED, PASSING, UNKNOWN -> "failed";
      case INTERRUPTED -> "interrupted";
      case PERMANENT -> "refused";
    };
  }

  private void log(
      String operation,
      int number,
      String outcome,
      AttemptTrace trace,
      long start,
      @Nullable RuntimeException failure) {
    long nanos = System.nanoTime() - start;
    log.atInfo()
        .addKeyValue("operation", operation)
        .addKeyValue("attempt", number)
        .addKeyValue("outcome", outcome)
        .addKeyValue("throttled", failure != null && AwsFailures.isThrottle(failure))
        .addKeyValue("rejected", outcome.equals("refused"))
        .addKeyValue("bytes", trace.bytes)
        .addKeyValue("latency_ms", TimeUnit.NANOSECONDS.toMillis(nanos))
        .addKeyValue("status", trace.status)
        .addKeyValue("aws_request_id", trace.requestId)
        .log(failure == null ? outcome : outcome + ": " + AwsFailures.describe(failure));
  }
}
