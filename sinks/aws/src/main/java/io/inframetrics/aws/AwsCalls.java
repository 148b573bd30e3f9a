package io.inframetrics.aws;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.time.Deadline;
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
 * Makes calls to AWS: repeats what may heal, with full jitter, until the deadline; logs every try
 * as one structured line. Thread-safe. The SDK's own retries are off ({@link AwsClients}), so that
 * tries do not multiply.
 */
public final class AwsCalls {

  private static final Logger LOG = LoggerFactory.getLogger(AwsCalls.class);

  private final CallSettings settings;
  private final RandomGenerator random;
  private final Sleeper sleeper;

  /**
   * Calls that draw their waits from {@code random}, which must be safe for the threads that call.
   */
  public AwsCalls(CallSettings settings, RandomGenerator random, Sleeper sleeper) {
    this.settings = settings;
    this.random = random;
    this.sleeper = sleeper;
  }

  /** Waits. */
  @FunctionalInterface
  public interface Sleeper {

    /** Waits by sleeping. */
    Sleeper THREAD = time -> TimeUnit.NANOSECONDS.sleep(time.toNanos());

    void sleep(Duration time) throws InterruptedException;
  }

  /** One try of a call. */
  @FunctionalInterface
  public interface Attempt<T> {

    /**
     * Makes the request.
     *
     * @param limits to be set as the request's override configuration
     */
    T run(AwsRequestOverrideConfiguration limits);
  }

  /**
   * Calls until it succeeds, cannot succeed, or tries or time are used up.
   *
   * @param operation for messages and logs, such as {@code s3:PutObject}
   * @throws RetryableFailureException if it may succeed later
   * @throws software.amazon.awssdk.core.exception.SdkException as the call threw it, if not
   */
  public <T> T call(String operation, Deadline deadline, Attempt<T> attempt) {
    return call(operation, deadline, attempt, result -> true);
  }

  /** Calls once, whatever happens; throws as {@link #call(String, Deadline, Attempt)} does. */
  public <T> T once(String operation, Deadline deadline, Attempt<T> attempt) {
    return new AwsCalls(settings.withMaxAttempts(1), random, sleeper)
        .call(operation, deadline, attempt);
  }

  /**
   * Calls as {@link #call(String, Deadline, Attempt)} does and as long as the answer is not {@code
   * complete}; when tries or time are used up the last answer is returned, complete or not. The
   * attempt makes the request for what is left.
   */
  public <T> T call(
      String operation, Deadline deadline, Attempt<T> attempt, Predicate<? super T> complete) {
    Retry.AsyncContext<T> retry = retry(operation, complete).asyncContext();
    for (int number = 1; ; number++) {
      if (deadline.hasPassed()) {
        throw new RetryableFailureException(operation + " was not tried: the deadline has passed");
      }
      long start = System.nanoTime();
      long delay;
      try {
        T result = attempt.run(limits(deadline));
        delay = retry.onResult(result);
        log(operation, number, null, System.nanoTime() - start);
        if (!fits(delay, deadline)) {
          return result;
        }
      } catch (SdkException e) {
        delay = retry.onError(e);
        log(operation, number, e, System.nanoTime() - start);
        if (!fits(delay, deadline)) {
          throw AwsFailures.mayHeal(e) ? exhausted(operation, number, e) : e;
        }
      }
      pause(operation, Duration.ofMillis(delay));
    }
  }

  /** Whether there is a next try, after {@code delay}, before the deadline. */
  private static boolean fits(long delay, Deadline deadline) {
    return delay >= 0 && deadline.remaining().toMillis() > delay;
  }

  private static RetryableFailureException exhausted(
      String operation, int tries, SdkException last) {
    return new RetryableFailureException(
        "%s failed %d times, last: %s".formatted(operation, tries, last.getMessage()), last);
  }

  private <T> Retry retry(String operation, Predicate<? super T> complete) {
    RetryConfig config =
        RetryConfig.<T>custom()
            .maxAttempts(settings.maxAttempts())
            .intervalFunction(this::delay)
            .retryOnException(AwsFailures::mayHeal)
            .retryOnResult(result -> !complete.test(result))
            .build();
    return Retry.of(operation, config);
  }

  /** Full jitter: anything up to a longest wait that doubles. */
  private long delay(int failedAttempts) {
    long longest = settings.firstDelay().toMillis() << Math.min(failedAttempts - 1, 20);
    return random.nextLong(Math.min(longest, settings.maxDelay().toMillis()) + 1);
  }

  private AwsRequestOverrideConfiguration limits(Deadline deadline) {
    Duration left = deadline.remaining();
    Duration longest = settings.attemptTimeout();
    return AwsRequestOverrideConfiguration.builder()
        .apiCallTimeout(left.compareTo(longest) < 0 ? left : longest)
        .build();
  }

  private void pause(String operation, Duration delay) {
    try {
      sleeper.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetryableFailureException(operation + " was interrupted between two tries", e);
    }
  }

  private static void log(
      String operation, int number, @Nullable SdkException failure, long nanos) {
    LOG.atInfo()
        .addKeyValue("operation", operation)
        .addKeyValue("attempt", number)
        .addKeyValue("throttled", failure != null && AwsFailures.isThrottle(failure))
        .addKeyValue("latency_ms", TimeUnit.NANOSECONDS.toMillis(nanos))
        .log(failure == null ? "called" : "failed: " + failure.getMessage());
  }
}
