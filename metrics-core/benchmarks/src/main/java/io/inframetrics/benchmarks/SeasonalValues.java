package io.inframetrics.benchmarks;

import io.inframetrics.detect.anomaly.AnomalyStream;
import java.util.Random;

/** A daily wave with noise, every five minutes. */
final class SeasonalValues {

  static final long STEP_SECONDS = 300;

  private SeasonalValues() {}

  static double[] of(int points) {
    Random random = new Random(1);
    double[] values = new double[points];
    for (int i = 0; i < points; i++) {
      values[i] = 50 + 20 * Math.sin(2 * Math.PI * i / 288) + 2 * random.nextGaussian();
    }
    return values;
  }

  /** Feeds all values; returns the sum of the scores, so that nothing is optimised away. */
  static double replay(AnomalyStream stream, double[] values) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += stream.next(i * STEP_SECONDS, values[i]).score();
    }
    return sum;
  }
}
