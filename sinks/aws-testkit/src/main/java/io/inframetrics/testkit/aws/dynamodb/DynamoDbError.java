package io.inframetrics.testkit.aws.dynamodb;

import org.jspecify.annotations.Nullable;

/** Thrown if a request must be answered with an error. */
@SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more dependency
final class DynamoDbError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String type;

  private DynamoDbError(String type, String message) {
    super(message);
    this.type = type;
  }

  /** The error's type, as it is sent in the answer. */
  String type() {
    return type;
  }

  /** One of the service's own errors, such as {@code ResourceNotFoundException}. */
  static DynamoDbError of(String name, String message) {
    return new DynamoDbError("com.amazonaws.dynamodb.v20120810#" + name, message);
  }

  /** One of the protocol's errors, such as {@code SerializationException}. */
  static DynamoDbError ofProtocol(String name, String message) {
    return new DynamoDbError("com.amazon.coral.service#" + name, message);
  }

  /** The request breaks a rule of the service. */
  static DynamoDbError invalid(String message, @Nullable Object... values) {
    return new DynamoDbError(
        "com.amazon.coral.validate#ValidationException", message.formatted(values));
  }

  /** Throws {@link #invalid} unless the rule holds. */
  static void require(boolean holds, String message, @Nullable Object... values) {
    if (!holds) {
      throw invalid(message, values);
    }
  }

  /**
   * The request uses something that this stand-in does not support. This is not a validation error,
   * so that nobody takes it for an answer of the service.
   */
  static DynamoDbError unsupported(String what) {
    return of("NotSupportedByStandIn", what + " is not supported by this DynamoDB stand-in");
  }
}
