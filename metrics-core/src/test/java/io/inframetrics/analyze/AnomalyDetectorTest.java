package io.inframetrics.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnomalyDetectorTest {

  private static final AnomalyDetector DETECTOR =
      new AnomalyDetector(AnomalyDetector.Settings.DEFAULT);

  private static final int DAY = 288;

  @ParameterizedTest
  @CsvSource({"1000, 19.5, false", "1000, 19.7, true", "100000, 1950, false"})
  void doesNotTellOfAStepWithinTwoPercent(double level, double step, boolean told) {
    assertThat(steps(MetricUnit.BYTES, level, step).isEmpty()).isEqualTo(!told);
  }

  @ParameterizedTest
  @CsvSource({"10, 0.9, false", "10, 1.1, true", "90, 1.7, false", "90, 1.9, true"})
  void doesNotTellOfAPercentagePoint(double level, double step, boolean told) {
    assertThat(steps(MetricUnit.PERCENT, level, step).isEmpty()).isEqualTo(!told);
  }

  @Test
  void theScoreItselfKnowsNoSuchRule() {
    AnomalyStream stream = new AnomalyStream();
    boolean alarm = false;
    for (double value : withStep(1_000, 10)) {
      alarm |= stream.next(0, value).anomaly();
    }
    assertThat(alarm).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "90, '; little history, 91 points'",
    "1440, '; less than two weeks of history'",
  })
  void saysHowLittleHistoryThereIs(int points, String ending) {
    assertThat(outageAfter(points)).hasSize(1).allMatch(f -> f.reason().endsWith(ending));
  }

  @Test
  void doesNotMentionHistoryWhenThereIsEnough() {
    assertThat(outageAfter(15 * DAY))
        .isNotEmpty()
        .last()
        .satisfies(f -> assertThat(f.reason()).doesNotContain("history"));
  }

  /** Findings in a value that moves by a hundredth of a step, then steps once. */
  private static List<Finding> steps(MetricUnit unit, double level, double step) {
    return DETECTOR.detect(Histories.of(MetricType.MEMORY_USAGE, unit, withStep(level, step)));
  }

  private static double[] withStep(double level, double step) {
    double[] values = new double[6 * DAY];
    for (int i = 0; i < values.length; i++) {
      // The two levels lie exactly a step apart, and the wobble between them.
      values[i] = i < 5 * DAY ? level - step * (i % 2) / 100 : level - step;
    }
    return values;
  }

  private static List<Finding> outageAfter(int points) {
    Random random = new Random(21);
    double[] values = new double[points + 1];
    for (int i = 0; i < points; i++) {
      values[i] = 50 + Math.max(-2, Math.min(2, random.nextGaussian()));
    }
    return DETECTOR.detect(Histories.cpu(values));
  }
}
