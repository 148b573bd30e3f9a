package io.inframetrics.detect.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class GrowthModelTest {

  private static final double LEAST = 1e-6;

  @Test
  void findsALineWithoutNoise() {
    GrowthModel model = model(100, i -> 3 + 0.5 * i);

    assertThat(model.slope()).isCloseTo(0.5, within(1e-6));
    // 52.5 now, 57.5 ten steps from now.
    assertThat(model.chanceOfLevelAbove(57.4, 10, 0)).isCloseTo(1, within(1e-3));
    assertThat(model.chanceOfLevelAbove(57.6, 10, 0)).isCloseTo(0, within(1e-3));
  }

  @Test
  void isLessSureTheFartherItLooks() {
    Random random = new Random(1);
    GrowthModel model = model(100, i -> 0.5 * i + random.nextGaussian());

    assertThat(width(model, 100)).isFinite().isGreaterThan(width(model, 1));
  }

  @Test
  void isLessSureOfAWalkThanOfNoise() {
    Random random = new Random(2);
    double[] walk = new double[100];
    for (int i = 1; i < walk.length; i++) {
      walk[i] = walk[i - 1] + random.nextGaussian();
    }
    GrowthModel noise = model(100, i -> 0.5 * i + random.nextGaussian());
    GrowthModel walking = model(100, i -> 0.5 * i + walk[(int) i]);

    assertThat(width(walking, 100)).isFinite().isGreaterThan(10 * width(noise, 100));
  }

  @Test
  void goesOnAcrossANewStart() {
    boolean[] starts = new boolean[100];
    starts[60] = true;
    double[] times = new double[100];
    double[] values = new double[100];
    for (int i = 0; i < 100; i++) {
      times[i] = i - 99;
      values[i] = 0.5 * i - (i >= 60 ? 25 : 0);
    }
    GrowthModel model = new GrowthModel(times, values, starts, true, LEAST);

    assertThat(model.slope()).isCloseTo(0.5, within(1e-6));
    assertThat(model.chanceOfLevelAbove(24.4, 0, 0)).isCloseTo(1, within(1e-3));
    assertThat(model.chanceOfLevelAbove(24.6, 0, 0)).isCloseTo(0, within(1e-3));
  }

  @Test
  void knowsNothingOfTheSlopeOfOnePoint() {
    GrowthModel model =
        new GrowthModel(new double[] {0}, new double[] {5}, new boolean[1], true, LEAST);

    assertThat(model.chanceOfSlopeAbove(0, 0)).isCloseTo(0.5, within(1e-6));
  }

  private static GrowthModel model(int count, DoubleUnaryOperator value) {
    double[] times = new double[count];
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      times[i] = i - (count - 1);
      values[i] = value.applyAsDouble(i);
    }
    return new GrowthModel(times, values, new boolean[count], true, LEAST);
  }

  /** Between the levels that are exceeded with a chance of nine in ten and of one in ten. */
  private static double width(GrowthModel model, double ahead) {
    return level(model, ahead, 0.1) - level(model, ahead, 0.9);
  }

  private static double level(GrowthModel model, double ahead, double chance) {
    double low = -1e4;
    double high = 1e4;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (model.chanceOfLevelAbove(middle, ahead, 0) > chance) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
