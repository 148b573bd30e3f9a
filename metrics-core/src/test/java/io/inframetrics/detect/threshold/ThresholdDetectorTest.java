package io.inframetrics.detect.threshold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.Histories;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.Severity;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThresholdDetectorTest {

  private static final Threshold LIMIT = Threshold.above(80).criticalAbove(95);

  @Test
  void isSilentOnNothingAndAtTheLimit() {
    assertThat(detect(LIMIT)).isEmpty();
    assertThat(detect(LIMIT, 80)).isEmpty();
  }

  @Test
  void findsAValueJustPastTheLimit() {
    assertThat(detect(LIMIT, 80, Math.nextUp(80.0)))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.start()).isEqualTo(Histories.at(1));
              assertThat(finding.ongoing()).isTrue();
              assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            });
  }

  @Test
  void isCriticalOnlyPastTheCriticalValue() {
    assertThat(detect(LIMIT, 95)).singleElement().returns(Severity.WARNING, Finding::severity);
    assertThat(detect(LIMIT, 95.1)).singleElement().returns(Severity.CRITICAL, Finding::severity);
  }

  @Test
  void tellsOneEpisodeInWords() {
    assertThat(detect(LIMIT, 40, 90, 93))
        .containsExactly(
            new Finding(
                Histories.cpu().series(),
                MetricUnit.PERCENT,
                "threshold",
                Severity.WARNING,
                Histories.at(1),
                Histories.at(2),
                true,
                93,
                13 / 80.0,
                "93 % is above the threshold of 80 % (2 points)",
                null));
  }

  @Test
  void goesOnUntilItIsClear() {
    assertThat(detect(LIMIT, 90, 77))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.ongoing()).isTrue();
              assertThat(finding.excess()).isZero();
              assertThat(finding.reason())
                  .isEqualTo(
                      "77 % is not yet clear of the threshold of 80 % (2 points, peak 90 %)");
            });
    assertThat(detect(LIMIT, 90, 85, 76))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.ongoing()).isFalse();
              assertThat(finding.latest()).isEqualTo(Histories.at(1));
              assertThat(finding.value()).isEqualTo(90);
              assertThat(finding.reason())
                  .isEqualTo("90 % was above the threshold of 80 % (2 points)");
            });
  }

  @Test
  void tellsEveryEpisodeInOrder() {
    assertThat(detect(LIMIT, 90, 10, 10, 91, 10, 92))
        .extracting(Finding::start)
        .containsExactly(Histories.at(0), Histories.at(3), Histories.at(5));
  }

  @Test
  void waitsForAsLongAsItIsTold() {
    Threshold sustained = LIMIT.sustainedFor(Duration.ofMinutes(10));

    assertThat(detect(sustained, 90, 90, 10, 90, 90)).isEmpty();
    assertThat(detect(sustained, 10, 90, 91, 92))
        .singleElement()
        .returns(Histories.at(1), Finding::start);
    assertThat(detect(sustained.sustainedFor(Duration.ofSeconds(601)), 10, 90, 91, 92)).isEmpty();
  }

  @Test
  void takesOnePointForEnoughWherePointsAreFurtherApartThanItWaits() {
    Threshold sustained = LIMIT.sustainedFor(Duration.ofMinutes(10));
    Map<MetricType, Threshold> limits = Map.of(MetricType.CPU_UTILIZATION, sustained);
    Duration step = Duration.ofSeconds(601);

    assertThat(
            new ThresholdDetector(limits)
                .detect(
                    Histories.of(MetricType.CPU_UTILIZATION, MetricUnit.PERCENT, step, 10, 90, 10)))
        .singleElement()
        .returns(Histories.at(step, 1), Finding::start);
    assertThat(
            new ThresholdDetector(limits)
                .detect(
                    Histories.of(
                        MetricType.CPU_UTILIZATION,
                        MetricUnit.PERCENT,
                        step.minusSeconds(1),
                        10,
                        90,
                        10)))
        .isEmpty();
  }

  @Test
  void hasNothingToSayOfATypeWithoutALimit() {
    SeriesHistory traffic =
        Histories.of(MetricType.NETWORK_TRAFFIC, MetricUnit.MEGABITS_PER_SECOND, 1e6);

    assertThat(new ThresholdDetector(Map.of(MetricType.CPU_UTILIZATION, LIMIT)).detect(traffic))
        .isEmpty();
  }

  @Test
  void comparesASeriesOnlyWithALimitInItsUnit() {
    for (MetricUnit unit : MetricUnit.values()) {
      SeriesHistory history = Histories.of(MetricType.CPU_UTILIZATION, unit, 99);
      assertThat(detector(LIMIT.in(MetricUnit.PERCENT)).detect(history))
          .hasSize(unit == MetricUnit.PERCENT ? 1 : 0);
      assertThat(detector(LIMIT).detect(history)).hasSize(1);
    }
    Threshold changed =
        LIMIT.in(MetricUnit.PERCENT).clearAt(70).criticalAbove(90).sustainedFor(Duration.ZERO);
    assertThat(changed.unit()).isEqualTo(MetricUnit.PERCENT);
  }

  private static ThresholdDetector detector(Threshold threshold) {
    return new ThresholdDetector(Map.of(MetricType.CPU_UTILIZATION, threshold));
  }

  @Test
  void refusesLimitsThatMakeNoSense() {
    assertThatThrownBy(() -> Threshold.above(Double.NaN)).hasMessageContaining("finite");
    assertThatThrownBy(() -> LIMIT.criticalAbove(79)).hasMessageContaining("79");
    assertThatThrownBy(() -> LIMIT.clearAt(81)).hasMessageContaining("81");
    assertThatThrownBy(() -> LIMIT.sustainedFor(Duration.ofSeconds(-1)))
        .hasMessageContaining("PT-1S");
  }

  @Test
  void clearsNegativeLimitsBelowThem() {
    assertThat(Threshold.above(-10).clear()).isEqualTo(-10.5);
  }

  private static List<Finding> detect(Threshold threshold, double... values) {
    return new ThresholdDetector(Map.of(MetricType.CPU_UTILIZATION, threshold))
        .detect(Histories.cpu(values));
  }
}
