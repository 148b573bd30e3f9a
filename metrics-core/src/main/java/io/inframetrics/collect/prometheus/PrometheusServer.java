package io.inframetrics.collect.prometheus;

import io.inframetrics.collect.prometheus.QueryAnswer.TooManySamplesException;
import io.inframetrics.collect.prometheus.Rule.Term;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.text.Texts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;

/**
 * The HTTP API of a Prometheus server, or of another that answers the same, such as Thanos, Mimir
 * or VictoriaMetrics. Asks instant queries with a range selector, which return scraped samples;
 * {@code query_range} would repeat the last one at every step. Safe for use by several threads.
 */
final class PrometheusServer {

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int OK = 200;

  /** What a server says if a query reads more samples than its own limit. */
  private static final String SERVER_LIMIT = "too many samples";

  private static final int MAX_REASON = 200;

  private final URI url;
  private final List<LabelMatcher> selector;
  private final Connection connection;

  /**
   * @param url up to and including the part before {@code /api/v1}
   * @param selector conditions on every series
   */
  PrometheusServer(URI url, List<LabelMatcher> selector, Connection connection) {
    this.url = url;
    this.selector = selector;
    this.connection = connection;
  }

  @Override
  public String toString() {
    return url.toString();
  }

  /** The series of a rule in PromQL, without the range. */
  String selectorOf(Rule rule) {
    List<String> metrics = rule.metrics();
    List<LabelMatcher> matchers = new ArrayList<>(selector);
    // Conditions that differ between terms are checked when the series have arrived.
    if (rule.terms().stream().map(Term::matchers).distinct().count() == 1) {
      matchers.addAll(rule.terms().get(0).matchers());
    }
    String conditions =
        matchers.stream().map(LabelMatcher::promql).collect(Collectors.joining(","));
    if (metrics.size() == 1) {
      return metrics.get(0) + (conditions.isEmpty() ? "" : "{" + conditions + "}");
    }
    return "{__name__=~\"%s\"%s}"
        .formatted(String.join("|", metrics), conditions.isEmpty() ? "" : "," + conditions);
  }

  /**
   * The samples of a time span, of which servers before version 3 include both ends and later ones
   * only the last: filter by time.
   *
   * @param fromMillis since 1970, as is {@code toMillis}
   * @throws TooManySamplesException if there are more than {@code maxSamples}; ask for a shorter
   *     span
   * @throws InvalidRequestException if the server refuses the query for good
   * @throws RetryableFailureException if it cannot be asked now
   */
  QueryAnswer query(String series, long fromMillis, long toMillis, long maxSamples, Duration left)
      throws TooManySamplesException, InterruptedException {
    String query = "%s[%dms]".formatted(series, toMillis - fromMillis);
    String time = "%d.%03d".formatted(toMillis / 1_000, toMillis % 1_000);
    URI uri =
        URI.create(
            "%s/api/v1/query?query=%s&time=%s"
                .formatted(url, URLEncoder.encode(query, StandardCharsets.UTF_8), time));
    Duration timeout = connection.timeout(left);
    if (timeout.isZero()) {
      throw new RetryableFailureException(
          "the deadline passed before %s was asked for %s".formatted(url, query));
    }
    HttpRequest request =
        connection.request(uri).timeout(timeout).header("Accept", "application/json").build();
    AtomicBoolean late = new AtomicBoolean();
    try {
      HttpResponse<InputStream> response =
          connection.client().send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        CompletableFuture<Void> timer = closeAfter(timeout, body, late);
        try {
          return answer(response.statusCode(), body, maxSamples, query);
        } finally {
          timer.cancel(false);
        }
      }
    } catch (IOException | JacksonException e) {
      if (Thread.interrupted()) {
        throw (InterruptedException)
            new InterruptedException("interrupted while reading from " + url).initCause(e);
      }
      throw new RetryableFailureException(
          "%s %s"
              .formatted(
                  url,
                  late.get()
                      ? "did not answer completely within " + timeout
                      : Connection.reason(e, timeout)),
          e);
    }
  }

  private QueryAnswer answer(int status, InputStream body, long maxSamples, String query)
      throws TooManySamplesException {
    boolean temporary = status >= 500 || status == TOO_MANY_REQUESTS;
    QueryAnswer answer;
    try {
      answer = QueryAnswer.read(body, maxSamples);
    } catch (IllegalArgumentException | JacksonException e) {
      if (status == OK
          && e instanceof JacksonException broken
          && broken.getCause() instanceof IOException) {
        throw broken;
      }
      String reason =
          status == OK
              ? (e instanceof JacksonException json
                  ? "does not answer with JSON (%s): check that it is a Prometheus server"
                      .formatted(Texts.oneLine(Texts.jsonMistake(json), MAX_REASON))
                  : String.valueOf(e.getMessage()))
              : Connection.refusal(status, "address");
      throw failure(temporary, reason);
    }
    if (answer.error().contains(SERVER_LIMIT)) {
      throw new TooManySamplesException("is larger than the server allows");
    }
    if (!answer.error().isEmpty()) {
      throw failure(
          temporary,
          "refuses the query %s: %s"
              .formatted(
                  Texts.oneLine(query, MAX_REASON), Texts.oneLine(answer.error(), MAX_REASON)));
    }
    return answer;
  }

  private RuntimeException failure(boolean temporary, String reason) {
    String sentence = url + " " + reason;
    return temporary
        ? new RetryableFailureException(sentence)
        : new InvalidRequestException(sentence);
  }

  /** The client's own timeout ends when the body begins; this one covers the body. */
  private static CompletableFuture<Void> closeAfter(
      Duration timeout, InputStream body, AtomicBoolean late) {
    return CompletableFuture.runAsync(
        () -> {
          late.set(true);
          try {
            body.close();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        CompletableFuture.delayedExecutor(timeout.toNanos(), TimeUnit.NANOSECONDS));
  }
}
