package io.inframetrics.aws;

import java.io.IOException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.RetryableException;

/** Which failures of a call may heal by themselves. */
public final class AwsFailures {

  /** Error codes of throttled calls, of every service here. */
  private static final Set<String> THROTTLES =
      Set.of(
          "Throttling",
          "ThrottlingException",
          "ThrottledException",
          "RequestThrottled",
          "RequestThrottledException",
          "TooManyRequestsException",
          "ProvisionedThroughputExceededException",
          "RequestLimitExceeded",
          "BandwidthLimitExceeded",
          "LimitExceededException",
          "SlowDown",
          "TransactionInProgressException");

  /** Error codes, other than throttles, of failures that a second try may get past. */
  private static final Set<String> PASSING =
      Set.of("RequestTimeout", "RequestTimeoutException", "InternalError", "InternalServerError");

  private static final int CONFLICT = 409;
  private static final int TOO_MANY_REQUESTS = 429;

  private AwsFailures() {}

  /** Whether the service asked for fewer calls. */
  public static boolean isThrottle(Throwable failure) {
    return failure instanceof AwsServiceException service
        && (THROTTLES.contains(code(service)) || service.statusCode() == TOO_MANY_REQUESTS);
  }

  /**
   * Whether the same call may succeed later: throttles, 5xx, 409, timeouts and broken connections.
   */
  public static boolean mayHeal(Throwable failure) {
    if (failure instanceof AwsServiceException service) {
      return isThrottle(service)
          || service.statusCode() >= 500
          || service.statusCode() == CONFLICT
          || PASSING.contains(code(service));
    }
    if (failure instanceof ApiCallAttemptTimeoutException
        || failure instanceof ApiCallTimeoutException
        || failure instanceof RetryableException) {
      return true;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return true;
      }
    }
    return false;
  }

  private static String code(AwsServiceException failure) {
    return failure.awsErrorDetails() == null || failure.awsErrorDetails().errorCode() == null
        ? ""
        : failure.awsErrorDetails().errorCode();
  }
}
