package io.inframetrics.collect.prometheus;

import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.collect.prometheus.Rule.Term;
import io.inframetrics.metric.Series;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Applies rules to scraped series within one call of a collector: counters become rates, series of
 * a group are added up, and each point is pushed once. Not thread-safe.
 */
final class RuleEvaluation {

  private static final double MILLIS_OF_A_SECOND = 1_000;

  private static final String JOB = "job";

  private final String region;
  private final long maxGapMillis;
  private final MetricConsumer consumer;

  /** The group that each series came from, to notice a second one. */
  private final Map<Series, GroupKey> sources = new HashMap<>();

  private final Map<Series, Long> lastSeconds = new HashMap<>();
  private final Set<String> noted = new HashSet<>();
  private long pushed;

  /**
   * An evaluation without points so far.
   *
   * @param maxGapMillis the longest time between two samples that still make a rate
   */
  RuleEvaluation(String region, long maxGapMillis, MetricConsumer consumer) {
    this.region = region;
    this.maxGapMillis = maxGapMillis;
    this.consumer = consumer;
  }

  /** How many observations were pushed. */
  long pushed() {
    return pushed;
  }

  /**
   * Pushes the points of {@code (from, to]}.
   *
   * @param all what was read, also from some time before {@code from}; series that the rule does
   *     not read are ignored
   * @param instance the instance id of a series
   * @param ofTheTarget labels that name what was scraped, and are not dimensions by themselves
   * @param from milliseconds since 1970, as is {@code to}
   */
  void push(
      Rule rule,
      Collection<RawSeries> all,
      Function<RawSeries, String> instance,
      Set<String> ofTheTarget,
      long from,
      long to) {
    Map<GroupKey, Group> groups = new LinkedHashMap<>();
    for (RawSeries series : all) {
      for (int term = 0; term < rule.terms().size(); term++) {
        if (rule.terms().get(term).accepts(series)) {
          GroupKey key = key(rule, series, instance.apply(series), ofTheTarget);
          groups.computeIfAbsent(key, any -> new Group()).add(term, series);
        }
      }
    }
    for (Map.Entry<GroupKey, Group> group : counted(rule, groups)) {
      push(rule, group.getKey(), group.getValue(), from, to);
    }
  }

  private static GroupKey key(
      Rule rule, RawSeries series, String instance, Set<String> ofTheTarget) {
    Map<String, String> dimensions = new TreeMap<>();
    if (rule.groups().isPresent()) {
      rule.groups()
          .get()
          .forEach(
              (label, dimension) -> {
                if (!series.label(label).isEmpty()) {
                  dimensions.put(dimension, series.label(label));
                }
              });
    } else {
      dimensions.putAll(series.labels());
      dimensions.keySet().removeAll(ofTheTarget);
    }
    return new GroupKey(instance, series.label(JOB), dimensions);
  }

  /** Of the groups that are the same thing under several names, the one with the shortest. */
  private static Collection<Map.Entry<GroupKey, Group>> counted(
      Rule rule, Map<GroupKey, Group> groups) {
    if (rule.oncePer().isEmpty()) {
      return groups.entrySet();
    }
    String label = rule.oncePer().get();
    Map<GroupKey, Map.Entry<GroupKey, Group>> chosen = new LinkedHashMap<>();
    for (Map.Entry<GroupKey, Group> entry : groups.entrySet()) {
      String shared = entry.getValue().parts.get(0).series().label(label);
      chosen.merge(
          new GroupKey(entry.getKey().instance(), entry.getKey().job(), Map.of(label, shared)),
          entry,
          (one, other) -> nameOf(one).compareTo(nameOf(other)) <= 0 ? one : other);
    }
    return chosen.values();
  }

  /** Sorts by length first. */
  private static String nameOf(Map.Entry<GroupKey, Group> group) {
    String name = String.join(",", group.getKey().dimensions().values());
    return "%06d%s".formatted(name.length(), name);
  }

  private void push(Rule rule, GroupKey key, Group group, long from, long to) {
    TreeMap<Long, Sums> points = new TreeMap<>();
    for (Part part : group.parts) {
      add(points, rule.terms(), part, from, to);
    }
    if (points.isEmpty()) {
      return;
    }
    Series series;
    try {
      series = Series.of(rule.type(), key.instance(), key.dimensions());
    } catch (IllegalArgumentException e) {
      note("left out a series of %s: %s".formatted(key.instance(), e.getMessage()));
      return;
    }
    GroupKey source = sources.putIfAbsent(series, key);
    if (source != null && !source.equals(key)) {
      note(
          "%s is scraped by the jobs '%s' and '%s', and the first one counts: choose one with the setting selector"
              .formatted(key.instance(), source.job(), key.job()));
      return;
    }
    for (Map.Entry<Long, Sums> point : points.entrySet()) {
      double value =
          point.getValue().complete() ? rule.formula().of(point.getValue().terms) : Double.NaN;
      if (!Double.isNaN(value)) {
        push(rule, series, Instant.ofEpochMilli(point.getKey()), value);
      }
    }
  }

  /** Adds the values of a series to its term's sums. A sum with an unknown part is NaN. */
  private void add(Map<Long, Sums> points, List<Term> terms, Part part, long from, long to) {
    RawSeries series = part.series();
    int term = part.term();
    long earlierTime = series.earlierTime();
    double earlier = series.earlierValue();
    for (int i = 0; i < series.size(); i++) {
      long time = series.time(i);
      double value = series.value(i);
      if (Double.isNaN(value)
          || (value < 0 && series.metric().equals(NodeExporter.SPEED))
          || time > to
          || time == earlierTime) {
        continue;
      }
      if (!terms.get(term).rate()) {
        sum(points, terms.size(), term, time, from, value);
      } else if (earlierTime != RawSeries.NEVER && time - earlierTime <= maxGapMillis) {
        // A counter that fell was reset; what it had counted before that is unknown.
        double increase = value >= earlier ? value - earlier : Double.NaN;
        double seconds = (time - earlierTime) / MILLIS_OF_A_SECOND;
        sum(points, terms.size(), term, time, from, increase / seconds);
      }
      earlierTime = time;
      earlier = value;
    }
  }

  private static void sum(
      Map<Long, Sums> points, int terms, int term, long time, long from, double value) {
    if (time > from) {
      points.computeIfAbsent(time, any -> new Sums(terms)).add(term, value);
    }
  }

  private void push(Rule rule, Series series, Instant time, double value) {
    Long last = lastSeconds.put(series, time.getEpochSecond());
    // A second has one point.
    if (last == null || last < time.getEpochSecond()) {
      pushed++;
      consumer.accept(new Observation(series, time, value, rule.unit(), region));
    }
  }

  private void note(String sentence) {
    if (noted.add(sentence)) {
      consumer.note(sentence);
    }
  }

  private record GroupKey(String instance, String job, Map<String, String> dimensions) {}

  /** A series and the term that reads it. */
  private record Part(int term, RawSeries series) {}

  private static final class Group {

    private final List<Part> parts = new ArrayList<>();

    void add(int term, RawSeries series) {
      parts.add(new Part(term, series));
    }
  }

  /** The sum of each term at one time. */
  private static final class Sums {

    private final double[] terms;
    private final boolean[] present;

    Sums(int terms) {
      this.terms = new double[terms];
      this.present = new boolean[terms];
    }

    void add(int term, double value) {
      terms[term] += value;
      present[term] = true;
    }

    boolean complete() {
      for (boolean each : present) {
        if (!each) {
          return false;
        }
      }
      return true;
    }
  }
}
