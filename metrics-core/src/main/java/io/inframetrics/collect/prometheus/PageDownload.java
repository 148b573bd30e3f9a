package io.inframetrics.collect.prometheus;

import io.inframetrics.collect.prometheus.PageParser.Format;
import io.inframetrics.collect.prometheus.PageParser.MalformedPageException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
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
 * first wrong line. The HTTP client calls one method at a time.
 */
final class PageDownload implements BodySubscriber<ScrapedPage> {

  /** What we understand, the format that marks its end first; as the Prometheus server asks. */
  static final String ACCEPT =
      "application/openmetrics-text;version=1.0.0;q=0.9,application/openmetrics-text;version=0.0.1;q=0.8,"
          + "text/plain;version=0.0.4;q=0.7,*/*;q=0.1";

  private static final int OK = 200;

  private final CompletableFuture<ScrapedPage> page = new CompletableFuture<>();
  private final List<ScrapedPage.Sample> samples = new ArrayList<>();
  private final WantedNames wanted;
  private final Limits limits;
  private final PageParser parser;
  private final boolean whole;
  private final String refusal;
  private final long nanos;
  private long bytes;
  private @Nullable Subscription subscription;

  /**
   * What one page may have at most.
   *
   * @param bytes of the whole page
   * @param samples that rules want
   */
  record Limits(long bytes, long samples) {}

  private PageDownload(
      Format format, WantedNames wanted, Limits limits, boolean whole, String refusal, long nanos) {
    this.wanted = wanted;
    this.limits = limits;
    this.parser = new PageParser(format, wanted, this::keep);
    this.whole = whole;
    this.refusal = refusal;
    this.nanos = nanos;
  }

  /** Handles the answer of one request. */
  static BodyHandler<ScrapedPage> handler(
      WantedNames wanted, Limits limits, LongSupplier nanoTime) {
    return answer -> {
      String type =
          answer.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT).strip();
      return new PageDownload(
          type.startsWith("application/openmetrics-text") ? Format.OPEN_METRICS : Format.TEXT,
          wanted,
          limits,
          saysItsLength(answer),
          refusal(answer.statusCode(), type),
          nanoTime.getAsLong());
    };
  }

  /** Without a length, the end of the connection is the end of the page, or of the exporter. */
  private static boolean saysItsLength(ResponseInfo answer) {
    return answer.headers().firstValue("Content-Length").isPresent()
        || answer.headers().firstValue("Transfer-Encoding").isPresent();
  }

  /** Why this is not a page; empty if it may be one. */
  private static String refusal(int status, String type) {
    if (status != OK) {
      return "answers with status %d: check the path and the setting authorization"
          .formatted(status);
    }
    if (type.startsWith("text/html") || type.startsWith("application/vnd.google.protobuf")) {
      return "answers with '%s': name the address of a page in Prometheus's text format, usually /metrics"
          .formatted(type);
    }
    return "";
  }

  @Override
  public CompletionStage<ScrapedPage> getBody() {
    return page;
  }

  @Override
  public void onSubscribe(Subscription newSubscription) {
    subscription = newSubscription;
    if (refusal.isEmpty()) {
      newSubscription.request(1);
    } else {
      fail(new MalformedPageException(refusal));
    }
  }

  @Override
  public void onNext(List<ByteBuffer> parts) {
    if (page.isDone()) {
      return;
    }
    try {
      for (ByteBuffer part : parts) {
        bytes += part.remaining();
        if (bytes > limits.bytes()) {
          throw new MalformedPageException(
              "has more than %d bytes: raise the setting max_page if that is right"
                  .formatted(limits.bytes()));
        }
        parser.feed(part);
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
    page.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    try {
      parser.finish(whole);
      page.complete(new ScrapedPage(List.copyOf(samples), nanos));
    } catch (MalformedPageException | RuntimeException e) {
      page.completeExceptionally(e);
    }
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

  private void fail(Throwable failure) {
    page.completeExceptionally(failure);
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
