package io.inframetrics.detect.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.Histories;
import io.inframetrics.detect.ReadableText;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnomalyDetectorTest {

  private static final AnomalyDetector DETECTOR =
      new AnomalyDetector(AnomalyDetector.Settings.DEFAULTS);

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
    "90, '; little history: 91 points'",
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

  @Test
  void endsASpikeWhenTheValueIsBack() {
    double[] values = noise(15 * DAY);
    for (int i = 14 * DAY; i < 14 * DAY + 4; i++) {
      values[i] += 40;
    }

    assertThat(last(values, 14 * DAY + 5).ongoing()).isTrue();
    assertThat(last(values, 14 * DAY + 6))
        .returns(false, Finding::ongoing)
        .returns(false, Finding::becameUsual)
        .returns(Histories.at(14 * DAY), Finding::start)
        .returns(Histories.at(14 * DAY + 3), Finding::latest);
    assertThat(last(values, 15 * DAY)).isEqualTo(last(values, 14 * DAY + 6));
  }

  @Test
  void endsAStuckValueWhenItMovesAgain() {
    double[] values = noise(15 * DAY);
    for (int i = 14 * DAY; i < 14 * DAY + 24; i++) {
      values[i] = 2;
    }

    assertThat(last(values, 15 * DAY))
        .returns(false, Finding::ongoing)
        .returns(Histories.at(14 * DAY), Finding::start)
        .returns(Histories.at(14 * DAY + 23), Finding::latest)
        .satisfies(finding -> assertThat(finding.reason()).startsWith("stuck at 2 %"));
  }

  @Test
  void goesOnWithALevelShiftUntilThatIsUsual() {
    double[] values = noise(17 * DAY);
    for (int i = 14 * DAY; i < values.length; i++) {
      values[i] += 20;
    }

    assertThat(last(values, 14 * DAY + 48).ongoing()).isTrue();
    Finding inTheEnd = last(values, 17 * DAY);
    assertThat(inTheEnd.start()).isEqualTo(last(values, 14 * DAY + 48).start());
    assertThat(inTheEnd.ongoing()).isFalse();
    assertThat(inTheEnd.becameUsual()).isTrue();
    assertThat(inTheEnd.latest()).isAfter(Histories.at(14 * DAY + 48));
  }

  @ParameterizedTest
  @CsvSource({"6, 1", "6, 6", "9, 1", "9, 6", "13, 3"})
  void tellsAnOutageRightBehindASpike(double spike, int later) {
    double[] values = noise(14 * DAY + later + 7);
    values[14 * DAY] += spike;
    for (int i = 14 * DAY + later; i < values.length; i++) {
      values[i] = 0;
    }

    List<Finding> findings = DETECTOR.detect(Histories.cpu(values));

    List<Finding> two = findings.subList(findings.size() - 2, findings.size());
    assertThat(two)
        .extracting(Finding::start)
        .containsExactly(Histories.at(14 * DAY), Histories.at(14 * DAY + later));
    assertThat(two).extracting(Finding::ongoing).containsExactly(false, true);
    assertThat(two.get(0).latest()).isBefore(two.get(1).start());
  }

  @Test
  void resumesAnIncidentThatComesAndGoes() {
    double[] values = noise(15 * DAY);
    // Twenty minutes of every half an hour.
    for (int i = 14 * DAY; i < 14 * DAY + 48; i++) {
      values[i] += i % 6 < 4 ? 40 : 0;
    }

    List<Finding> findings = DETECTOR.detect(Histories.cpu(values));

    assertThat(findings.stream().filter(f -> !f.start().isBefore(Histories.at(14 * DAY))))
        .singleElement()
        .returns(Histories.at(14 * DAY + 45), Finding::latest);
  }

  @Test
  void tellsTheNearestValueOfThePastAndNotOfTheIncidentItself() {
    double[] values = noise(15 * DAY);
    for (int i = 14 * DAY; i < 14 * DAY + 24; i++) {
      values[i] = 90 + i % 2;
    }

    for (int n = 14 * DAY + 1; n < 14 * DAY + 24; n++) {
      assertThat(last(values, n).reason()).containsPattern("nearest in 14 days: 5\\d(\\.\\d+)? %");
    }
  }

  @Test
  void tellsTheValueThatTheReasonSpeaksOf() {
    double[] values = noise(14 * DAY + 5);
    values[14 * DAY] += 20;
    values[14 * DAY + 1] += 35;
    values[14 * DAY + 2] += 30;

    Finding finding = last(values, 14 * DAY + 3);

    assertThat(finding.reason())
        .startsWith(ReadableText.value(finding.value(), MetricUnit.PERCENT) + " is ");
  }

  private static Finding last(double[] values, int points) {
    List<Finding> findings = DETECTOR.detect(Histories.cpu(Arrays.copyOf(values, points)));
    return findings.get(findings.size() - 1);
  }

  private static double[] noise(int points) {
    Random random = new Random(21);
    return IntStream.range(0, points).mapToDouble(i -> 50 + random.nextGaussian()).toArray();
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
