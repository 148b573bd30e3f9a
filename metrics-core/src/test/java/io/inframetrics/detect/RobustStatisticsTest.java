package io.inframetrics.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RobustStatisticsTest {

  @Test
  void takesTheMeanOfTwoMiddleValues() {
    assertThat(RobustStatistics.median(new double[] {4, 1, 3, 2})).isEqualTo(2.5);
    assertThat(RobustStatistics.median(new double[] {9, 1, 3})).isEqualTo(3);
  }

  @Test
  void isTheMiddleOfAnyNumberOfValuesInTheLibrarysOrder() {
    Random random = new Random(8);
    double[] special = {-0.0, 0.0, Double.NaN, Double.POSITIVE_INFINITY, 1, 1, -1};
    for (int n = 1; n <= 40; n++) {
      double[] values = random.doubles(n).toArray();
      values[random.nextInt(n)] = special[n % special.length];
      double[] before = values.clone();
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      assertThat(RobustStatistics.median(values))
          .as("%d values", n)
          .isEqualTo(Double.valueOf(RobustStatistics.medianOfSorted(sorted, n)));
      assertThat(values).isEqualTo(before);
    }
  }

  @Test
  void doesNotOverflowBetweenLargeValues() {
    assertThat(RobustStatistics.median(new double[] {Double.MAX_VALUE, Double.MAX_VALUE}))
        .isEqualTo(Double.MAX_VALUE);
  }

  @Test
  void estimatesTheStandardDeviationFromTheMedianDistance() {
    assertThat(RobustStatistics.sigma(new double[] {1, 2, 3, 4, 1_000}, 3))
        .isCloseTo(1.4826, within(1e-9));
  }
}
