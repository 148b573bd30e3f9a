package io.inframetrics.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpRetryException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;

/**
 * Sends POST requests and returns whatever is answered, an error too. Each is sent once: nothing is
 * repeated, and no redirect is followed. {@link AwsClients#posts} makes one that signs its requests
 * for AWS, {@link #unsigned} one for any other server. Thread-safe.
 *
 * @hidden
 */
public final class HttpPosts implements AutoCloseable {

  /** Bytes of an answer that are read; answers to posts are short. */
  static final int MAX_ANSWER_BYTES = 1 << 20;

  /** Ends requests that take too long. Its only thread is started with the first request. */
  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private final SdkHttpClient http;
  private final @Nullable Signing signing;
  private final boolean owned;

  private HttpPosts(SdkHttpClient http, @Nullable Signing signing, boolean owned) {
    this.http = http;
    this.signing = signing;
    this.owned = owned;
  }

  /** Posts to any server, over an HTTP client of its own, which {@link #close} closes. */
  public static HttpPosts unsigned() {
    return new HttpPosts(AwsClients.urlConnection(), null, true);
  }

  /** Posts with AWS signatures, version 4. The caller closes {@code http} and {@code credentials}. */
  static HttpPosts signed(
      SdkHttpClient http, String service, String region, AwsCredentialsProvider credentials) {
    return new HttpPosts(
        http, new Signing(AwsV4HttpSigner.create(), service, region, credentials), false);
  }

  /**
   * An answer of a server.
   *
   * @param body at most 1 MiB of it
   */
  public record Answer(int status, Map<String, List<String>> headers, byte[] body) {

    /** The first value of a header, whatever the case of its name. */
    public Optional<String> header(String name) {
      return headers.entrySet().stream()
          .filter(header -> name.equalsIgnoreCase(header.getKey()))
          .flatMap(header -> header.getValue().stream())
          .findFirst();
    }
  }

  /**
   * Sends one request.
   *
   * @param headers beside Content-Length, and those of the signature
   * @param limit how long it may take; connecting may take {@link AwsClients#CONNECT_TIMEOUT}
   *     longer
   * @throws UncheckedIOException if there is no complete answer in time; whether the server has
   *     received the request is then unknown
   */
  public Answer post(URI uri, Map<String, String> headers, byte[] body, Duration limit) {
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(uri)
            .putHeader("Content-Length", Integer.toString(body.length));
    headers.forEach(request::putHeader);
    HttpExecuteRequest.Builder execute =
        HttpExecuteRequest.builder().contentStreamProvider(() -> new ByteArrayInputStream(body));
    SdkHttpRequest ready = request.build();
    execute.request(signing == null ? ready : signing.sign(ready, body));
    ExecutableHttpRequest call = http.prepareRequest(execute.build());
    ScheduledFuture<?> end =
        TIMER.schedule(call::abort, Math.max(1, limit.toNanos()), TimeUnit.NANOSECONDS);
    try {
      HttpExecuteResponse response = call.call();
      SdkHttpResponse head = response.httpResponse();
      return new Answer(head.statusCode(), head.headers(), body(response));
    } catch (IOException | UncheckedIOException e) {
      Integer status = refusal(e);
      if (status != null) {
        return new Answer(status, Map.of(), new byte[0]);
      }
      boolean tooLong = end.getDelay(TimeUnit.NANOSECONDS) <= 0;
      throw new UncheckedIOException(
          "%s gave no complete answer%s"
              .formatted(uri.getHost(), tooLong ? " within " + limit.toMillis() + " ms" : ""),
          e instanceof UncheckedIOException unchecked ? unchecked.getCause() : (IOException) e);
    } finally {
      end.cancel(false);
    }
  }

  /** The status of an answer that the JDK throws, since it asks for a password. */
  private static @Nullable Integer refusal(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpRetryException retry) {
        return retry.responseCode();
      }
    }
    return null;
  }

  private static byte[] body(HttpExecuteResponse response) throws IOException {
    AbortableInputStream body = response.responseBody().orElse(null);
    if (body == null) {
      return new byte[0];
    }
    try (InputStream in = body) {
      return in.readNBytes(MAX_ANSWER_BYTES);
    }
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "inframetrics-post-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /** Closes the HTTP client if it is its own. */
  @Override
  public void close() {
    if (owned) {
      http.close();
    }
  }

  private record Signing(
      AwsV4HttpSigner signer,
      String service,
      String region,
      AwsCredentialsProvider credentials) {

    SdkHttpRequest sign(SdkHttpRequest request, byte[] body) {
      SignedRequest signed =
          signer.sign(
              sign ->
                  sign.identity(credentials.resolveCredentials())
                      .request(request)
                      .payload(() -> new ByteArrayInputStream(body))
                      .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                      .putProperty(AwsV4HttpSigner.REGION_NAME, region));
      return signed.request();
    }
  }
}
