package io.inframetrics.functions.aws;

import io.inframetrics.aws.AwsCallRefusedException;
import io.inframetrics.aws.AwsFailures;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Says in one sentence what to do when AWS rejects a call: which action to allow, or what is wrong
 * with the credentials or the clock.
 *
 * @hidden
 */
public final class AwsRefusals {

  private static final int FORBIDDEN = 403;

  private static final Set<String> EXPIRED =
      Set.of("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired");

  private static final Set<String> UNKNOWN_KEY =
      Set.of(
          "InvalidAccessKeyId",
          "InvalidClientTokenId",
          "InvalidToken",
          "UnrecognizedClientException");

  private static final Set<String> CLOCK =
      Set.of("RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture");

  private static final Set<String> SIGNATURE =
      Set.of("SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature");

  private static final Set<String> DENIED =
      Set.of(
          "AccessDenied",
          "AccessDeniedException",
          "AllAccessDisabled",
          "AuthorizationError",
          "AuthorizationErrorException");

  private AwsRefusals() {}

  /**
   * The rejection of a call, with its remedy.
   *
   * @param action that the caller needs, such as {@code s3:ListBucket}
   * @param resource what it needs the action for, such as {@code arn:aws:s3:::my-bucket}
   */
  public static IllegalStateException of(String action, String resource, SdkException failure) {
    AwsCallRefusedException refusal = AwsFailures.refusal(action, failure);
    if (refusal.status() == 0) {
      return new IllegalStateException(refusal.getMessage(), failure);
    }
    String code = refusal.errorCode();
    return new IllegalStateException(
        "AWS rejected %s on %s (%s): %s"
            .formatted(
                action,
                resource,
                (refusal.status() + " " + code).strip(),
                remedy(action, resource, refusal.status(), code, message(failure))),
        failure);
  }

  /**
   * What to do about an error.
   *
   * @param code the service's code; may be empty
   * @param message of the service; may be empty
   */
  public static String remedy(
      String action, String resource, int status, String code, String message) {
    if (EXPIRED.contains(code)) {
      return "the session token has expired: sign in again, or export new credentials";
    }
    if (UNKNOWN_KEY.contains(code)) {
      return "AWS does not know the access key or the session token: check AWS_ACCESS_KEY_ID and"
          + " AWS_SESSION_TOKEN, or AWS_PROFILE";
    }
    if (CLOCK.contains(code)
        || (SIGNATURE.contains(code)
            && (message.contains("expired") || message.contains("not yet current")))) {
      return "the clock of this machine is wrong: set it, for instance by NTP";
    }
    if (SIGNATURE.contains(code)) {
      return "the secret key does not belong to the access key: check AWS_SECRET_ACCESS_KEY";
    }
    if (DENIED.contains(code) || (code.isEmpty() && status == FORBIDDEN)) {
      return "allow the caller %s on %s".formatted(action, resource);
    }
    return message.isBlank() ? "AWS gave no reason" : message;
  }

  private static String message(SdkException failure) {
    return failure instanceof AwsServiceException service && service.awsErrorDetails() != null
        ? Optional.ofNullable(service.awsErrorDetails().errorMessage()).orElse("")
        : "";
  }
}
