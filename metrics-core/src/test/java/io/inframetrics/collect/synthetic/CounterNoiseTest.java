package io.inframetrics.collect.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CounterNoiseTest {

  private static final int SAMPLES = 100_000;

  @Test
  void isAboutNormal() {
    double[] values =
        LongStream.range(0, SAMPLES).mapToDouble(i -> CounterNoise.normal(1, 2, i)).toArray();
    double mean =
        LongStream.range(0, SAMPLES).mapToDouble(i -> values[(int) i]).average().orElse(9);
    double variance =
        LongStream.range(0, SAMPLES)
            .mapToDouble(i -> (values[(int) i] - mean) * (values[(int) i] - mean))
            .average()
            .orElse(9);
    assertThat(mean).isCloseTo(0, within(0.02));
    assertThat(variance).isCloseTo(1, within(0.02));
    assertThat(DoubleStream.of(values).map(Math::abs).max().orElse(9)).isLessThan(3.47);
  }

  @Test
  void neighboursAreIndependent() {
    for (long[] shift : new long[][] {{0, 1}, {1, 0}}) {
      double product =
          LongStream.range(0, SAMPLES)
              .mapToDouble(
                  i ->
                      CounterNoise.normal(1, 5, i)
                          * CounterNoise.normal(1, 5 + shift[0], i + shift[1]))
              .average()
              .orElse(9);
      assertThat(product).isCloseTo(0, within(0.02));
    }
  }

  @Test
  void bitsArePinned() {
    assertThat(CounterNoise.bits(0, 0, 0)).isEqualTo(3746585686858627171L);
    assertThat(CounterNoise.bits(42, -1, 1_771_500_463L)).isEqualTo(-3939970165049571938L);
  }

  @Test
  void wanderingPassesThroughItsKnotsWithoutJumps() {
    for (long knot : new long[] {-2, 0, 7}) {
      long second = knot * 60;
      assertThat(CounterNoise.wandering(1, 2, second, 60))
          .isEqualTo(CounterNoise.normal(1, 2, knot));
      assertThat(CounterNoise.wandering(1, 2, second - 1, 60))
          .isCloseTo(CounterNoise.normal(1, 2, knot), within(0.01));
    }
  }
}
