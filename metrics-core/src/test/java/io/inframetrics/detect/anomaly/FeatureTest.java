package io.inframetrics.detect.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FeatureTest {

  private static final double RESOLUTION = 1e-9;

  private final Feature feature = new Feature(Feature.Aspect.LEVEL, 1);

  @Test
  void nothingIsRareBeforeThereAreEnough() {
    for (int i = 0; i < TailProbability.MIN_POINTS; i++) {
      assertThat(feature.next(i * i * i, RESOLUTION)).isZero();
    }
    assertThat(feature.next(1e6, RESOLUTION)).isFinite().isPositive();
  }

  /** Whatever is passed over as ordinary: the threshold is that of all values, sorted. */
  @Test
  void isRareBeyondTheShareOfThePastThatIsItsTail() {
    double[] sorted = new double[10_000];
    Random random = new Random(3);
    for (int i = 0; i < sorted.length; i++) {
      double now = random.nextGaussian();
      double digits = feature.next(now, RESOLUTION);
      if (i >= TailProbability.MIN_POINTS) {
        int tail = Math.min(64, Math.max(10, i / 40));
        boolean high = now - sorted[i - tail] > RESOLUTION;
        boolean low = sorted[tail - 1] - now > RESOLUTION;
        assertThat(digits > 0).as("quantity %d", i).isEqualTo(high || low);
        if (high != low) {
          assertThat(feature.upwards()).as("quantity %d", i).isEqualTo(high);
        }
      }
      int place = -1 - Arrays.binarySearch(sorted, 0, i, now);
      System.arraycopy(sorted, place, sorted, place + 1, i - place);
      sorted[place] = now;
    }
  }

  @Test
  void theThresholdOfTheTailIsAsRareAsItsShare() {
    Random random = new Random(4);
    for (int i = 0; i < 1_000; i++) {
      feature.next(random.nextDouble(), RESOLUTION);
    }
    // 25 of 1,000 are the tail, 24 of them beyond its threshold.
    feature.judge(0.9765, RESOLUTION);
    assertThat(feature.digits()).isCloseTo(Math.log10(1_000 / 24.0), within(0.2));
    feature.judge(-1, RESOLUTION);
    assertThat(feature.digits()).isFinite().isGreaterThan(3);
    assertThat(feature.upwards()).isFalse();
  }

  @Test
  void whatIsPassedOverCountsToo() {
    for (int i = 0; i < 200; i++) {
      feature.next(i, RESOLUTION);
    }
    feature.judge(1e9, RESOLUTION);
    double before = feature.digits();
    for (int i = 0; i < 1_800; i++) {
      feature.next(100, RESOLUTION);
    }
    feature.judge(1e9, RESOLUTION);
    assertThat(feature.digits()).isFinite().isGreaterThan(before + 0.5);
  }

  @Test
  void noNumberIsNotRareAndTeachesNothing() {
    Feature without = new Feature(Feature.Aspect.LEVEL, 1);
    Random random = new Random(6);
    for (int i = 0; i < 500; i++) {
      double now = random.nextGaussian();
      assertThat(feature.next(Double.NaN, RESOLUTION)).isZero();
      assertThat(feature.next(now, RESOLUTION)).isEqualTo(without.next(now, RESOLUTION));
    }
  }
}
