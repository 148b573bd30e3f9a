package io.inframetrics.detect.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NearestWindowsTest {

  private static final int SHORT = 6;
  private static final int LONG = 24;
  private static final int ROOM = 300;

  private final PastValues past = new PastValues(ROOM);
  private final NearestWindows windows = new NearestWindows(SHORT, LONG);

  @Test
  void areTheDistancesToTheMostSimilarStretches() {
    Random random = new Random(5);
    double[] values = random.doubles(2 * ROOM).toArray();
    for (int i = 0; i < values.length; i++) {
      past.add(values[i]);
      windows.next(past);
      check(windows.shortDistance(), values, i, SHORT);
      check(windows.longDistance(), values, i, LONG);
    }
  }

  @Test
  void areZeroWhereEverythingWasSeenBefore() {
    for (int i = 0; i < 400; i++) {
      past.add(i % 50);
      windows.next(past);
    }
    assertThat(windows.shortDistance()).isLessThan(1e-9);
    assertThat(windows.longDistance()).isLessThan(0.1);
  }

  private static void check(double distance, double[] values, int now, int span) {
    if (now <= 4 * span) {
      assertThat(distance).as("point %d, span %d", now, span).isNaN();
    } else {
      assertThat(distance)
          .as("point %d, span %d", now, span)
          .isCloseTo(nearest(values, now, span), within(1e-9));
    }
  }

  /** By the definition: every stretch of the past that is kept, each step of it weighed anew. */
  private static double nearest(double[] values, int now, int span) {
    double keep = Math.exp(-1.0 / span);
    double nearest = Double.MAX_VALUE;
    for (int lag = 2 * span + 1; lag <= Math.min(now, ROOM - 1); lag++) {
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
