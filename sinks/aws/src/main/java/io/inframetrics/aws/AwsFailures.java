package io.inframetrics.aws;

import static io.inframetrics.aws.AwsFailures.Outlook.INTERRUPTED;
import static io.inframetrics.aws.AwsFailures.Outlook.PASSING;
import static io.inframetrics.aws.AwsFailures.Outlook.PERMANENT;
import static io.inframetrics.aws.AwsFailures.Outlook.THROTTLED;
import static io.inframetrics.aws.AwsFailures.Outlook.UNKNOWN;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.xml.stream.XMLStreamException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.NonRetryableException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Tells which failures of a call may heal by themselves. One table decides: the first row that
 * matches, from the top. A failure that no row matches is permanent.
 *
 * <p>The codes are those of the four services used here and of their common front end:
 *
 * <ul>
 *   <li>DynamoDB: <a
 *       href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html">error
 *       handling</a>, the column "OK to retry?"
 *   <li>S3: <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">error
 *       responses</a>
 *   <li>CloudWatch: <a
 *       href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html">PutMetricData</a>
 *   <li>SNS: <a href="https://docs.aws.amazon.com/sns/latest/api/API_Publish.html">Publish</a>
 * </ul>
 */
public final class AwsFailures {

  private static final List<Row> TABLE =
      List.of(
          // The caller wants to stop. Timeouts come first: inside the SDK they interrupt, too.
          thrown(PASSING, ApiCallTimeoutException.class, ApiCallAttemptTimeoutException.class),
          caused(PASSING, SocketTimeoutException.class),
          thrown(INTERRUPTED, AbortedException.class),
          caused(
              INTERRUPTED,
              InterruptedException.class,
              InterruptedIOException.class,
              ClosedByInterruptException.class),

          // The service asks for fewer calls.
          codes(
              THROTTLED,
              "Throttling",
              "ThrottlingException",
              "ThrottledException",
              "RequestThrottled",
              "RequestThrottledException",
              "TooManyRequestsException",
              "ProvisionedThroughputExceededException",
              "RequestLimitExceeded",
              "BandwidthLimitExceeded",
              "SlowDown",
              "KMSThrottlingException",
              "KMSThrottling"),
          status(THROTTLED, 429),

          // Another call holds what this one wants, for a moment.
          codes(
              PASSING,
              "ConditionalRequestConflict",
              "OperationAborted",
              "TransactionConflictException",
              "TransactionInProgressException",
              "ReplicatedWriteConflictException"),
          // Too many tables are being created at once. Elsewhere the code means an exhausted quota.
          new Row(AwsFailures::isTableLimit, PASSING),
          // Also status 409, but permanent.
          codes(
              PERMANENT,
              "BucketAlreadyExists",
              "BucketAlreadyOwnedByYou",
              "BucketNotEmpty",
              "InvalidBucketState"),
          status(PASSING, 409),

          // A temporary problem of the service or network. An S3 error may come with status 200.
          codes(
              PASSING,
              "RequestTimeout",
              "RequestTimeoutException",
              "InternalError",
              "InternalFailure",
              "InternalServerError",
              "ServiceUnavailable"),
          status(PASSING, 408),
          status(PERMANENT, 501),
          new Row(failure -> status(failure) >= 500, PASSING),
          // The SDK has now corrected its clock from the response, so the next signature is valid.
          new Row(AwsFailures::isClockSkew, PASSING),

          // No response. What the SDK or this machine rejected itself is permanent.
          thrown(PERMANENT, NonRetryableException.class),
          caused(
              PERMANENT,
              CertificateException.class,
              SSLPeerUnverifiedException.class,
              FileNotFoundException.class,
              FileSystemException.class),
          // Connections refused, reset or ended, and names that do not resolve.
          caused(PASSING, IOException.class),
          // XML that ends too early. The JDK's parser does not name the I/O failure as its cause.
          caused(PASSING, XMLStreamException.class),
          // An error that is not in the service's form: a throttle cannot be told from a refusal.
          new Row(AwsFailures::hasUnknownForm, UNKNOWN),
          new Row(AwsFailures::isRetryableToTheSdk, PASSING));

  private AwsFailures() {}

  enum Outlook {
    /** The service asks for fewer calls; a later one may succeed. */
    THROTTLED,
    /** The next try may succeed. */
    PASSING,
    /** The thread was interrupted: the caller wants it to stop. */
    INTERRUPTED,
    /** Nobody can tell from the answer, so another try is worth it, and only one. */
    UNKNOWN,
    /** Retrying cannot help. */
    PERMANENT
  }

  private record Row(Predicate<Throwable> fits, Outlook outlook) {}

  /** Whether the service asked for fewer calls. */
  public static boolean isThrottle(Throwable failure) {
    return outlook(failure) == THROTTLED;
  }

  /** Whether the same call may succeed when it is made again. */
  public static boolean mayHeal(Throwable failure) {
    Outlook outlook = outlook(failure);
    return outlook == THROTTLED || outlook == PASSING || outlook == UNKNOWN;
  }

  /**
   * Wraps a permanent failure that its caller did not expect, with a message of one sentence. A
   * caller that expects a code such as {@code PreconditionFailed} checks the SDK's exception first.
   *
   * @param operation such as {@code s3:PutObject}
   */
  public static AwsCallRefusedException refusal(String operation, SdkException failure) {
    return new AwsCallRefusedException(operation, failure);
  }

  static Outlook outlook(Throwable failure) {
    for (Row row : TABLE) {
      if (row.fits().test(failure)) {
        return row.outlook();
      }
    }
    return PERMANENT;
  }

  /** The service's code; empty if the failure has none. */
  static String code(Throwable failure) {
    return failure instanceof AwsServiceException service && service.awsErrorDetails() != null
        ? Objects.requireNonNullElse(service.awsErrorDetails().errorCode(), "")
        : "";
  }

  /** The HTTP status; 0 if there was no response. */
  static int status(Throwable failure) {
    return failure instanceof AwsServiceException service ? service.statusCode() : 0;
  }

  /** AWS's id of the request; empty if there was no response. */
  static String requestId(Throwable failure) {
    return failure instanceof AwsServiceException service
        ? Objects.requireNonNullElse(service.requestId(), "")
        : "";
  }

  /** Code, status, message and request id, or the exception's message and that of its cause. */
  static String describe(Throwable failure) {
    if (failure instanceof AwsServiceException service) {
      return describe(service);
    }
    String message = failure instanceof SdkException sdk ? sdk.rawMessage() : failure.getMessage();
    String text = message == null ? failure.getClass().getSimpleName() : message;
    Throwable cause = failure.getCause();
    if (cause == null || cause.getMessage() == null || text.contains(cause.getMessage())) {
      return text;
    }
    return text + " (" + cause.getMessage() + ")";
  }

  private static String describe(AwsServiceException failure) {
    String code = code(failure);
    String status = String.valueOf(failure.statusCode());
    String text = code.isEmpty() ? "status " + status : "%s (%s)".formatted(code, status);
    String message =
        failure.awsErrorDetails() == null
            ? failure.rawMessage()
            : failure.awsErrorDetails().errorMessage();
    if (message != null && !message.isBlank()) {
      text += ": " + message;
    }
    String id = requestId(failure);
    return id.isEmpty() ? text : text + ", request " + id;
  }

  private static Row codes(Outlook outlook, String... codes) {
    Set<String> set = Set.of(codes);
    return new Row(failure -> set.contains(code(failure)), outlook);
  }

  private static Row status(Outlook outlook, int status) {
    return new Row(failure -> status(failure) == status, outlook);
  }

  private static Row thrown(Outlook outlook, Class<?>... types) {
    return new Row(failure -> Stream.of(types).anyMatch(type -> type.isInstance(failure)), outlook);
  }

  /** Matches a failure that has one of the types or was caused by one. */
  private static Row caused(Outlook outlook, Class<?>... types) {
    Row thrown = thrown(outlook, types);
    return new Row(
        failure ->
            Stream.iterate(failure, Objects::nonNull, Throwable::getCause).anyMatch(thrown.fits()),
        outlook);
  }

  private static boolean isTableLimit(Throwable failure) {
    return failure instanceof AwsServiceException service
        && code(service).equals("LimitExceededException")
        && "DynamoDb".equalsIgnoreCase(service.awsErrorDetails().serviceName());
  }

  /** Whether there is a body, which the answer to a HEAD has not, but no code in it. */
  private static boolean hasUnknownForm(Throwable failure) {
    return failure instanceof AwsServiceException service
        && code(failure).isEmpty()
        && service.awsErrorDetails() != null
        && service.awsErrorDetails().rawResponse() != null
        && service.awsErrorDetails().rawResponse().asByteArrayUnsafe().length > 0;
  }

  private static boolean isClockSkew(Throwable failure) {
    return failure instanceof AwsServiceException service
        && service.awsErrorDetails() != null
        && service.isClockSkewException();
  }

  private static boolean isRetryableToTheSdk(Throwable failure) {
    return failure instanceof SdkException sdk
        && !(sdk instanceof AwsServiceException)
        && sdk.retryable();
  }
}
