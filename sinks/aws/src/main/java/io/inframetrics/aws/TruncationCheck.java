package io.inframetrics.aws;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * Fails a response that ends before its announced length. {@code HttpURLConnection} takes an early
 * close for the end of the response, and the SDK takes an empty body for an empty result: a list of
 * no objects, a batch with nothing left to do.
 */
final class TruncationCheck implements ExecutionInterceptor {

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    if (context.httpRequest().method() == SdkHttpMethod.HEAD) {
      return context.responseBody(); // A HEAD announces the length of the GET's body.
    }
    Optional<String> length = context.httpResponse().firstMatchingHeader("Content-Length");
    return length.isEmpty()
        ? context.responseBody()
        : context.responseBody().map(body -> new Body(body, Long.parseLong(length.get())));
  }

  private static final class Body extends FilterInputStream implements Abortable {

    private final long length;
    private long position;

    Body(InputStream body, long length) {
      super(body);
      this.length = length;
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      count(next < 0 ? -1 : 1);
      return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      return (int) count(super.read(bytes, offset, count));
    }

    @Override
    public long skip(long count) throws IOException {
      return count(super.skip(count));
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    @Override
    public void abort() {
      if (in instanceof Abortable abortable) {
        abortable.abort();
      }
    }

    private long count(long bytes) throws IOException {
      if (bytes >= 0) {
        position += bytes;
      } else if (position < length) {
        throw new IOException(
            "the response ended after %d of its %d bytes".formatted(position, length));
      }
      return bytes;
    }
  }
}
