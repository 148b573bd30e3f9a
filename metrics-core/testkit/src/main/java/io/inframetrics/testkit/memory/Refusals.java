package io.inframetrics.testkit.memory;

import io.inframetrics.metric.Metric;
import io.inframetrics.sink.WriteResult.Failed;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Rules for the metrics that an in-memory store does not accept. */
final class Refusals {

  private final List<Rule> rules = new CopyOnWriteArrayList<>();

  void add(Predicate<Metric> which, int times, String reason) {
    rules.add(new Rule(which, new AtomicInteger(times), reason));
  }

  @Nullable Failed refusal(Metric metric) {
    for (Rule rule : rules) {
      if (rule.which().test(metric) && rule.left().getAndUpdate(n -> n > 0 ? n - 1 : 0) > 0) {
        return new Failed(metric.id(), rule.reason());
      }
    }
    return null;
  }

  private record Rule(Predicate<Metric> which, AtomicInteger left, String reason) {}
}
