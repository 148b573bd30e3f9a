package io.inframetrics.aws;

import static io.inframetrics.aws.AwsFailures.Outlook.INTERRUPTED;
import static io.inframetrics.aws.AwsFailures.Outlook.PASSING;
import static io.inframetrics.aws.AwsFailures.Outlook.PERMANENT;
import static io.inframetrics.aws.AwsFailures.Outlook.THROTTLED;
import static io.inframetrics.aws.AwsFailures.Outlook.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.inframetrics.aws.AwsFailures.Outlook;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.security.cert.CertificateException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.Crc32MismatchException;
import software.amazon.awssdk.core.exception.NonRetryableException;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkInterruptedException;

class AwsFailuresTest {

  @ParameterizedTest
  @CsvSource({
    // Throttles, by code and by status.
    "DynamoDb, 400, ThrottlingException, THROTTLED",
    "DynamoDb, 400, ProvisionedThroughputExceededException, THROTTLED",
    "DynamoDb, 400, RequestLimitExceeded, THROTTLED",
    "S3, 503, SlowDown, THROTTLED",
    "S3, 503, BandwidthLimitExceeded, THROTTLED",
    "CloudWatch, 400, Throttling, THROTTLED",
    "Sns, 429, ThrottledException, THROTTLED",
    "Sns, 400, KMSThrottlingException, THROTTLED",
    "Sns, 400, KMSThrottling, THROTTLED",
    "Sts, 400, RequestThrottled, THROTTLED",
    "Sts, 400, RequestThrottledException, THROTTLED",
    "Sts, 400, TooManyRequestsException, THROTTLED",
    "Any, 429, , THROTTLED",
    // Conflicts that pass.
    "S3, 409, ConditionalRequestConflict, PASSING",
    "S3, 409, OperationAborted, PASSING",
    "S3, 409, , PASSING",
    "DynamoDb, 400, TransactionConflictException, PASSING",
    "DynamoDb, 400, TransactionInProgressException, PASSING",
    "DynamoDb, 400, ReplicatedWriteConflictException, PASSING",
    "DynamoDb, 400, LimitExceededException, PASSING",
    // Conflicts that stay.
    "S3, 409, BucketAlreadyExists, PERMANENT",
    "S3, 409, BucketAlreadyOwnedByYou, PERMANENT",
    "S3, 409, BucketNotEmpty, PERMANENT",
    "S3, 409, InvalidBucketState, PERMANENT",
    // Bad moments.
    "DynamoDb, 500, InternalServerError, PASSING",
    "DynamoDb, 503, ServiceUnavailable, PASSING",
    "S3, 500, InternalError, PASSING",
    "S3, 200, InternalError, PASSING",
    "S3, 400, RequestTimeout, PASSING",
    "Sns, 400, RequestTimeoutException, PASSING",
    "CloudWatch, 500, InternalServiceFault, PASSING",
    "Any, 500, InternalFailure, PASSING",
    "Any, 408, , PASSING",
    "Any, 502, , PASSING",
    "Any, 503, , PASSING",
    "Any, 504, , PASSING",
    // A clock that differs.
    "S3, 403, RequestTimeTooSkewed, PASSING",
    "CloudWatch, 400, RequestExpired, PASSING",
    "Any, 403, RequestInTheFuture, PASSING",
    // Refusals.
    "S3, 501, NotImplemented, PERMANENT",
    "S3, 412, PreconditionFailed, PERMANENT",
    "S3, 404, NoSuchKey, PERMANENT",
    "S3, 404, NoSuchBucket, PERMANENT",
    "S3, 404, NoSuchUpload, PERMANENT",
    "S3, 403, AccessDenied, PERMANENT",
    "S3, 400, BadDigest, PERMANENT",
    "S3, 400, ExpiredToken, PERMANENT",
    "S3, 301, PermanentRedirect, PERMANENT",
    "DynamoDb, 400, ConditionalCheckFailedException, PERMANENT",
    "DynamoDb, 400, TransactionCanceledException, PERMANENT",
    "DynamoDb, 400, ItemCollectionSizeLimitExceededException, PERMANENT",
    "DynamoDb, 400, ResourceNotFoundException, PERMANENT",
    "DynamoDb, 400, ResourceInUseException, PERMANENT",
    "DynamoDb, 400, ValidationException, PERMANENT",
    "DynamoDb, 400, ExpiredTokenException, PERMANENT",
    "DynamoDb, 400, UnrecognizedClientException, PERMANENT",
    "CloudWatch, 400, LimitExceededException, PERMANENT",
    "CloudWatch, 400, LimitExceeded, PERMANENT",
    "CloudWatch, 400, InvalidParameterValue, PERMANENT",
    "Sns, 404, NotFound, PERMANENT",
    "Sns, 403, InvalidSignatureException, PERMANENT",
    "Any, 400, , PERMANENT",
  })
  void decidesOverAnswersOfServices(String service, int status, String code, Outlook outlook) {
    assertOutlook(Failures.ofService(service, status, code), outlook);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 412, 499, 501})
  void refusalsWithoutDetailsStay(int status) {
    assertOutlook(AwsServiceException.builder().statusCode(status).build(), PERMANENT);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 409, 500, 502, 503, 504, 599})
  void badMomentsWithoutDetailsPass(int status) {
    assertOutlook(AwsServiceException.builder().statusCode(status).build(), PASSING);
  }

  @ParameterizedTest
  @MethodSource
  void decidesOverFailuresWithoutAnAnswer(Throwable failure, Outlook outlook) {
    assertOutlook(failure, outlook);
  }

  static Stream<Arguments> decidesOverFailuresWithoutAnAnswer() {
    return Stream.of(
        arguments(ApiCallTimeoutException.create(1000), PASSING),
        arguments(ApiCallAttemptTimeoutException.create(1000), PASSING),
        arguments(
            ApiCallTimeoutException.builder()
                .message("late")
                .cause(new InterruptedException())
                .build(),
            PASSING),
        arguments(client(new SocketTimeoutException("Read timed out")), PASSING),
        arguments(client(new SocketTimeoutException("Connect timed out")), PASSING),
        arguments(client(new SocketException("Connection reset")), PASSING),
        arguments(client(new SocketException("Unexpected end of file from server")), PASSING),
        arguments(client(new ConnectException("Connection refused")), PASSING),
        arguments(client(new UnknownHostException("s3.eu-west-1.amazonaws.com")), PASSING),
        arguments(client(new SSLException("Connection reset")), PASSING),
        arguments(client(new SSLHandshakeException("Remote host terminated")), PASSING),
        arguments(client(new UncheckedIOException(new IOException("Broken pipe"))), PASSING),
        arguments(new UncheckedIOException(new IOException("Premature EOF")), PASSING),
        arguments(client(new XMLStreamException("Premature end of file.")), PASSING),
        arguments(RetryableException.create("again"), PASSING),
        arguments(Crc32MismatchException.create("damaged", new IllegalStateException()), PASSING),
        arguments(AbortedException.create("aborted"), INTERRUPTED),
        arguments(client(new SdkInterruptedException()), INTERRUPTED),
        arguments(client(new InterruptedException()), INTERRUPTED),
        arguments(client(new InterruptedIOException()), INTERRUPTED),
        arguments(client(new ClosedByInterruptException()), INTERRUPTED),
        arguments(
            NonRetryableException.create("used up stream", new IOException("reset")), PERMANENT),
        arguments(
            client(
                (IOException)
                    new SSLHandshakeException("PKIX path building failed")
                        .initCause(new CertificateException("unknown authority"))),
            PERMANENT),
        arguments(client(new SSLPeerUnverifiedException("wrong host")), PERMANENT),
        arguments(client(new FileNotFoundException("/tmp/raw.json")), PERMANENT),
        arguments(client(new NoSuchFileException("/tmp/raw.json")), PERMANENT),
        arguments(SdkClientException.create("Unable to load credentials"), PERMANENT),
        arguments(new IllegalArgumentException("a bug"), PERMANENT));
  }

  @Test
  void aRefusalIsOneSentenceWithAllThatSupportAsksFor() {
    AwsServiceException cause = Failures.s3(403, "AccessDenied");
    AwsCallRefusedException refusal = AwsFailures.refusal("s3:PutObject", cause);
    assertThat(refusal)
        .hasMessage(
            "s3:PutObject was rejected: AccessDenied (403): the service's words, request req-1")
        .hasCause(cause);
    assertThat(refusal.operation()).isEqualTo("s3:PutObject");
    assertThat(refusal.status()).isEqualTo(403);
    assertThat(refusal.errorCode()).isEqualTo("AccessDenied");
    assertThat(refusal.requestId()).isEqualTo("req-1");
  }

  @Test
  void aRefusalWithoutAnAnswerSaysWhatTheSdkSaid() {
    AwsCallRefusedException refusal =
        AwsFailures.refusal("sns:Publish", SdkClientException.create("no credentials"));
    assertThat(refusal).hasMessage("sns:Publish was rejected: no credentials");
    assertThat(refusal.status()).isZero();
    assertThat(refusal.errorCode()).isEmpty();
    assertThat(refusal.requestId()).isEmpty();
  }

  @Test
  void aRefusalWithoutACodeNamesTheStatus() {
    assertThat(
            AwsFailures.describe(
                AwsServiceException.builder().statusCode(404).message("gone").build()))
        .isEqualTo("status 404: gone");
  }

  private static SdkClientException client(Exception cause) {
    return SdkClientException.create("Unable to execute HTTP request", cause);
  }

  private static void assertOutlook(Throwable failure, Outlook outlook) {
    assertThat(AwsFailures.outlook(failure)).isEqualTo(outlook);
    assertThat(AwsFailures.isThrottle(failure)).isEqualTo(outlook == THROTTLED);
    assertThat(AwsFailures.mayHeal(failure))
        .isEqualTo(outlook == THROTTLED || outlook == PASSING || outlook == UNKNOWN);
  }
}
