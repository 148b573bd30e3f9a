package io.inframetrics.source.cloudwatch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * A request whose body is written, and whose answer is read, here in place of the SDK, which makes
 * several objects of each metric and two of each value. The SDK resolves the endpoint, signs,
 * sends, and reads errors as usual: its own request is empty and carries one of these as an
 * attribute.
 */
final class CborCall {

  /** Exchanges the bodies of requests that carry a call; to be given to the client. */
  static final ExecutionInterceptor EXCHANGE = new Exchange();

  private static final ExecutionAttribute<CborCall> ATTRIBUTE =
      new ExecutionAttribute<>("io.inframetrics.source.cloudwatch.CborCall");

  private static final byte[] EMPTY_MAP = {(byte) 0xa0};

  private final byte[] body;
  private final Reader reader;

  /**
   * A call.
   *
   * @param body of the request, in CBOR
   * @param reader of the answer of each attempt that succeeds
   */
  CborCall(byte[] body, Reader reader) {
    this.body = body;
    this.reader = reader;
  }

  /** Reads an answer, in place of one that it read before. */
  interface Reader {
    void read(CborReader answer) throws IOException;
  }

  /** The same limits, for a request that is this call. */
  AwsRequestOverrideConfiguration with(AwsRequestOverrideConfiguration limits) {
    return limits.toBuilder().putExecutionAttribute(ATTRIBUTE, this).build();
  }

  private static final class Exchange implements ExecutionInterceptor {

    @Override
    public SdkHttpRequest modifyHttpRequest(
        Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
      CborCall call = attributes.getAttribute(ATTRIBUTE);
      return call == null
          ? context.httpRequest()
          : context.httpRequest().toBuilder()
              .putHeader("Content-Length", Integer.toString(call.body.length))
              .build();
    }

    @Override
    public Optional<RequestBody> modifyHttpContent(
        Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
      CborCall call = attributes.getAttribute(ATTRIBUTE);
      return call == null
          ? context.requestBody()
          : Optional.of(
              RequestBody.fromContentProvider(
                  () -> new ByteArrayInputStream(call.body), call.body.length, "application/cbor"));
    }

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
        Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
      CborCall call = attributes.getAttribute(ATTRIBUTE);
      InputStream body = context.responseBody().orElse(null);
      if (call == null || body == null || !context.httpResponse().isSuccessful()) {
        return context.responseBody();
      }
      try (body) {
        call.reader.read(new CborReader(body.readAllBytes()));
      } catch (IOException e) { // The attempt is made again, as after any that is cut off.
        throw new UncheckedIOException(e);
      }
      return Optional.of(new ByteArrayInputStream(EMPTY_MAP));
    }
  }
}
