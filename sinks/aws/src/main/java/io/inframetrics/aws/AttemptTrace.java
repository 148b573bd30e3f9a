package io.inframetrics.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * What one attempt sent and received, for the log and for judging its failure. It travels with the
 * request, and {@link #RECORDER} fills it in on the calling thread. A client without the recorder
 * leaves it empty.
 */
final class AttemptTrace {

  static final ExecutionAttribute<AttemptTrace> ATTRIBUTE =
      new ExecutionAttribute<>("io.inframetrics.aws.AttemptTrace");

  static final ExecutionInterceptor RECORDER = new Recorder();

  private static final List<String> REQUEST_ID_HEADERS =
      List.of("x-amzn-RequestId", "x-amz-request-id");

  private static final DateTimeFormatter SIGNED =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");

  /** Body bytes sent, after compression; 0 if nothing was sent. */
  long bytes;

  /** The HTTP status; 0 if there was no response. */
  int status;

  /** AWS's id of the request; empty if there was no response. */
  String requestId = "";

  private static final class Recorder implements ExecutionInterceptor {

    @Override
    public void beforeTransmission(
        Context.BeforeTransmission context, ExecutionAttributes attributes) {
      AttemptTrace trace = attributes.getAttribute(ATTRIBUTE);
      if (trace != null) {
        String length = context.httpRequest().firstMatchingHeader("Content-Length").orElse("0");
        trace.bytes = Long.parseLong(length);
      }
    }

    @Override
    public void afterTransmission(
        Context.AfterTransmission context, ExecutionAttributes attributes) {
      AttemptTrace trace = attributes.getAttribute(ATTRIBUTE);
      if (trace != null) {
        trace.status = context.httpResponse().statusCode();
        trace.requestId = context.httpResponse().firstMatchingHeader(REQUEST_ID_HEADERS).orElse("");
      }
    }

    /**
     * Restores by how much the clock of the request differed, which the SDK drops when it counts
     * the attempts. Without, only S3's refusals show that the clock was the reason.
     */
    @Override
    public Throwable modifyException(
        Context.FailedExecution context, ExecutionAttributes attributes) {
      String date =
          context.httpRequest().flatMap(sent -> sent.firstMatchingHeader("X-Amz-Date")).orElse("");
      if (date.isEmpty() || !(context.exception() instanceof AwsServiceException refused)) {
        return context.exception();
      }
      Instant signed = LocalDateTime.parse(date, SIGNED).toInstant(ZoneOffset.UTC);
      AwsServiceException whole =
          refused.toBuilder().clockSkew(Duration.between(signed, Instant.now())).build();
      return whole.isClockSkewException() ? whole : refused;
    }
  }
}
