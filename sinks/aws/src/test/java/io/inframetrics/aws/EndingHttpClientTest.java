package io.inframetrics.aws;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

@Timeout(30)
class EndingHttpClientTest {

  private static final HttpExecuteResponse ANSWER =
      HttpExecuteResponse.builder()
          .response(SdkHttpResponse.builder().statusCode(200).build())
          .build();

  /** A connection that is being made until it was aborted so often. */
  private static final class Connecting implements SdkHttpClient, ExecutableHttpRequest {

    private final CountDownLatch aborts;
    private final CountDownLatch called = new CountDownLatch(1);

    Connecting(int aborts) {
      this.aborts = new CountDownLatch(aborts);
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      return this;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      called.countDown();
      try {
        if (!aborts.await(20, TimeUnit.SECONDS)) {
          return ANSWER;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new IOException("disconnected");
    }

    @Override
    public void abort() {
      aborts.countDown();
    }

    @Override
    public void close() {}
  }

  @Test
  void endsARequestThatTheFirstAbortDoesNotReach() throws Exception {
    Connecting connecting = new Connecting(3);
    ExecutableHttpRequest request =
        new EndingHttpClient(connecting).prepareRequest(HttpExecuteRequest.builder().build());
    CompletableFuture<Void> aborted =
        CompletableFuture.runAsync(
            () -> {
              try {
                connecting.called.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              request.abort();
            });

    assertThatThrownBy(request::call).hasMessage("disconnected");
    aborted.join();
  }
}
