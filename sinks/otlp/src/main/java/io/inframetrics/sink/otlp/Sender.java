package io.inframetrics.sink.otlp;

import io.inframetrics.aws.AwsCalls.Sleeper;
import io.inframetrics.aws.HttpPosts;
import io.inframetrics.aws.HttpPosts.Answer;
import io.inframetrics.metric.Metric;
import io.inframetrics.sink.PublishOutcome;
import io.inframetrics.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/** Sends full requests and reads their answers. Thread-safe. */
final class Sender {

  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

  /** Do not start an attempt with less time than this left: a TLS handshake takes about as long. */
  static final Duration LEAST_ATTEMPT = Duration.ofMillis(50);

  /** Wait before the second attempt if the server does not say how long. */
  static final Duration DEFAULT_WAIT = Duration.ofSeconds(1);

  /** Characters of a server's message that are passed on. */
  private static final int MAX_MESSAGE = 300;

  private static final int MULTIPLE_CHOICES = 300;
  private static final int BAD_REQUEST = 400;
  private static final int TOO_MANY_REQUESTS = 429;

  /** By the specification these may succeed later; every other error is final. */
  private static final Set<Integer> MAY_HEAL = Set.of(TOO_MANY_REQUESTS, 502, 503, 504);

  private final OtlpSettings settings;
  private final HttpPosts posts;
  private final Sleeper sleeper;
  private final Clock clock;

  Sender(OtlpSettings settings, HttpPosts posts, Sleeper sleeper, Clock clock) {
    this.settings = settings;
    this.posts = posts;
    this.sleeper = sleeper;
    this.clock = clock;
  }

  /** Sends a request; never throws because of the server. */
  void send(OpenRequest.Full request, String contentType, Deadline deadline, PublishOutcome out) {
    List<Metric> metrics = request.metrics();
    Map<String, String> headers = new HashMap<>(settings.headers());
    headers.put("Content-Type", contentType);
    byte[] body = request.body();
    if (settings.gzip()) {
      headers.put("Content-Encoding", "gzip");
      body = gzip(body);
    }
    try {
      Answer answer = attempt(1, headers, body, deadline);
      if (answer != null && answer.status() == TOO_MANY_REQUESTS && await(answer, deadline)) {
        answer = attempt(2, headers, body, deadline);
      }
      if (answer == null) {
        retryable(metrics, "the deadline %s passed before it was sent".formatted(deadline), out);
      } else {
        account(metrics, answer, out);
      }
    } catch (UncheckedIOException e) {
      LOG.warn("a request to {} got no answer", settings.endpoint(), e);
      retryable(metrics, noAnswer(e), out);
    } catch (SdkException e) {
      LOG.warn("a request to {} could not be signed", settings.endpoint(), e);
      retryable(metrics, "the request could not be signed: " + e.getMessage(), out);
    }
  }

  private @Nullable Answer attempt(
      int number, Map<String, String> headers, byte[] body, Deadline deadline) {
    Duration left = deadline.remaining();
    if (left.compareTo(LEAST_ATTEMPT) < 0) {
      return null;
    }
    Duration limit = left.compareTo(settings.timeout()) < 0 ? left : settings.timeout();
    long start = System.nanoTime();
    Answer answer = posts.post(settings.endpoint(), headers, body, limit);
    LOG.atInfo()
        .addKeyValue("operation", "otlp:ExportMetrics")
        .addKeyValue("attempt", number)
        .addKeyValue("bytes", body.length)
        .addKeyValue("latency_ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
        .addKeyValue("status", answer.status())
        .log(answer.status() == OtlpAnswer.OK ? "ok" : "failed");
    return answer;
  }

  /** Waits as long as the server says; false if too little time would be left. */
  private boolean await(Answer answer, Deadline deadline) {
    Duration wait = answer.header("Retry-After").map(this::parsed).orElse(DEFAULT_WAIT);
    if (deadline.remaining().compareTo(wait.plus(LEAST_ATTEMPT)) < 0) {
      return false;
    }
    try {
      sleeper.sleep(wait);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Seconds, or a date. */
  private Duration parsed(String retryAfter) {
    String text = retryAfter.strip();
    try {
      Duration wait =
          text.chars().allMatch(c -> c >= '0' && c <= '9')
              ? Duration.ofSeconds(Long.parseLong(text))
              : Duration.between(
                  clock.instant(), Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      return DEFAULT_WAIT;
    }
  }

  private void account(List<Metric> metrics, Answer answer, PublishOutcome out) {
    OtlpAnswer otlp = OtlpAnswer.of(answer);
    if (otlp == null) {
      LOG.warn(
          "{} answered {}, data points: {}", settings.endpoint(), answer.status(), metrics.size());
      if (MAY_HEAL.contains(answer.status())) {
        retryable(metrics, reason(answer), out);
      } else {
        String reason = reason(answer);
        metrics.forEach(metric -> out.rejected(metric.id(), reason, 1));
      }
      return;
    }
    long rejected = Math.min(otlp.rejectedPoints(), metrics.size());
    out.written(metrics.size() - rejected);
    if (rejected > 0) {
      out.rejected(
          PublishOutcome.ALL,
          "%d of %d data points of a request were rejected by %s, which does not say which: %s"
              .formatted(
                  rejected,
                  metrics.size(),
                  settings.endpoint().getHost(),
                  otlp.message().isBlank() ? "no reason given" : shown(otlp.message())),
          rejected);
    } else if (!otlp.message().isBlank()) {
      LOG.warn("{} warns: {}", settings.endpoint().getHost(), shown(otlp.message()));
    }
  }

  private static void retryable(List<Metric> metrics, String reason, PublishOutcome out) {
    metrics.forEach(metric -> out.retryable(metric.id(), reason, 1));
  }

  private String reason(Answer answer) {
    int status = answer.status();
    String said = "%s answered %d".formatted(settings.endpoint().getHost(), status);
    if (status >= MULTIPLE_CHOICES && status < BAD_REQUEST) {
      return "%s, a redirect to %s, which is not followed: set the right endpoint"
          .formatted(said, shown(answer.header("Location").orElse("nowhere")));
    }
    if (status < MULTIPLE_CHOICES) {
      return "%s, but not as an OTLP server does, content type '%s': check the endpoint %s"
          .formatted(said, shown(answer.header("Content-Type").orElse("")), settings.endpoint());
    }
    String message = shown(OtlpAnswer.error(answer));
    return message.isEmpty() ? said : said + ": " + message;
  }

  private static String noAnswer(UncheckedIOException e) {
    Throwable cause = e.getCause();
    return "%s: %s; it is not sent again, since it may have arrived"
        .formatted(
            e.getMessage(),
            shown(cause == null ? "no reason" : String.valueOf(cause.getMessage())));
  }

  /** The beginning of a text of a server, on one line. */
  private static String shown(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "...";
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream(body.length / 4 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return compressed.toByteArray();
  }
}
