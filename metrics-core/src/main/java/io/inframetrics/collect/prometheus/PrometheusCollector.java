package io.inframetrics.collect.prometheus;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.prometheus.QueryAnswer.TooManySamplesException;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.InvalidRequestException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Pushes what a Prometheus server scraped in the window, each sample at the time of its scrape. A
 * window whose samples are too many for one answer is asked for in parts.
 *
 * @param rules of one type
 * @param instanceLabel the label that has the instance id
 * @param maxGap the longest time between two samples that still make a rate
 * @param maxSamples in one answer
 * @param lookBehind how long a sample may take from its scrape until the server has it
 */
record PrometheusCollector(
    MetricType type,
    List<Rule> rules,
    PrometheusServer server,
    String instanceLabel,
    String region,
    Duration maxGap,
    long maxSamples,
    Duration lookBehind)
    implements MetricCollector {

  /** A part of a window is not made shorter than this. */
  private static final long MIN_SPAN_MILLIS = 1_000;

  private static final String JOB = "job";

  @Override
  public String name() {
    return PrometheusCollectorFactory.NAME;
  }

  @Override
  public void collect(CollectionRequest request, MetricConsumer consumer)
      throws InterruptedException {
    RuleEvaluation evaluation = new RuleEvaluation(region, maxGap.toMillis(), consumer);
    for (Rule rule : rules) {
      collect(rule, request, evaluation, consumer);
    }
    if (evaluation.pushed() == 0) {
      consumer.note(
          "%s has no samples for %s from %s to %s: nothing matches %s, or counters have one sample only"
              .formatted(
                  server,
                  type,
                  request.since(),
                  request.until(),
                  String.join(" and ", rules.stream().map(server::selectorOf).toList())));
    }
  }

  private void collect(
      Rule rule, CollectionRequest request, RuleEvaluation evaluation, MetricConsumer consumer)
      throws InterruptedException {
    String series = server.selectorOf(rule);
    long from = request.since().toEpochMilli();
    long until = request.until().toEpochMilli();
    // The first rate of the window needs the sample before it.
    long start = rule.readsRates() ? from - maxGap.toMillis() : from;
    long span = until - start;
    Map<RawSeries.Key, RawSeries> earlier = Map.of();
    while (start < until) {
      long to = Math.min(start + span, until);
      QueryAnswer answer;
      try {
        answer = server.query(series, start, to, maxSamples, request.deadline().remaining());
      } catch (TooManySamplesException e) {
        if (to - start <= MIN_SPAN_MILLIS) {
          throw new InvalidRequestException(
              "%s: the answer for %s %s, even for %s: set SELECTOR to read fewer series, or raise MAX_SAMPLES"
                  .formatted(server, series, e.getMessage(), Duration.ofMillis(to - start)),
              e);
        }
        span = Math.max(MIN_SPAN_MILLIS, (to - start) / 2);
        continue;
      }
      answer.warnings().forEach(warning -> consumer.note(server + " warns: " + warning));
      if (rule.readsRates()) {
        earlier = joined(earlier, answer.series(), start - maxGap.toMillis());
      }
      evaluation.push(rule, answer.series(), this::instance, Set.of(instanceLabel, JOB), from, to);
      start = to;
    }
  }

  /**
   * Gives each series the sample that was read before it.
   *
   * @param oldest series that ended before it are forgotten
   * @return the series that the next part continues
   */
  private static Map<RawSeries.Key, RawSeries> joined(
      Map<RawSeries.Key, RawSeries> earlier, List<RawSeries> series, long oldest) {
    Map<RawSeries.Key, RawSeries> next = new HashMap<>();
    for (RawSeries before : earlier.values()) {
      RawSeries last = new RawSeries(before.key(), 0);
      last.startsAfter(before);
      if (last.earlierTime() >= oldest) {
        next.put(last.key(), last);
      }
    }
    for (RawSeries each : series) {
      RawSeries before = next.put(each.key(), each);
      if (before != null) {
        each.startsAfter(before);
      }
    }
    return next;
  }

  /** What recording rules compute may belong to no instance. */
  private String instance(RawSeries series) {
    String instance = series.label(instanceLabel);
    return instance.isEmpty() ? PrometheusCollectorFactory.NAME : instance;
  }
}
