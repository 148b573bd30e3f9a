package io.inframetrics.detect;

import io.inframetrics.detect.anomaly.AnomalyStream;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/**
 * Invented series with a daily and a weekly season and noise, and incidents put into them.
 *
 * <p>Level, noise, both harmonics of the day and the quietness of the weekend are drawn from the
 * seed; so is whether the noise remembers its last value. Times start on a Monday.
 */
public final class SeriesMaker {

  public static final long MONDAY = 1_700_438_400L;
  public static final int DAY = 86_400;

  public final long[] times;
  public final double[] values;
  public final double sigma;
  private final int step;

  public SeriesMaker(Random random, int stepSeconds, int days) {
    step = stepSeconds;
    int n = days * (DAY / stepSeconds);
    times = new long[n];
    values = new double[n];
    sigma = 0.5 + random.nextDouble() * 2.5;
    double daily = sigma * (2 + 8 * random.nextDouble());
    double twice = daily * 0.4 * random.nextDouble();
    double weekend = 0.4 + 0.6 * random.nextDouble();
    double phase = random.nextDouble() * 2 * Math.PI;
    double memory = random.nextBoolean() ? 0.5 : 0;
    double level = Math.max(30 + 20 * random.nextDouble(), 1.5 * daily + 6 * sigma);
    double noise = 0;
    for (int i = 0; i < n; i++) {
      times[i] = MONDAY + (long) i * step;
      double angle = 2 * Math.PI * (times[i] % DAY) / DAY;
      boolean workday = Math.floorMod(i / (DAY / step), 7) < 5;
      noise = memory * noise + Math.sqrt(1 - memory * memory) * random.nextGaussian();
      values[i] =
          level
              + (workday ? 1 : weekend)
                  * (daily * Math.sin(angle + phase) + twice * Math.sin(2 * angle))
              + sigma * noise;
    }
  }

  /** Points in so many hours, at least {@code least}. */
  public int points(double hours, int least) {
    return Math.max(least, (int) (hours * 3_600 / step));
  }

  /** Applies {@code change} to {@code count} values. */
  public SeriesMaker change(int from, int count, DoubleUnaryOperator change) {
    for (int i = from; i < Math.min(values.length, from + count); i++) {
      values[i] = change.applyAsDouble(values[i]);
    }
    return this;
  }

  /** Lets the level rise so that it reaches {@code top} after {@code count} points. */
  public void leak(int from, int count, double top) {
    double rise = (top - values[from]) / count;
    for (int i = 0; i < count; i++) {
      values[from + i] = Math.min(100, values[from + i] + rise * (i + 1));
    }
  }

  /** The alarms of a stream with the default threshold. */
  public boolean[] alarms() {
    return alarms(times.length);
  }

  /** The alarms at the first {@code n} points. */
  public boolean[] alarms(int n) {
    AnomalyStream stream = new AnomalyStream();
    boolean[] alarms = new boolean[n];
    for (int i = 0; i < n; i++) {
      alarms[i] = stream.next(times[i], values[i]).anomaly();
    }
    return alarms;
  }
}
