package io.inframetrics.collect.prometheus;

import io.inframetrics.collect.prometheus.http.HttpReads;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pages of targets for the rules of one type, each independently of the others. Counters
 * need two pages: the second one comes {@code between} after the first, unless there is one from an
 * earlier run in this process. Safe for use by several threads.
 */
final class Scraper {

  /** As many threads as there are names being looked up; none if all targets are addresses. */
  private static final Executor LOOKUPS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "prometheus-lookup");
            thread.setDaemon(true);
            return thread;
          });

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int DEFAULT_PORT = 80;

  private final WantedNames wanted;
  private final boolean needsTwo;
  private final PageDownload.Limits limits;
  private final Duration between;
  private final Duration maxAge;
  private final Connection connection;
  private final LongSupplier nanoTime;

  /** The newest page of each target. */
  private final ConcurrentHashMap<Target, ScrapedPage> newest = new ConcurrentHashMap<>();

  /** Targets that have answered with another address, which the client finds. */
  private final Set<Target> redirected = ConcurrentHashMap.newKeySet();

  /**
   * A scraper without pages.
   *
   * @param needsTwo whether rules need rates
   * @param between the shortest time between two pages that make a rate
   * @param maxAge the longest
   * @param nanoTime when pages begin to arrive; timeouts are real time
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
   * Begins a run, which reads no target yet.
   *
   * @param timeout of each page
   */
  Run run(Duration timeout) throws IOException {
    return new Run(timeout);
  }

  /** Whether a host is an address, which needs no name server. */
  private static boolean isNumeric(String host) {
    return host.startsWith("[")
        || (!host.isEmpty() && host.chars().allMatch(c -> c == '.' || Character.isDigit(c)));
  }

  /** Reads many targets at the same time in the thread that calls it. */
  final class Run implements Closeable {

    private final Duration timeout;
    private final HttpReads http;
    private final Set<Reading> running = new LinkedHashSet<>();
    private final Queue<Reading> finished = new ArrayDeque<>();

    private Run(Duration timeout) throws IOException {
      this.timeout = timeout;
      this.http = new HttpReads(connection.idle());
    }

    /** Starts to read a target; {@link #next} goes on with it. */
    void read(Target target) {
      Reading reading = new Reading(this, target);
      running.add(reading);
      reading.start();
    }

    /** The targets that {@link #next} has not returned yet. */
    Set<Reading> running() {
      return running;
    }

    /** A target that was read or has failed; null if there is none after waiting. */
    @Nullable Reading next(Duration wait) throws IOException, InterruptedException {
      long end = System.nanoTime() + wait.toNanos();
      while (finished.isEmpty()) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return null;
        }
        http.run(Duration.ofNanos(left));
      }
      Reading reading = finished.remove();
      running.remove(reading);
      return reading;
    }

    /** Ends the transfers that are under way. */
    @Override
    public void close() throws IOException {
      running.forEach(Reading::cancel);
      http.close();
    }
  }

  /** The reading of one target. */
  final class Reading {

    private final Run run;
    private final Target target;
    private @Nullable ScrapedPage first;
    private @Nullable ScrapedPage last;
    private @Nullable Throwable failure;
    private boolean over;

    /** Counts the requests, so that what belongs to an earlier one is known. */
    private int request;

    private HttpReads.@Nullable Read plain;
    private @Nullable CompletableFuture<?> sent;

    private Reading(Run run, Target target) {
      this.run = run;
      this.target = target;
    }

    Target target() {
      return target;
    }

    /** What the target said, if it did not fail. */
    Pages pages() {
      return new Pages(Optional.ofNullable(first), Objects.requireNonNull(last));
    }

    /** Why the target could not be read; null if it was. */
    @Nullable Throwable failure() {
      return failure;
    }

    private void start() {
      ScrapedPage before = needsTwo ? newest.get(target) : null;
      if (before != null && isBetween(nanoTime.getAsLong() - before.nanos())) {
        first = before;
      }
      readPage();
    }

    private void readPage() {
      int number = ++request;
      // Covers looking up the name, and all of the page.
      run.http.after(run.timeout, () -> expire(number));
      String host = target.uri().getHost();
      boolean isPlain = Connection.isPlain(target.uri()) && !redirected.contains(target);
      if (isNumeric(host)) {
        send(isPlain, () -> InetAddress.getByName(host));
      } else {
        // Those who read would wait for the name server. Java remembers the answer.
        LOOKUPS.execute(
            () -> {
              Address address = lookUp(host);
              run.http.execute(
                  () -> {
                    if (isRunning(number)) {
                      send(isPlain, address);
                    }
                  });
            });
      }
    }

    private void send(boolean isPlain, Address address) {
      if (!isPlain) {
        sendByClient(); // It says itself if the name is not known, or asks a proxy.
        return;
      }
      URI uri = target.uri();
      InetSocketAddress socket;
      try {
        socket =
            new InetSocketAddress(address.get(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
      } catch (UnknownHostException e) {
        fail(e);
        return;
      }
      PageDownload download = new PageDownload(wanted, limits, nanoTime);
      plain =
          run.http.get(
              socket,
              connection.plainRequest(uri, PageDownload.ACCEPT),
              download,
              problem -> {
                if (problem == null) {
                  arrived(download.page());
                } else if (REDIRECTS.contains(download.status())) {
                  redirected.add(target);
                  sendByClient();
                } else {
                  fail(problem);
                }
              });
    }

    private void sendByClient() {
      int number = request;
      HttpRequest get =
          connection.request(target.uri()).header("Accept", PageDownload.ACCEPT).build();
      CompletableFuture<HttpResponse<ScrapedPage>> answer =
          connection.client().sendAsync(get, new PageDownload(wanted, limits, nanoTime).handler());
      sent = answer;
      CompletableFuture<HttpResponse<ScrapedPage>> unused =
          answer.whenComplete(
              (page, problem) ->
                  run.http.execute(
                      () -> {
                        if (!isRunning(number)) {
                          return;
                        }
                        if (page != null) {
                          arrived(page.body());
                        } else {
                          fail(problem);
                        }
                      }));
    }

    private void arrived(ScrapedPage page) {
      if (needsTwo && first == null) {
        first = page;
        request++;
        run.http.after(between, this::readPage);
      } else {
        last = page;
        newest.put(target, page);
        end();
      }
    }

    private void expire(int number) {
      if (!isRunning(number)) {
        return;
      }
      if (plain != null && plain.hasMore()) {
        // It answered in time, and this thread was late.
        run.http.after(Duration.ZERO, () -> expire(number));
      } else {
        fail(new TimeoutException());
      }
    }

    private boolean isRunning(int number) {
      return !over && number == request;
    }

    private void fail(Throwable problem) {
      cancel();
      failure = problem;
      end();
    }

    private void end() {
      over = true;
      run.finished.add(this);
    }

    private void cancel() {
      over = true;
      if (plain != null) {
        plain.cancel();
      }
      if (sent != null) {
        sent.cancel(true);
      }
    }

    private boolean isBetween(long nanos) {
      return nanos >= between.toNanos() && nanos <= maxAge.toNanos();
    }
  }

  /** An address, or that there is none. */
  private interface Address {

    InetAddress get() throws UnknownHostException;
  }

  private static Address lookUp(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      return () -> address;
    } catch (UnknownHostException e) {
      return () -> {
        throw e;
      };
    }
  }
}
