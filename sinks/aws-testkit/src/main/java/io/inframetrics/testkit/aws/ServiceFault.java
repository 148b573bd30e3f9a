package io.inframetrics.testkit.aws;

/**
 * An error response.
 *
 * @param status of HTTP
 * @param code as the SDK reports it, such as {@code InvalidParameterValue}
 */
public record ServiceFault(int status, String code, String message) {

  public static final ServiceFault THROTTLED = new ServiceFault(400, "Throttling", "Rate exceeded");

  public static final ServiceFault BROKEN =
      new ServiceFault(500, "InternalFailure", "The request processing has failed");

  public static final ServiceFault DENIED =
      new ServiceFault(403, "AccessDenied", "User is not authorized to perform this action");

  /** Whose fault it is, in the services' words. */
  String side() {
    return status < 500 ? "Sender" : "Receiver";
  }
}
