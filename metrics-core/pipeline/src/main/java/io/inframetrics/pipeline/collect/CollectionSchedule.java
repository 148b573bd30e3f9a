package io.inframetrics.pipeline.collect;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How often a type is collected, and so where a collection's window starts.
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

  /**
   * The start of the window that ends at {@code until}: the requested one, else where the last
   * collection of the type ended, else one period back; never further back than the longest window.
   *
   * @param collectedUntil asked only if no start is requested
   */
  Instant windowStart(
      Instant until, @Nullable Instant requested, Supplier<Optional<Instant>> collectedUntil) {
    Instant start = requested;
    if (start == null) {
      // A mark at or past the end is that of a later run, or of an earlier try of this one.
      start =
          collectedUntil
              .get()
              .filter(mark -> mark.isBefore(until))
              .orElseGet(() -> until.minus(period));
    }
    Instant earliest = until.minus(maxWindow);
    return start.isBefore(earliest) ? earliest : start;
  }
}
