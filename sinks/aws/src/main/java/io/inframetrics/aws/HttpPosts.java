package io.inframetrics.aws;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/**
 * Sends POST requests and returns whatever is answered, an error too. Each is sent once, and no
 * redirect is followed; only a signed request that AWS refused because this machine's clock differs
 * is signed by AWS's clock and sent again. {@link AwsClients#posts} makes one that signs its
 * requests for AWS, {@link #unsigned} one for any other server. Thread-safe.
 *
 * <p>Over {@code HttpURLConnection}, as the SDK's own client is, but without it: that one writes a
 * body in parts of 4 KB and costs more than encoding what is in it.
 *
 * @hidden
 */
public final class HttpPosts {

  /** Bytes of an answer that are read; answers to posts are short. */
  static final int MAX_ANSWER_BYTES = 1 << 20;

  private static final int PART_BYTES = 8 << 10;

  /** Status from which the connection hands out the body as that of an error. */
  private static final int FIRST_ERROR = 400;

  private final @Nullable Signing signing;

  private HttpPosts(@Nullable Signing signing) {
    this.signing = signing;
  }

  /** Posts to any server. */
  public static HttpPosts unsigned() {
    return new HttpPosts(null);
  }

  /** Posts with AWS signatures, version 4. The caller closes {@code credentials}. */
  static HttpPosts signed(String service, String region, AwsCredentialsProvider credentials) {
    return new HttpPosts(
        new Signing(AwsV4HttpSigner.create(), service, region, credentials, new SigningClock()));
  }

  /** An answer of a server. */
  public static final class Answer {

    private final int status;
    private final Map<String, List<String>> headers;
    private final byte[] body;

    Answer(int status, Map<String, List<String>> headers, byte[] body) {
      this.status = status;
      this.headers = headers;
      this.body = body;
    }

    public int status() {
      return status;
    }

    /** The first value of a header, whatever the case of its name. */
    public Optional<String> header(String name) {
      return headers.entrySet().stream()
          .filter(header -> name.equalsIgnoreCase(header.getKey()))
          .flatMap(header -> header.getValue().stream())
          .findFirst();
    }

    /** At most 1 MiB; not a copy. */
    public byte[] body() {
      return body;
    }
  }

  /**
   * Sends one request.
   *
   * @param headers beside Content-Length, and those of the signature
   * @param limit how long it may take until an answer begins, the connection not counted, which
   *     {@link AwsClients#CONNECT_TIMEOUT} limits; the body of the answer may take as long again
   * @throws UncheckedIOException if there is no complete answer in time; whether the server has
   *     received the request is then unknown
   */
  public Answer post(URI uri, Map<String, String> headers, byte[] body, Duration limit) {
    if (signing == null) {
      return send(uri, headers, body, limit);
    }
    Clock clock = signing.clock().clock();
    Instant signedAt = clock.instant();
    Answer answer = send(uri, signing.sign(uri, headers, body, clock), body, limit);
    if (!signing.clock().corrects(signedAt, answer.status(), answer.header("Date").orElse(""))) {
      return answer;
    }
    return send(uri, signing.sign(uri, headers, body, signing.clock().clock()), body, limit);
  }

  private static Answer send(URI uri, Map<String, String> all, byte[] body, Duration limit) {
    AtomicBoolean ended = new AtomicBoolean();
    try {
      HttpURLConnection connection = open(uri, all, body.length, limit);
      // Again and again: a connection that is still being made cannot be ended yet.
      ScheduledFuture<?> end =
          EndingHttpClient.Timer.EXECUTOR.scheduleWithFixedDelay(
              () -> {
                ended.set(true);
                connection.disconnect();
              },
              Math.max(1, limit.toMillis()),
              EndingHttpClient.TICK_MILLIS,
              TimeUnit.MILLISECONDS);
      int status;
      try {
        // In one piece, since it is in memory anyway.
        try (OutputStream out = connection.getOutputStream()) {
          out.write(body);
        }
        status = connection.getResponseCode();
      } finally {
        end.cancel(false);
      }
      return new Answer(status, headers(connection), body(connection, status, limit, ended));
    } catch (HttpRetryException e) {
      // The server asks for a password, which the JDK would send in a second request.
      return new Answer(e.responseCode(), Map.of(), new byte[0]);
    } catch (IOException e) {
      throw noAnswer(uri, ended.get() || e instanceof SocketTimeoutException, limit, e);
    } catch (NullPointerException e) {
      // What is ended from another thread may be seen half ended.
      if (ended.get()) {
        throw noAnswer(uri, true, limit, new IOException("the connection was ended", e));
      }
      throw e;
    }
  }

  private static UncheckedIOException noAnswer(
      URI uri, boolean late, Duration limit, IOException cause) {
    String within = late ? " within " + limit.toMillis() + " ms" : "";
    return new UncheckedIOException(
        "%s gave no complete answer%s".formatted(uri.getHost(), within), cause);
  }

  private static HttpURLConnection open(
      URI uri, Map<String, String> headers, int length, Duration limit) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    if (connection instanceof HttpsURLConnection https) {
      https.setSSLSocketFactory(PlatformTrust.sockets());
    }
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout((int) AwsClients.CONNECT_TIMEOUT.toMillis());
    connection.setReadTimeout((int) Math.max(1, Math.min(limit.toMillis(), Integer.MAX_VALUE)));
    // With the length known, the JDK does not send a request again whose connection broke.
    connection.setFixedLengthStreamingMode(length);
    connection.setRequestProperty("Accept", "*/*");
    headers.forEach(connection::setRequestProperty);
    return connection;
  }

  private static Map<String, List<String>> headers(HttpURLConnection connection) {
    Map<String, List<String>> headers = new HashMap<>();
    connection
        .getHeaderFields()
        .forEach(
            (name, values) -> {
              if (name != null) { // The status line has none.
                headers.put(name, values);
              }
            });
    return headers;
  }

  private static byte[] body(
      HttpURLConnection connection, int status, Duration limit, AtomicBoolean ended)
      throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (InputStream in =
        status < FIRST_ERROR ? connection.getInputStream() : connection.getErrorStream()) {
      byte[] part = new byte[PART_BYTES];
      int read = in == null ? -1 : in.read(part);
      while (read >= 0 && body.size() < MAX_ANSWER_BYTES) {
        body.write(part, 0, read);
        if (System.nanoTime() - end > 0) {
          ended.set(true);
          connection.disconnect();
          throw new IOException("the answer came too slowly");
        }
        read = in.read(part);
      }
    }
    return body.toByteArray();
  }

  private record Signing(
      AwsV4HttpSigner signer,
      String service,
      String region,
      AwsCredentialsProvider credentials,
      SigningClock clock) {

    Map<String, String> sign(URI uri, Map<String, String> headers, byte[] body, Clock time) {
      SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(SdkHttpMethod.POST).uri(uri);
      headers.forEach(request::putHeader);
      Map<String, String> signed = new HashMap<>();
      signer
          .sign(
              sign ->
                  sign.identity(credentials.resolveCredentials())
                      .request(request.build())
                      .payload(() -> new ByteArrayInputStream(body))
                      .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                      .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                      .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, time))
          .request()
          .forEachHeader(
              (name, values) -> {
                // The connection writes this one itself, and in the same way.
                if (!name.equalsIgnoreCase("Host")) {
                  signed.put(name, values.get(0));
                }
              });
      return signed;
    }
  }
}
