package io.inframetrics.pipeline.collect;

import java.time.Duration;

/**
 * How often a type is collected, and so how far back a collection reaches.
 *
 * @param period from run to run: the length of a window when nothing was collected before
 * @param maxWindow the longest window that is ever collected
 */
public record CollectionSchedule(Duration period, Duration maxWindow) {

  /** Every three hours, and no more than a day at once. */
  public static final CollectionSchedule DEFAULTS =
      new CollectionSchedule(Duration.ofHours(3), Duration.ofDays(1));

  public CollectionSchedule {
    if (period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("the period %s is not positive".formatted(period));
    }
    if (maxWindow.compareTo(period) < 0) {
      throw new IllegalArgumentException(
          "the maximum window %s is shorter than the period %s: make it at least as long"
              .formatted(maxWindow, period));
    }
  }
}
