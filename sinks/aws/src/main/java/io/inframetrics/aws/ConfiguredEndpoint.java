package io.inframetrics.aws;

import java.net.URI;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * An endpoint that the environment names. A call that gets no answer from there says so: the SDK's
 * own message has no address, and AWS's would be the wrong place to look for the reason.
 *
 * @param variable that has it, such as {@code AWS_ENDPOINT_URL}
 */
record ConfiguredEndpoint(String variable, URI uri) implements ExecutionInterceptor {

  @Override
  public Throwable modifyException(Context.FailedExecution context, ExecutionAttributes unused) {
    Throwable failure = context.exception();
    if (!(failure instanceof SdkClientException client)) {
      return failure;
    }
    // A subclass says whether to try again; of those only a timeout is about the server.
    if (failure.getClass() == SdkClientException.class) {
      return SdkClientException.create(located(client), client.getCause());
    }
    return failure.getClass() == ApiCallTimeoutException.class
        ? ApiCallTimeoutException.builder()
            .message(located(client))
            .cause(client.getCause())
            .build()
        : failure;
  }

  /** Says where, behind what happened. */
  private String located(SdkClientException failure) {
    return "%s; the endpoint is %s, by %s".formatted(failure.rawMessage(), uri, variable);
  }
}
