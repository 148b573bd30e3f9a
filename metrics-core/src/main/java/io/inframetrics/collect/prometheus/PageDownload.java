package io.inframetrics.collect.prometheus;

import io.inframetrics.collect.prometheus.PageParser.Format;
import io.inframetrics.collect.prometheus.PageParser.MalformedPageException;
import io.inframetrics.collect.prometheus.http.AnswerReader;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Parses a page while it arrives, so that no page is held in memory, and ends the transfer at the
 * first wrong line. Not thread-safe.
 */
final class PageDownload implements AnswerReader {

  /** What we understand, the format that marks its end first; as the Prometheus server asks. */
  static final String ACCEPT =
      "application/openmetrics-text;version=1.0.0;q=0.9,application/openmetrics-text;version=0.0.1;q=0.8,"
          + "text/plain;version=0.0.4;q=0.7,*/*;q=0.1";

  private static final int OK = 200;

  private final List<ScrapedPage.Sample> samples = new ArrayList<>();
  private final WantedNames wanted;
  private final Limits limits;
  private final LongSupplier nanoTime;
  private @Nullable PageParser parser;
  private boolean whole;
  private int status;
  private long nanos;
  private long bytes;

  /**
   * What one page may have at most.
   *
   * @param bytes of the whole page
   * @param samples that rules want
   */
  record Limits(long bytes, long samples) {}

  PageDownload(WantedNames wanted, Limits limits, LongSupplier nanoTime) {
    this.wanted = wanted;
    this.limits = limits;
    this.nanoTime = nanoTime;
  }

  /** The status of the answer; 0 before it has come. */
  int status() {
    return status;
  }

  /** The page, when all of it was read. */
  ScrapedPage page() {
    return new ScrapedPage(List.copyOf(samples), nanos);
  }

  @Override
  public void head(Head head) throws MalformedPageException {
    nanos = nanoTime.getAsLong();
    status = head.status();
    whole = head.saysItsLength();
    String type = head.contentType().toLowerCase(Locale.ROOT).strip();
    if (status != OK) {
      throw new MalformedPageException(Connection.refusal(status, "path"));
    }
    if (type.startsWith("text/html") || type.startsWith("application/vnd.google.protobuf")) {
      throw new MalformedPageException(
          "answers with '%s': name the address of a page in Prometheus's text format, usually /metrics"
              .formatted(type));
    }
    parser =
        new PageParser(
            type.startsWith("application/openmetrics-text") ? Format.OPEN_METRICS : Format.TEXT,
            wanted,
            this::keep);
  }

  @Override
  public void body(ByteBuffer part) throws MalformedPageException {
    bytes += part.remaining();
    if (bytes > limits.bytes()) {
      throw new MalformedPageException(
          "has more than %d bytes: raise the setting max_page if that is right"
              .formatted(limits.bytes()));
    }
    parser().feed(part);
  }

  @Override
  public void end() throws MalformedPageException {
    parser().finish(whole);
  }

  private PageParser parser() {
    if (parser == null) {
      throw new IllegalStateException("the body came before the head");
    }
    return parser;
  }

  private void keep(int name, Map<String, String> labels, double value, long timestamp)
      throws MalformedPageException {
    if (samples.size() >= limits.samples()) {
      throw new MalformedPageException(
          "has more than %d samples that rules read: raise the setting max_samples if that is right"
              .formatted(limits.samples()));
    }
    samples.add(
        new ScrapedPage.Sample(new RawSeries.Key(wanted.name(name), labels), value, timestamp));
  }

  /** Reads the answer of one request of the HTTP client. */
  BodyHandler<ScrapedPage> handler() {
    return answer -> {
      HttpHeaders headers = answer.headers();
      return new Subscriber(
          new Head(
              answer.statusCode(),
              headers.firstValue("Content-Type").orElse(""),
              headers.firstValue("Content-Length").isPresent()
                  || headers.firstValue("Transfer-Encoding").isPresent()));
    };
  }

  /** Hands the client's parts on. The client calls one method at a time. */
  private final class Subscriber implements BodySubscriber<ScrapedPage> {

    private final CompletableFuture<ScrapedPage> whenRead = new CompletableFuture<>();
    private final Head head;
    private @Nullable Subscription subscription;

    Subscriber(Head head) {
      this.head = head;
    }

    @Override
    public CompletionStage<ScrapedPage> getBody() {
      return whenRead;
    }

    @Override
    public void onSubscribe(Subscription newSubscription) {
      subscription = newSubscription;
      try {
        head(head);
        newSubscription.request(1);
      } catch (MalformedPageException e) {
        fail(e);
      }
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
      if (whenRead.isDone()) {
        return;
      }
      try {
        for (ByteBuffer part : parts) {
          body(part);
        }
        if (subscription != null) {
          subscription.request(1);
        }
      } catch (MalformedPageException | RuntimeException e) {
        fail(e);
      }
    }

    @Override
    public void onError(Throwable failure) {
      whenRead.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      if (whenRead.isDone()) {
        return;
      }
      try {
        end();
        whenRead.complete(page());
      } catch (MalformedPageException | RuntimeException e) {
        whenRead.completeExceptionally(e);
      }
    }

    private void fail(Throwable failure) {
      whenRead.completeExceptionally(failure);
      if (subscription != null) {
        subscription.cancel();
      }
    }
  }
}
