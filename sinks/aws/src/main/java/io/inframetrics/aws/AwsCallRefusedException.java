package io.inframetrics.aws;

import software.amazon.awssdk.core.exception.SdkException;

/**
 * Thrown when AWS, or the SDK before it, rejects a call for good: a retry cannot help. The message
 * is one sentence with the operation, the code, the service's message and the request id; the cause
 * is the SDK's exception.
 */
public final class AwsCallRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String operation;
  private final int status;
  private final String errorCode;
  private final String requestId;

  AwsCallRefusedException(String operation, SdkException cause) {
    super(operation + " was rejected: " + AwsFailures.describe(cause), cause);
    this.operation = operation;
    this.status = AwsFailures.status(cause);
    this.errorCode = AwsFailures.code(cause);
    this.requestId = AwsFailures.requestId(cause);
  }

  /** Such as {@code s3:PutObject}. */
  public String operation() {
    return operation;
  }

  /** The HTTP status; 0 if the SDK refused and nothing was sent. */
  public int status() {
    return status;
  }

  /** The service's code, such as {@code AccessDenied}; empty if it named none. */
  public String errorCode() {
    return errorCode;
  }

  /** The request id, which AWS support asks for; empty if there is none. */
  public String requestId() {
    return requestId;
  }
}
