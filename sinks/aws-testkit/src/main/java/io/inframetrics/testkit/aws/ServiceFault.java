package io.inframetrics.testkit.aws;

/**
 * An answer that refuses a request.
 *
 * @param status of HTTP
 * @param code as the SDK tells it, such as {@code InvalidParameterValue}
 * @param message for people
 */
public record ServiceFault(int status, String code, String message) {

  /** The service asks for fewer calls. */
  public static final ServiceFault THROTTLED = new ServiceFault(400, "Throttling", "Rate exceeded");

  /** The service is broken for now. */
  public static final ServiceFault BROKEN =
      new ServiceFault(500, "InternalFailure", "The request processing has failed");

  /** The caller lacks a permission. */
  public static final ServiceFault DENIED =
      new ServiceFault(403, "AccessDenied", "User is not authorized to perform this action");

  /** Whether it is the caller's fault, in the services' words. */
  String side() {
    return status < 500 ? "Sender" : "Receiver";
  }
}
