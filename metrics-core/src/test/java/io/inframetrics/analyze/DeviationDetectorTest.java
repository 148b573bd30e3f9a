package io.inframetrics.analyze;

import static io.inframetrics.analyze.Histories.flatThen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.inframetrics.analyze.DeviationDetector.Settings;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeviationDetectorTest {

  private static final DeviationDetector DETECTOR = new DeviationDetector(Settings.DEFAULT);

  @Test
  void isSilentOnNothingOnePointAndAFlatSeries() {
    assertThat(detect()).isEmpty();
    assertThat(detect(50)).isEmpty();
    assertThat(detect(flatThen(240, 50))).isEmpty();
    assertThat(detect(flatThen(240, 0))).isEmpty();
  }

  @Test
  void saysInWordsHowFarOutAValueIs() {
    // 38, 39, ... 44 and again: median 41, half of all within 2 of it.
    double[] values = new double[240 + 1];
    for (int i = 0; i < 240; i++) {
      values[i] = 38 + i % 7;
    }
    values[240] = 93;

    assertThat(detect(values))
        .containsExactly(
            new Finding(
                Histories.cpu().series(),
                MetricUnit.PERCENT,
                "deviation",
                Severity.WARNING,
                Histories.at(240),
                Histories.at(240),
                true,
                93,
                52 / (2 * 1.4826) / 6 - 1,
                "93 % is 18 robust deviations above its median 41 % of the last 240 points",
                null));
  }

  @Test
  void findsAJumpOfAConstantSeries() {
    assertThat(detect(flatThen(24, 41, 93)))
        .singleElement()
        .returns(
            "93 % is 52 robust deviations above its median 41 % of the last 24 points",
            Finding::reason);
  }

  @Test
  void countsOnePercentagePointAsADeviationAtLeast() {
    assertThat(detect(flatThen(24, 41, 46.9))).isEmpty();
    assertThat(detect(flatThen(24, 41, 47)))
        .singleElement()
        .returns(
            "47 % is 6.0 robust deviations above its median 41 % of the last 24 points",
            Finding::reason);
  }

  @Test
  void findsADropToZero() {
    double[] values = flatThen(60, 0);
    for (int i = 0; i < 60; i++) {
      values[i] = 50 + i % 5;
    }
    values[59] = 0;

    assertThat(detect(values))
        .singleElement()
        .returns(
            "0 % is 35 robust deviations below its median 52 % of the last 59 points",
            Finding::reason);
  }

  @Test
  void doesNotSpeakBeforeItHasEnoughHistory() {
    assertThat(detect(flatThen(23, 41, 93))).isEmpty();
    assertThat(detect(flatThen(24, 41, 93))).hasSize(1);
  }

  @Test
  void tellsAnEpisodeOnceUntilItIsBack() {
    List<Finding> findings = detect(flatThen(30, 41, 93, 94, 47, 41));

    assertThat(findings)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.start()).isEqualTo(Histories.at(30));
              // 47 is six points out and within the hysteresis; 41 is back.
              assertThat(finding.latest()).isEqualTo(Histories.at(32));
              assertThat(finding.ongoing()).isFalse();
              assertThat(finding.value()).isEqualTo(94);
              assertThat(finding.reason()).startsWith("94 % was 53 robust deviations above");
            });
  }

  @Test
  void tellsTheOtherSideAsAnotherEpisode() {
    assertThat(detect(flatThen(30, 41, 93, 0)))
        .extracting(Finding::start)
        .containsExactly(Histories.at(30), Histories.at(31));
  }

  @Test
  void takesALevelThatStaysAsTheUsualOne() {
    double[] values = flatThen(40, 20);
    values = Arrays.copyOf(values, 120);
    Arrays.fill(values, 40, 120, 60);

    assertThat(detect(values))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.start()).isEqualTo(Histories.at(40));
              assertThat(finding.ongoing()).isFalse();
            });
  }

  @Test
  void isNotSurprisedByWhatHappensOften() {
    // A job that runs every 20 points, far out each time.
    double[] values =
        IntStream.range(0, 241).mapToDouble(i -> i % 20 == 0 ? 60 : 20 + i % 3).toArray();

    assertThat(detect(values)).isEmpty();
    // A little farther than ever before, then half as far again.
    values[240] = 79;
    assertThat(detect(values)).isEmpty();
    values[240] = 82;
    assertThat(detect(values)).singleElement().returns(Histories.at(240), Finding::start);
  }

  @Test
  void isQuietOnNormalNoise() {
    Random random = new Random(11);
    long findings = 0;
    for (int series = 0; series < 100; series++) {
      double[] values = random.doubles(240).toArray();
      for (int i = 0; i < values.length; i++) {
        values[i] = 40 + 5 * random.nextGaussian();
      }
      findings += detect(values).size();
    }

    // 21,600 judged points, 6 deviations each way; a short history underestimates them at times.
    assertThat(findings).isLessThanOrEqualTo(3);
  }

  @Test
  void usesOneUnitWhereASeriesWasNeverAnythingButZero() {
    assertThat(traffic(flatThen(24, 0, 5.9))).isEmpty();
    assertThat(traffic(flatThen(24, 0, 6.5)))
        .singleElement()
        .returns(
            "6.5 Mbit/s is 6.5 robust deviations above its median 0 Mbit/s of the last 24 points",
            Finding::reason);
  }

  @Test
  void usesTheMeanDistanceWhereMostValuesAreZero() {
    double[] values = flatThen(100, 0, 40);
    for (int i = 0; i < 100; i += 4) {
      values[i] = 4;
    }

    // A quarter at 4 Mbit/s: the mean distance from the median 0 is 1.
    assertThat(traffic(values)).hasSize(1);
    assertThat(traffic(values).get(0).excess()).isCloseTo(40 / 6.0 - 1, within(1e-9));
  }

  @Test
  void saysNoMoreThanAThousand() {
    assertThat(traffic(flatThen(24, 1, Double.MAX_VALUE)))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.reason())
                    .isEqualTo(
                        "1.798E+308 Mbit/s is more than 1,000 robust deviations above its median"
                            + " 1 Mbit/s of the last 24 points"));
  }

  @Test
  void refusesSettingsThatMakeNoSense() {
    assertThatThrownBy(() -> new Settings(2, 6, 3, 0.01)).hasMessageContaining("at least 3");
    assertThatThrownBy(() -> new Settings(24, 6, 7, 0.01)).hasMessageContaining("close <= open");
    assertThatThrownBy(() -> new Settings(24, 6, Double.NaN, 0.01)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Settings(24, 6, 3, 1.1)).hasMessageContaining("1.1");
  }

  private static List<Finding> detect(double... values) {
    return DETECTOR.detect(Histories.cpu(values));
  }

  private static List<Finding> traffic(double... values) {
    return DETECTOR.detect(
        Histories.of(MetricType.NETWORK_TRAFFIC, MetricUnit.MEGABITS_PER_SECOND, values));
  }
}
