package io.inframetrics.aws;

import java.io.IOException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Ends a request whose time is over while its connection is being made. {@code HttpURLConnection}
 * cannot be disconnected then, so that the SDK's one attempt to do so has no effect, and the
 * request would wait for an answer as long as the socket lets it: here it is disconnected again and
 * again.
 */
final class EndingHttpClient implements SdkHttpClient {

  static final long TICK_MILLIS = 50;

  private final SdkHttpClient client;

  EndingHttpClient(SdkHttpClient client) {
    this.client = client;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new EndingRequest(client.prepareRequest(request));
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    client.close();
  }

  private static final class EndingRequest implements ExecutableHttpRequest {

    private final ExecutableHttpRequest request;
    private @Nullable ScheduledFuture<?> ending;
    private boolean answered;

    EndingRequest(ExecutableHttpRequest request) {
      this.request = request;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      try {
        return request.call();
      } finally {
        answered();
      }
    }

    private synchronized void answered() {
      answered = true;
      if (ending != null) {
        ending.cancel(false);
      }
    }

    @Override
    public synchronized void abort() {
      request.abort();
      if (!answered && ending == null) {
        ending =
            Timer.EXECUTOR.scheduleWithFixedDelay(
                request::abort, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  /** Ends requests that take too long. Made, with its only thread, for the first of them. */
  static final class Timer {

    static final ScheduledThreadPoolExecutor EXECUTOR = executor();

    private Timer() {}

    private static ScheduledThreadPoolExecutor executor() {
      ScheduledThreadPoolExecutor executor =
          new ScheduledThreadPoolExecutor(
              1,
              task -> {
                Thread thread = new Thread(task, "inframetrics-request-timer");
                thread.setDaemon(true);
                return thread;
              });
      executor.setRemoveOnCancelPolicy(true);
      return executor;
    }
  }
}
