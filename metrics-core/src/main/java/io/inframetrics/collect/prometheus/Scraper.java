package io.inframetrics.collect.prometheus;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the pages of targets for the rules of one type, each independently of the others. Counters
 * need two pages: the second one comes {@code between} after the first, unless there is one from an
 * earlier run in this process. Safe for use by several threads.
 */
final class Scraper {

  private static final Logger LOG = LoggerFactory.getLogger(Scraper.class);

  /** As many threads as there are names being looked up; none if all targets are addresses. */
  private static final Executor LOOKUPS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "prometheus-lookup");
            thread.setDaemon(true);
            return thread;
          });

  private final WantedNames wanted;
  private final boolean needsTwo;
  private final PageDownload.Limits limits;
  private final Duration between;
  private final Duration maxAge;
  private final Connection connection;
  private final LongSupplier nanoTime;

  /** The newest page of each target. */
  private final ConcurrentHashMap<Target, ScrapedPage> newest = new ConcurrentHashMap<>();

  /**
   * A scraper without pages.
   *
   * @param needsTwo whether rules need rates
   * @param between the shortest time between two pages that make a rate
   * @param maxAge the longest
   */
  Scraper(
      WantedNames wanted,
      boolean needsTwo,
      PageDownload.Limits limits,
      Duration between,
      Duration maxAge,
      Connection connection,
      LongSupplier nanoTime) {
    this.wanted = wanted;
    this.needsTwo = needsTwo;
    this.limits = limits;
    this.between = between;
    this.maxAge = maxAge;
    this.connection = connection;
    this.nanoTime = nanoTime;
  }

  /** What a target said; a rate needs {@code before}. */
  record Pages(Optional<ScrapedPage> before, ScrapedPage now) {}

  /**
   * Starts to read a target. Blocks nothing, and never waits for another target.
   *
   * @param timeout of each request
   */
  Reading read(Target target, Duration timeout) {
    Reading reading = new Reading(target, timeout);
    reading.start();
    return reading;
  }

  /** Whether a host is an address, which needs no name server. */
  private static boolean isNumeric(String host) {
    return host.startsWith("[")
        || (!host.isEmpty() && host.chars().allMatch(c -> c == '.' || Character.isDigit(c)));
  }

  private static void lookUp(String host) {
    try {
      InetAddress[] ignored = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      LOG.debug("the host name {} is not known", host, e); // The client will say so.
    }
  }

  /** The reading of one target, which can be given up. */
  final class Reading {

    private final Target target;
    private final Duration timeout;
    private final CompletableFuture<Pages> pages = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<?> request;

    private Reading(Target target, Duration timeout) {
      this.target = target;
      this.timeout = timeout;
    }

    Target target() {
      return target;
    }

    /** Completes when the target was read, with the reason if it could not be. */
    CompletableFuture<Pages> pages() {
      return pages;
    }

    /** Ends the transfer. */
    void cancel() {
      pages.cancel(false);
      CompletableFuture<?> running = request;
      if (running != null) {
        running.cancel(true);
      }
    }

    private void start() {
      CompletableFuture<Pages> ignored =
          readPages()
              .whenComplete(
                  (read, failure) -> {
                    if (read != null) {
                      newest.put(target, read.now());
                      pages.complete(read);
                    } else {
                      pages.completeExceptionally(failure);
                    }
                  });
    }

    private CompletableFuture<Pages> readPages() {
      if (!needsTwo) {
        return page().thenApply(now -> new Pages(Optional.empty(), now));
      }
      ScrapedPage before = newest.get(target);
      if (before != null && isBetween(nanoTime.getAsLong() - before.nanos())) {
        return page().thenApply(now -> new Pages(Optional.of(before), now));
      }
      return page()
          .thenCompose(
              first ->
                  new CompletableFuture<@Nullable Void>()
                      .completeOnTimeout(null, between.toNanos(), TimeUnit.NANOSECONDS)
                      .thenCompose(waited -> page())
                      .thenApply(now -> new Pages(Optional.of(first), now)));
    }

    private CompletableFuture<ScrapedPage> page() {
      HttpRequest get =
          connection.request(target.uri()).header("Accept", PageDownload.ACCEPT).build();
      CompletableFuture<ScrapedPage> page = new CompletableFuture<>();
      // The client's own timeout ends when the page begins to arrive; this one covers all of it.
      page.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
      if (isNumeric(target.uri().getHost())) {
        send(get, page);
      } else {
        // The client's only thread would wait for the name server. Java remembers the answer.
        LOOKUPS.execute(
            () -> {
              lookUp(target.uri().getHost());
              send(get, page);
            });
      }
      return page;
    }

    private void send(HttpRequest get, CompletableFuture<ScrapedPage> page) {
      CompletableFuture<HttpResponse<ScrapedPage>> sent =
          connection.client().sendAsync(get, PageDownload.handler(wanted, limits, nanoTime));
      request = sent;
      if (pages.isDone()) {
        sent.cancel(true);
      }
      CompletableFuture<ScrapedPage> unusedPage =
          page.whenComplete((read, failure) -> sent.cancel(true));
      CompletableFuture<HttpResponse<ScrapedPage>> unusedAnswer =
          sent.whenComplete(
              (answer, failure) -> {
                if (answer != null) {
                  page.complete(answer.body());
                } else {
                  page.completeExceptionally(failure);
                }
              });
    }

    private boolean isBetween(long nanos) {
      return nanos >= between.toNanos() && nanos <= maxAge.toNanos();
    }
  }
}
