package io.inframetrics.detect.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShortSpikeTest {

  private static final double RESOLUTION = 1e-5;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.8})
  void findsTwoRaisedPointsAsWellWhateverTheNoiseRemembers(double memory) {
    int found = 0;
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      ShortSpike spike = new ShortSpike();
      double noise = 0;
      double most = 0;
      for (int i = 0; i < 5_003; i++) {
        noise = memory * noise + Math.sqrt(1 - memory * memory) * random.nextGaussian();
        boolean raised = i == 5_000 || i == 5_001;
        double digits = spike.next(noise + (raised ? 4 : 0), RESOLUTION);
        most = i >= 5_000 ? Math.max(most, digits) : 0;
      }
      found += most >= 4 ? 1 : 0;
    }
    assertThat(found).isGreaterThanOrEqualTo(34);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.8})
  void isAsRareAsItSaysOnNoise(double memory) {
    Random random = new Random(7);
    int rare = 0;
    int judged = 0;
    for (int series = 0; series < 20; series++) {
      ShortSpike spike = new ShortSpike();
      double noise = 0;
      for (int i = 0; i < 6_000; i++) {
        noise = memory * noise + random.nextGaussian();
        double digits = spike.next(noise, RESOLUTION);
        if (i >= 1_000) {
          judged++;
          rare += digits >= 3 ? 1 : 0;
        }
      }
    }
    // Each of two looks may be high or low: four times a thousandth, less what they share.
    assertThat((double) rare / judged).isBetween(0.0005, 0.004);
  }
}
