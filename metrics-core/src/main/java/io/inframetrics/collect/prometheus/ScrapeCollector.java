package io.inframetrics.collect.prometheus;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.prometheus.Scraper.Pages;
import io.inframetrics.collect.prometheus.Scraper.Reading;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.text.Texts;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Reads pages and pushes what they say now. Targets are read at the same time, each with its own
 * timeout, and each is pushed as soon as it has answered. Those that fail are named in the end.
 *
 * @param rules of one type
 * @param instanceLabel a label of the pages that has the instance id, where the target's name does
 *     not; empty if there is none
 */
record ScrapeCollector(
    MetricType type,
    List<Rule> rules,
    List<Target> targets,
    Scraper scraper,
    Connection connection,
    String instanceLabel,
    String region,
    Duration maxGap,
    Clock clock)
    implements MetricCollector {

  /** Targets that are read at the same time; each needs a connection and 64 KB. */
  static final int MAX_AT_ONCE = 256;

  /** By how much a target's clock may be ahead of ours. */
  private static final Duration CLOCK_DIFFERENCE = Duration.ofSeconds(30);

  /** Failures that a message names. */
  private static final int MAX_NAMED = 3;

  @Override
  public String name() {
    return ScrapeCollectorFactory.NAME;
  }

  @Override
  public void collect(CollectionRequest request, MetricConsumer consumer)
      throws InterruptedException {
    RuleEvaluation evaluation = new RuleEvaluation(region, maxGap.toMillis(), consumer);
    List<String> failures = new ArrayList<>();
    Deque<Target> waiting = new ArrayDeque<>(targets);
    Duration timeout = connection.timeout(request.deadline().remaining());
    try (Scraper.Run run = scraper.run(timeout)) {
      while (!waiting.isEmpty() || !run.running().isEmpty()) {
        if (request.deadline().hasPassed()) {
          run.running()
              .forEach(late -> failures.add(late.target() + " did not answer before the deadline"));
          waiting.forEach(late -> failures.add(late + " was not asked before the deadline"));
          break;
        }
        while (!waiting.isEmpty() && run.running().size() < MAX_AT_ONCE) {
          run.read(waiting.remove());
        }
        Reading reading = run.next(request.deadline().remaining());
        if (reading != null) {
          push(reading, request, timeout, evaluation, failures);
        }
      }
    } catch (IOException e) {
      throw new RetryableFailureException("cannot open connections: " + Texts.describe(e), e);
    }
    report(evaluation, failures, consumer);
  }

  private void push(
      Reading reading,
      CollectionRequest request,
      Duration timeout,
      RuleEvaluation evaluation,
      List<String> failures) {
    Throwable failure = reading.failure();
    if (failure != null) {
      failures.add(reading.target() + " " + Connection.reason(failure, timeout));
      return;
    }
    Pages pages = reading.pages();
    Collection<RawSeries> series = series(pages, request);
    for (Rule rule : rules) {
      evaluation.push(
          rule,
          series,
          each -> instance(reading.target(), each),
          Set.of(instanceLabel),
          request.since().toEpochMilli(),
          Long.MAX_VALUE);
    }
  }

  private void report(RuleEvaluation evaluation, List<String> failures, MetricConsumer consumer) {
    if (!failures.isEmpty()) {
      String more =
          failures.size() > MAX_NAMED ? "; and %d more".formatted(failures.size() - MAX_NAMED) : "";
      throw new RetryableFailureException(
          "%d of %d targets failed: %s%s"
              .formatted(
                  failures.size(),
                  targets.size(),
                  String.join("; ", failures.subList(0, Math.min(MAX_NAMED, failures.size()))),
                  more));
    }
    if (evaluation.pushed() == 0) {
      consumer.note(
          "no page has %s: it needs %s"
              .formatted(
                  type,
                  String.join(
                      " and ", rules.stream().flatMap(rule -> rule.metrics().stream()).toList())));
    }
  }

  private String instance(Target target, RawSeries series) {
    String instance = instanceLabel.isEmpty() ? "" : series.label(instanceLabel);
    return instance.isEmpty() ? target.name() : instance;
  }

  /** Joins the two pages: each series has the sample of now and remembers the one before. */
  private Collection<RawSeries> series(Pages pages, CollectionRequest request) {
    Map<RawSeries.Key, ScrapedPage.Sample> earlier = new LinkedHashMap<>();
    pages
        .before()
        .ifPresent(
            page -> page.samples().forEach(sample -> earlier.putIfAbsent(sample.key(), sample)));
    long elapsed =
        pages
            .before()
            .map(page -> TimeUnit.NANOSECONDS.toMillis(pages.now().nanos() - page.nanos()))
            .orElse(0L);
    long until = request.until().toEpochMilli();
    long newest = clock.instant().plus(CLOCK_DIFFERENCE).toEpochMilli();
    Map<RawSeries.Key, RawSeries> series = new LinkedHashMap<>();
    for (ScrapedPage.Sample sample : pages.now().samples()) {
      boolean dated = sample.timestamp() != PageParser.NO_TIMESTAMP;
      // The page was read after the window's end: what it says of then is what it says of now.
      boolean now = !dated || (sample.timestamp() > until && sample.timestamp() <= newest);
      long time = now ? until : sample.timestamp();
      RawSeries read = new RawSeries(sample.key(), 1);
      ScrapedPage.Sample before = earlier.get(sample.key());
      if (before != null) {
        long span = dated ? sample.timestamp() - before.timestamp() : elapsed;
        if (span > 0 || !dated) {
          read.startsAfter(time - span, before.value());
        }
      }
      read.add(time, sample.value());
      series.putIfAbsent(sample.key(), read);
    }
    return series.values();
  }
}
