package io.inframetrics.collect.synthetic;

import io.inframetrics.metric.MetricType;
import java.util.concurrent.TimeUnit;

/**
 * The arithmetic of a healthy fleet. Every instance has a load between 0 and 1, made of a season
 * that all instances follow, of noise that they share, and of its own noise. Processor, memory and
 * network follow the load; disks fill slowly and are emptied when their cycle ends.
 *
 * <p>Uses {@code StrictMath}, so that every JVM gives the same bits.
 */
record FleetModel(long seed) {

  private static final long MINUTE = TimeUnit.MINUTES.toSeconds(1);
  private static final long HOUR = TimeUnit.HOURS.toSeconds(1);
  private static final long DAY = TimeUnit.DAYS.toSeconds(1);

  /** Hour of the day, UTC, with the highest load; the lowest is 12 hours away. */
  private static final double PEAK_HOUR = 14;

  /** Share of the daily swing that remains on Saturdays and Sundays, UTC. */
  private static final double WEEKEND_SHARE = 0.45;

  /** Added to the days since 1970-01-01, a Thursday, to count from a Monday. */
  private static final long MONDAY_OFFSET = 3;

  /** Streams of noise for each instance: its number times this, plus 0 to 31. */
  private static final int STREAMS_OF_AN_INSTANCE = 32;

  private static final int LOAD = 0;
  private static final int LOAD_BASE = 1;
  private static final int LOAD_SWING = 2;
  private static final int CPU_NOISE = 3;
  private static final int MEMORY_FLOOR = 4;
  private static final int MEMORY_NOISE = 5;
  private static final int NETWORK_CAPACITY = 6;
  private static final int NETWORK_NOISE = 8;
  private static final int DISK_CYCLE = 12;
  private static final int DISK_PHASE = 14;
  private static final int DISK_LOW = 16;
  private static final int DISK_RISE = 18;
  private static final int DISK_NOISE = 20;

  /** The stream of the shared noise; streams of instances start at 0. */
  private static final long FLEET_STREAM = -1;

  /**
   * The value before incidents and bounds.
   *
   * @param part index of the disk or interface of the instance, from 0
   * @param share of the instance's traffic that this interface carries
   */
  double value(MetricType type, int instance, int part, double share, long second) {
    if (type.equals(MetricType.CPU_UTILIZATION)) {
      return 100 * load(instance, second) + 1.2 * noise(instance, CPU_NOISE, second);
    }
    if (type.equals(MetricType.MEMORY_USAGE)) {
      return trait(instance, MEMORY_FLOOR, 35, 50)
          + 30 * load(instance, second)
          + 0.4 * noise(instance, MEMORY_NOISE, second);
    }
    if (type.equals(MetricType.NETWORK_TRAFFIC)) {
      double ripple = 1 + 0.08 * noise(instance, NETWORK_NOISE + part, second);
      return share * trait(instance, NETWORK_CAPACITY, 200, 800) * load(instance, second) * ripple;
    }
    return diskUsage(instance, part, second);
  }

  private double load(int instance, long second) {
    double swing = trait(instance, LOAD_SWING, 0.28, 0.42);
    double load =
        trait(instance, LOAD_BASE, 0.10, 0.22)
            + swing * season(second)
            + 0.02 * CounterNoise.wandering(seed, FLEET_STREAM, second, HOUR)
            + 0.02 * CounterNoise.wandering(seed, stream(instance, LOAD), second, 15 * MINUTE);
    return Math.max(0, Math.min(1, load));
  }

  private static double season(long second) {
    double hour = (double) Math.floorMod(second, DAY) / HOUR;
    double daily = 0.5 * (1 + StrictMath.cos(2 * Math.PI * (hour - PEAK_HOUR) / 24));
    long weekday = Math.floorMod(Math.floorDiv(second, DAY) + MONDAY_OFFSET, 7L);
    return weekday >= 5 ? WEEKEND_SHARE * daily : daily;
  }

  private double diskUsage(int instance, int part, long second) {
    double cycleDays = trait(instance, DISK_CYCLE + part, 40, 120);
    double cycles = (double) second / DAY / cycleDays + trait(instance, DISK_PHASE + part, 0, 1);
    double filled = cycles - Math.floor(cycles);
    return trait(instance, DISK_LOW + part, 20, 40)
        + trait(instance, DISK_RISE + part, 20, 38) * filled
        + 0.02 * noise(instance, DISK_NOISE + part, second);
  }

  /** A constant property of an instance: evenly spread over [from, to). */
  private double trait(int instance, int which, double from, double to) {
    return from + (to - from) * CounterNoise.uniform(seed, stream(instance, which), 0);
  }

  private double noise(int instance, int which, long second) {
    return CounterNoise.normal(seed, stream(instance, which), second);
  }

  private static long stream(int instance, int which) {
    return (long) instance * STREAMS_OF_AN_INSTANCE + which;
  }
}
