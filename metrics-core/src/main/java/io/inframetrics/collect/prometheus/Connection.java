package io.inframetrics.collect.prometheus;

import io.inframetrics.collect.SettingsReader;
import io.inframetrics.collect.prometheus.PageParser.MalformedPageException;
import io.inframetrics.collect.prometheus.http.IdleConnections;
import io.inframetrics.text.Texts;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How this source talks HTTP: the connections, which all its collectors share, and its settings.
 */
final class Connection {

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
  private static final long IDLE_SECONDS = 30;
  private static final Pattern USER = Pattern.compile("(?:^|//|=|,)[^/,?]*@");

  private final Duration timeout;
  private final String authorization;
  private final IdleConnections idle = new IdleConnections();
  private @Nullable HttpClient client;

  private Connection(Duration timeout, String authorization) {
    this.timeout = timeout;
    this.authorization = authorization;
  }

  /** Reads the settings {@code timeout} and {@code authorization}. */
  static Connection read(SettingsReader reader) {
    Duration timeout = reader.duration("timeout", DEFAULT_TIMEOUT);
    String authorization = reader.text("authorization", "");
    if (!authorization.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      // The message must not show it.
      reader.mistake(
          "the setting authorization has characters that no HTTP header may have: use a value such"
              + " as 'Bearer TOKEN'");
      authorization = "";
    }
    return new Connection(timeout, authorization);
  }

  /** A setting with addresses; a message about it shows no password. */
  static <T> T readAddresses(
      SettingsReader reader, String name, T otherwise, Function<String, T> parser) {
    if (USER.matcher(reader.text(name, "")).find()) {
      reader.mistake(
          "the setting %s has a user name in it: leave it out, and set authorization"
              .formatted(name));
      return otherwise;
    }
    return reader.parsed(name, otherwise, parser);
  }

  /**
   * An address without a path gets {@code path}; one without a scheme is {@code http}.
   *
   * @throws IllegalArgumentException with what would be right
   */
  static URI address(String text, String path) {
    String whole = text.contains("://") ? text : "http://" + text;
    URI uri;
    try {
      // What the node exporter's parameter collect[] needs.
      uri = new URI(whole.replace("[]", "%5B%5D"));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("a URL such as http://web-1:9100 (" + e.getReason() + ")");
    }
    boolean http =
        "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
    if (!http || uri.getHost() == null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "a URL such as http://web-1:9100, with http or https and a host");
    }
    String own = uri.getRawPath();
    boolean bare = own.isEmpty() || (own.equals("/") && uri.getRawQuery() == null);
    return bare
        ? URI.create(
            "%s://%s%s%s"
                .formatted(
                    uri.getScheme(),
                    uri.getRawAuthority(),
                    path,
                    uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()))
        : uri;
  }

  /** Made at the first call, so that a source that is only listed opens nothing. */
  synchronized HttpClient client() {
    HttpClient made = client;
    if (made == null) {
      made =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              // Java 17 sends the header Authorization on to wherever it is redirected.
              .followRedirects(
                  authorization.isEmpty() ? HttpClient.Redirect.NORMAL : HttpClient.Redirect.NEVER)
              .connectTimeout(timeout)
              .executor(oneThread())
              .build();
      client = made;
    }
    return made;
  }

  /**
   * Runs the client's tasks, none of which waits: with a thread for each, waking them cost more
   * than reading a page. It ends when there has been nothing to do for a while.
   */
  private static Executor oneThread() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "prometheus-http");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /**
   * What an answer with a status other than 200 means, for the user.
   *
   * @param address what names it in the settings
   */
  static String refusal(int status, String address) {
    return status / 100 == 3
        ? "redirects with status %d: name the address that it redirects to, since the setting authorization is sent to no other"
            .formatted(status)
        : "answers with status %d: check the %s and the setting authorization"
            .formatted(status, address);
  }

  /** The time for one request: the setting, or what is left of the run if that is less. */
  Duration timeout(Duration left) {
    return left.compareTo(timeout) < 0 ? left : timeout;
  }

  /** Connections of earlier requests. */
  IdleConnections idle() {
    return idle;
  }

  /**
   * Whether a page can be read over a plain connection, which costs a quarter of the processor time
   * of the client. The client knows TLS and proxies.
   */
  static boolean isPlain(URI uri) {
    if (!"http".equalsIgnoreCase(uri.getScheme())) {
      return false;
    }
    ProxySelector proxies = ProxySelector.getDefault();
    return proxies == null
        || proxies.select(uri).stream().allMatch(proxy -> proxy.type() == Proxy.Type.DIRECT);
  }

  /** A GET request as it goes over a plain connection. */
  byte[] plainRequest(URI uri, String accept) {
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String header = authorization.isEmpty() ? "" : "Authorization: " + authorization + "\r\n";
    return ("GET "
            + uri.getRawPath()
            + query
            + " HTTP/1.1\r\n"
            + "Host: "
            + uri.getHost()
            + port
            + "\r\n"
            + "User-Agent: inframetrics\r\n"
            + "Accept: "
            + accept
            + "\r\n"
            + header
            + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  HttpRequest.Builder request(URI uri) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).GET();
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return request;
  }

  /** Why a request failed, as the end of a sentence that begins with its address. */
  static String reason(Throwable failure, Duration timeout) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
      return "did not answer completely within " + timeout;
    }
    if (cause instanceof ConnectException
        || cause instanceof UnknownHostException
        || cause instanceof NoRouteToHostException) {
      return "cannot be reached: check the address and that it runs";
    }
    return cause instanceof MalformedPageException
        ? String.valueOf(cause.getMessage())
        : "cannot be read: "
            + (cause instanceof IOException && cause.getMessage() != null
                ? cause.getMessage()
                : Texts.describe(cause));
  }
}
