package io.inframetrics.collect.plugin;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.collect.plugin.PerformanceData.Figure;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.text.Texts;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** Pushes what the checks of a run found of one metric type. */
record PluginCollector(
    MetricType type, CheckFile file, CheckRuns runs, String instanceId, String region)
    implements MetricCollector {

  @Override
  public String name() {
    return PluginCollectorFactory.NAME;
  }

  @Override
  public void collect(CollectionRequest request, MetricConsumer consumer)
      throws InterruptedException {
    CheckRuns.Results results = runs.of(request);
    Set<Series> pushed = new HashSet<>();
    for (CheckResult result : results.results()) {
      if (type.equals(CheckFile.STATE)) {
        if (!result.remark().isEmpty()) {
          consumer.note(result.remark());
        }
        if (!result.data().refused().isEmpty()) {
          consumer.note(
              "check '%s' printed figures that cannot be read: %s"
                  .formatted(
                      result.check().name(),
                      Texts.oneLine(String.join(", ", result.data().refused()))));
        }
        Series series = Series.of(type, instanceId, Map.of("check", result.check().name()));
        push(request, consumer, series, result.state(), MetricUnit.NONE);
      } else {
        for (Figure figure : result.data().figures()) {
          figure(request, consumer, result.check(), figure, pushed);
        }
      }
    }
    if (!results.unfinished().isEmpty()) {
      throw new RetryableFailureException(
          "the time was over before these checks had ended: "
              + Texts.shorten(String.join(", ", results.unfinished()), 200));
    }
  }

  private void figure(
      CollectionRequest request,
      MetricConsumer consumer,
      Check check,
      Figure figure,
      Set<Series> pushed) {
    Rule rule =
        file.rules().stream()
            .filter(each -> each.matches(check.name(), figure))
            .findFirst()
            .orElse(null);
    if (rule == null || !type.equals(rule.type())) {
      return;
    }
    OptionalDouble value = rule.value(figure);
    if (value.isEmpty()) {
      return; // The plugin could not find it out; its exit code says so.
    }
    Series series;
    try {
      series = Series.of(type, instanceId, rule.dimensions(check.name(), figure.label()));
    } catch (IllegalArgumentException e) {
      consumer.note(
          "a figure of check '%s' was left out: %s".formatted(check.name(), e.getMessage()));
      return;
    }
    if (pushed.add(series)) {
      push(request, consumer, series, value.getAsDouble(), rule.unitOf(figure));
    } else {
      consumer.note(
          "a figure of check '%s' was left out: %s is printed twice"
              .formatted(check.name(), Texts.oneLine(series.id(), 100)));
    }
  }

  private void push(
      CollectionRequest request,
      MetricConsumer consumer,
      Series series,
      double value,
      MetricUnit unit) {
    consumer.accept(new Observation(series, request.until(), value, unit, region));
  }
}
