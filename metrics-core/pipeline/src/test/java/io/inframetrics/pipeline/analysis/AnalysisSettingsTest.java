package io.inframetrics.pipeline.analysis;

import static io.inframetrics.metric.MetricUnit.PERCENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.detect.anomaly.AnomalyDetector;
import io.inframetrics.detect.threshold.Threshold;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.analysis.AnalysisSettings.Judging;
import io.inframetrics.pipeline.analysis.AnalysisSettings.Reading;
import io.inframetrics.pipeline.analysis.AnalysisSettings.Reporting;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnalysisSettingsTest {

  @Test
  void hasALimitForEveryBuiltInTypeExceptTraffic() {
    assertThat(AnalysisSettings.DEFAULTS.judging().thresholds())
        .containsOnly(
            Map.entry(
                MetricType.CPU_UTILIZATION,
                new Threshold(80, 95, 76, Duration.ofMinutes(10), PERCENT)),
            Map.entry(
                MetricType.MEMORY_USAGE, new Threshold(85, 95, 80.75, Duration.ZERO, PERCENT)),
            Map.entry(MetricType.DISK_USAGE, new Threshold(90, 95, 85.5, Duration.ZERO, PERCENT)));
    assertThat(AnalysisSettings.DEFAULTS.judging().capacities())
        .containsOnly(
            Map.entry(MetricType.MEMORY_USAGE, 100.0), Map.entry(MetricType.DISK_USAGE, 100.0));
    assertThat(AnalysisSettings.DEFAULTS.judging().capacityUnits())
        .containsOnly(
            Map.entry(MetricType.MEMORY_USAGE, PERCENT), Map.entry(MetricType.DISK_USAGE, PERCENT));
  }

  @Test
  void changesOneThingAtATime() {
    MetricType queue = new MetricType("queue_depth");
    AnalysisSettings changed =
        AnalysisSettings.DEFAULTS
            .with(new Reporting(Duration.ofHours(9), 5, 1_024))
            .withThreshold(queue, Threshold.above(500))
            .withCapacity(queue, 1_000)
            .withHistoryPoints(4_032)
            .withWindow(Duration.ofHours(1));
    Judging judging = changed.judging();

    assertThat(judging.thresholds()).hasSize(4).containsEntry(queue, Threshold.above(500));
    assertThat(judging.capacities()).hasSize(3).containsEntry(queue, 1_000.0);
    assertThat(changed.reading().historyPoints()).isEqualTo(4_032);
    assertThat(changed.reporting().window()).isEqualTo(Duration.ofHours(1));
    assertThat(changed.reporting().maxFindings()).isEqualTo(5);
    assertThat(changed.reporting().maxSummaryBytes()).isEqualTo(1_024);
    assertThat(changed.reading().seenWithin())
        .isEqualTo(AnalysisSettings.DEFAULTS.reading().seenWithin());
    AnalysisSettings week =
        changed.with(
            new Judging(
                Map.of(),
                judging.capacities(),
                judging.capacityUnits(),
                judging.anomaly(),
                Duration.ofDays(7)));
    assertThat(week.judging().horizon()).isEqualTo(Duration.ofDays(7));
    assertThat(week.judging().thresholds()).isEmpty();
    assertThat(week.reporting()).isEqualTo(changed.reporting());
  }

  @Test
  void looksAtMoreOfASmallFleet() {
    AnalysisSettings defaults = AnalysisSettings.DEFAULTS;
    assertThat(defaults.reading().pointsOf(300)).isEqualTo(4_032);
    assertThat(defaults.reading().pointsOf(301)).isEqualTo(240);
    assertThat(defaults.withHistoryPoints(5_000).reading().pointsOf(1)).isEqualTo(5_000);
    Reading never =
        defaults
            .with(new Reading(240, Duration.ofDays(30), Duration.ofDays(1), 0, 4_032))
            .reading();
    assertThat(never.pointsOf(1)).isEqualTo(240);
    assertThat(never.historyPoints()).isEqualTo(240);
  }

  @Test
  void namesEveryMistakeAtOnce() {
    assertThatThrownBy(
            () ->
                new AnalysisSettings(
                    new Judging(
                        Map.of(),
                        Map.of(MetricType.DISK_USAGE, -1.0),
                        Map.of(),
                        AnomalyDetector.Settings.DEFAULTS,
                        Duration.ZERO),
                    new Reading(1, Duration.ZERO, Duration.ZERO, 1_001, 1),
                    new Reporting(Duration.ofHours(-1), 101, 4_097)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "analysis settings are not valid: history points is 1: use 2 to 100000; series of a"
                + " small fleet is 1001: use 0 to 1000; history points in a small fleet is 1: use 2"
                + " to 100000; findings in an answer is 101: use 0 to 100; summary bytes is 4097:"
                + " use 256 to 4096; history span is PT0S: use a positive duration; window is"
                + " PT-1H: use a positive duration; seen within is PT0S: use a positive duration;"
                + " forecast horizon is PT0S: use a positive duration; capacity of disk_usage is"
                + " -1.0: use a positive number");
  }
}
