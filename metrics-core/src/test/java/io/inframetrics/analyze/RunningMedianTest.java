package io.inframetrics.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunningMedianTest {

  @Test
  void agreesWithSortingEverything() {
    Random random = new Random(7);
    RunningMedian running = new RunningMedian();
    double[] seen = new double[300];
    for (int n = 1; n <= seen.length; n++) {
      // Whole numbers, so that many are equal.
      seen[n - 1] = random.nextInt(40) - 10;
      running.add(seen[n - 1]);

      double[] values = Arrays.copyOf(seen, n);
      double median = Robust.median(values);
      double[] distances = Arrays.stream(values).map(v -> Math.abs(v - median)).sorted().toArray();
      assertThat(running.size()).isEqualTo(n);
      assertThat(running.median()).isEqualTo(median);
      assertThat(running.medianDistance(median)).isEqualTo(distances[n / 2]);
      assertThat(running.meanDistance(median))
          .isCloseTo(Arrays.stream(distances).average().orElseThrow(), within(1e-9));
      assertThat(running.countBelow(5))
          .isEqualTo((int) Arrays.stream(values).filter(v -> v < 5).count());
      assertThat(running.countAtMost(5))
          .isEqualTo((int) Arrays.stream(values).filter(v -> v <= 5).count());
    }
  }

  @Test
  void staysFinite() {
    RunningMedian running = new RunningMedian();
    running.add(-Double.MAX_VALUE);
    running.add(Double.MAX_VALUE);
    running.add(Double.MAX_VALUE);

    assertThat(running.median()).isEqualTo(Double.MAX_VALUE);
    assertThat(running.medianDistance(Double.MAX_VALUE)).isZero();
    assertThat(running.meanDistance(Double.MAX_VALUE)).isFinite();
    assertThat(running.countAtMost(Double.MAX_VALUE)).isEqualTo(3);
  }
}
