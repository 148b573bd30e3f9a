package io.inframetrics.collect.prometheus;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How Prometheus series become observations of one type. Immutable; safe to share.
 *
 * @param terms what is read; series of a term that fall into one group are added up
 * @param groups the dimensions by the label that they come from, in order; empty if every label is
 *     a dimension under its own name
 * @param oncePer a label; of the groups of an instance that agree in it only the one with the
 *     shortest dimensions counts, so that what is mounted twice is reported once
 * @param formula the value, from the sums of the terms
 */
record Rule(
    MetricType type,
    MetricUnit unit,
    List<Term> terms,
    Optional<Map<String, String>> groups,
    Optional<String> oncePer,
    Formula formula) {

  /**
   * Series of one metric.
   *
   * @param rate whether the samples are of a counter, whose increase a second is wanted
   */
  record Term(String metric, List<LabelMatcher> matchers, boolean rate) {

    boolean accepts(RawSeries series) {
      return series.metric().equals(metric)
          && matchers.stream().allMatch(matcher -> matcher.accepts(series));
    }
  }

  interface Formula {

    /** The value, from one number for each term; NaN if there is none. */
    double of(double[] terms);
  }

  boolean readsRates() {
    return terms.stream().anyMatch(Term::rate);
  }

  List<String> metrics() {
    return terms.stream().map(Term::metric).distinct().toList();
  }
}
