package io.inframetrics.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NearestWindowTest {

  private static final int SPAN = 6;
  private static final int ROOM = 300;

  private final PastValues past = new PastValues(ROOM);
  private final NearestWindow window = new NearestWindow(SPAN);

  @Test
  void isTheDistanceToTheMostSimilarStretch() {
    Random random = new Random(5);
    double[] values = random.doubles(2 * ROOM).toArray();
    for (int i = 0; i < values.length; i++) {
      past.add(values[i]);
      window.next(past);
      if (i <= 4 * SPAN) {
        assertThat(window.distance()).as("point %d", i).isNaN();
      } else {
        assertThat(window.distance()).as("point %d", i).isCloseTo(nearest(values, i), within(1e-9));
      }
    }
  }

  @Test
  void isZeroWhereEverythingWasSeenBefore() {
    for (int i = 0; i < 200; i++) {
      past.add(i % 50);
      window.next(past);
    }
    assertThat(window.distance()).isLessThan(1e-4);
  }

  /** By the definition: every stretch of the past that is kept, each step of it weighed anew. */
  private static double nearest(double[] values, int now) {
    double keep = Math.exp(-1.0 / SPAN);
    double nearest = Double.MAX_VALUE;
    for (int lag = 2 * SPAN + 1; lag <= Math.min(now, ROOM - 1); lag++) {
      double first = values[lag] - values[0];
      double distance = first * first;
      for (int i = lag; i <= now; i++) {
        double difference = values[i] - values[i - lag];
        distance = keep * distance + (1 - keep) * difference * difference;
      }
      nearest = Math.min(nearest, distance);
    }
    return Math.sqrt(nearest);
  }
}
