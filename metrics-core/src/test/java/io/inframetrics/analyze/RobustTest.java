package io.inframetrics.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RobustTest {

  @Test
  void takesTheMeanOfTwoMiddleValues() {
    assertThat(Robust.median(new double[] {4, 1, 3, 2})).isEqualTo(2.5);
    assertThat(Robust.median(new double[] {9, 1, 3})).isEqualTo(3);
  }

  @Test
  void doesNotOverflowBetweenLargeValues() {
    assertThat(Robust.median(new double[] {Double.MAX_VALUE, Double.MAX_VALUE}))
        .isEqualTo(Double.MAX_VALUE);
  }

  @Test
  void estimatesTheStandardDeviationFromTheMedianDistance() {
    assertThat(Robust.sigma(new double[] {1, 2, 3, 4, 1_000}, 3)).isCloseTo(1.4826, within(1e-9));
  }
}
