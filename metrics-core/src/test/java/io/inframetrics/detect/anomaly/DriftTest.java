package io.inframetrics.detect.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriftTest {

  private static final double RESOLUTION = 1e-5;
  private static final int DAY = 86_400;

  @ParameterizedTest
  @ValueSource(ints = {60, 300, 3_600})
  void findsADayOnOneSideThatNoSinglePointTells(int step) {
    // At 24 points a day half the noise's size says nothing in a day.
    double raised = step == 3_600 ? 2 : 0.5;
    int found = 0;
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      Drift drift = new Drift();
      double most = 0;
      int from = 45 * DAY;
      for (int second = 0; second < from + DAY; second += step) {
        double difference = random.nextGaussian() - (second >= from ? raised : 0);
        double digits = drift.next(second, difference, step, RESOLUTION);
        most = second >= from && !drift.upwards() ? Math.max(most, digits) : 0;
      }
      found += most >= 3.3 ? 1 : 0;
    }
    assertThat(found).isGreaterThanOrEqualTo(18);
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 10_800})
  void isAsRareAsItSaysOnNoise(int step) {
    Random random = new Random(7);
    int rare = 0;
    int judged = 0;
    for (int series = 0; series < 20; series++) {
      Drift drift = new Drift();
      for (int second = 0; second < 90 * DAY; second += step) {
        double digits = drift.next(second, random.nextGaussian(), step, RESOLUTION);
        if (second >= 30 * DAY) {
          judged++;
          rare += digits >= 2 ? 1 : 0;
        }
      }
    }
    // A mean may be high or low: two in a hundred.
    assertThat((double) rare / judged).isBetween(0.005, 0.03);
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 10_800})
  void takesNoStrayValueForADriftNorOneAfterAPause(int step) {
    Random random = new Random(7);
    Drift drift = new Drift();
    int from = 45 * DAY;
    for (int second = 0; second < from; second += step) {
      drift.next(second, random.nextGaussian(), step, RESOLUTION);
    }

    assertThat(drift.next(from, 1e9, step, RESOLUTION)).isLessThan(3.3);
    assertThat(drift.next(from + 5 * DAY, -1e9, step, RESOLUTION)).isLessThan(3.3);
    assertThat(drift.next(from + 5 * DAY, 0.5, step, RESOLUTION)).isLessThan(3.3);
    assertThat(drift.next(from + 5 * DAY, Double.NaN, step, RESOLUTION)).isZero();
  }
}
