package io.inframetrics.pipeline.collect;

import java.time.Duration;

/**
 * What the verbs go by.
 *
 * @param period how far a window reaches back when nothing was collected before
 * @param maxWindow the longest window that is ever collected
 * @param writeReserve what collectors leave of an invocation's time for writing; never more than
 *     half of it
 * @param firstWait how long to wait for processing before the second look
 * @param maxWait the longest such wait; waits double up to it
 */
public record PipelineSettings(
    Duration period,
    Duration maxWindow,
    Duration writeReserve,
    Duration firstWait,
    Duration maxWait) {

  /** For a schedule of three hours. */
  public static final PipelineSettings DEFAULTS =
      new PipelineSettings(
          Duration.ofHours(3),
          Duration.ofDays(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60));

  public PipelineSettings {
    requirePositive("period", period);
    requirePositive("maximum window", maxWindow);
    requirePositive("write reserve", writeReserve);
    requirePositive("first wait", firstWait);
    requirePositive("maximum wait", maxWait);
    if (maxWindow.compareTo(period) < 0) {
      throw new IllegalArgumentException(
          "the maximum window %s is shorter than the period %s: make it at least as long"
              .formatted(maxWindow, period));
    }
  }

  /** The same with another schedule. */
  public PipelineSettings withSchedule(Duration newPeriod, Duration newMaxWindow) {
    return new PipelineSettings(newPeriod, newMaxWindow, writeReserve, firstWait, maxWait);
  }

  private static void requirePositive(String name, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("the %s %s is not positive".formatted(name, duration));
    }
  }
}
