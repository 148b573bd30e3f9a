package io.inframetrics.spring;

import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.spring.CollectionRuns.Run;
import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Up if the last run collected something, and lists what it could not collect. Down if it failed,
 * or if no run has ended for three periods. Unknown before the first run has ended.
 */
final class CollectionHealthIndicator extends AbstractHealthIndicator {

  private static final int MISSED_PERIODS = 3;

  private final CollectionRuns runs;
  private final InfraMetricsProperties.Schedule schedule;
  private final Clock clock;

  CollectionHealthIndicator(
      CollectionRuns runs, InfraMetricsProperties.Schedule schedule, Clock clock) {
    super("the last collection cannot be looked at");
    this.runs = runs;
    this.schedule = schedule;
    this.clock = clock;
  }

  @Override
  protected void doHealthCheck(Health.Builder health) {
    Run run = runs.last().orElse(null);
    if (run == null) {
      health
          .unknown()
          .withDetail(
              "reason", runs.hasCollectors() ? "no run has ended yet" : "there is no collector");
      return;
    }
    health.withDetail("ended", run.ended());
    CollectionResult result = run.result();
    if (result == null) {
      health.down().withDetail("reason", run.failure());
      return;
    }
    health
        .up()
        .withDetail("status", result.status())
        .withDetail("observations", result.metricCount());
    if (!result.failures().isEmpty()) {
      health.withDetail(
          "failures",
          result.failures().stream()
              .map(failure -> failure.label() + ": " + failure.reason())
              .toList());
    }
    if (!result.notes().isEmpty()) {
      health.withDetail("notes", result.notes());
    }
    Duration age = Duration.between(run.ended(), clock.instant());
    if (schedule.enabled() && age.compareTo(schedule.period().multipliedBy(MISSED_PERIODS)) > 0) {
      health.down().withDetail("reason", "no run has ended for " + age);
    }
  }
}
