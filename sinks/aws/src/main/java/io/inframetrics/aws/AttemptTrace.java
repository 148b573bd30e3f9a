package io.inframetrics.aws;

import java.util.List;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * What one attempt sent and received, for the log. It travels with the request, and {@link
 * #RECORDER} fills it in on the calling thread. A client without the recorder leaves it empty.
 */
final class AttemptTrace {

  static final ExecutionAttribute<AttemptTrace> ATTRIBUTE =
      new ExecutionAttribute<>("io.inframetrics.aws.AttemptTrace");

  static final ExecutionInterceptor RECORDER = new Recorder();

  private static final List<String> REQUEST_ID_HEADERS =
      List.of("x-amzn-RequestId", "x-amz-request-id");

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
  }
}
