package io.inframetrics.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FindingTest {

  private static final Instant NOON = Instant.parse("2026-02-01T12:00:00Z");

  @Test
  void cutsAReasonPastItsLimitOnly() {
    assertThat(finding(1, NOON, "x".repeat(200)).reason()).isEqualTo("x".repeat(200));
    assertThat(finding(1, NOON, "x".repeat(201)).reason()).isEqualTo("x".repeat(197) + "...");
  }

  @Test
  void refusesWhatIsNotFinite() {
    assertThatThrownBy(() -> finding(Double.NaN, NOON, "r"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN")
        .hasMessageContaining("cpu_utilization#i-1");
  }

  @Test
  void refusesToEndBeforeItStarts() {
    assertThatThrownBy(() -> finding(1, NOON.minusSeconds(1), "r"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("before its start");
  }

  @Test
  void refusesToBeUsualWhileItGoesOn() {
    Finding finding = finding(1, NOON, "r");
    assertThatThrownBy(
            () ->
                new Finding(
                    finding.series(),
                    finding.unit(),
                    finding.detector(),
                    finding.severity(),
                    NOON,
                    NOON,
                    true,
                    true,
                    1,
                    0,
                    "r",
                    null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cpu_utilization#i-1")
        .hasMessageContaining("only one that is over");
  }

  @Test
  void takesAnotherStart() {
    Instant earlier = NOON.minusSeconds(60);

    assertThat(finding(1, NOON, "r").startingAt(earlier).start()).isEqualTo(earlier);
    assertThat(finding(1, NOON, "r").startingAt(earlier).latest()).isEqualTo(NOON);
  }

  private static Finding finding(double value, Instant latest, String reason) {
    return new Finding(
        Series.of(MetricType.CPU_UTILIZATION, "i-1"),
        MetricUnit.PERCENT,
        "test",
        Severity.INFO,
        NOON,
        latest,
        true,
        value,
        0,
        reason,
        null);
  }
}
