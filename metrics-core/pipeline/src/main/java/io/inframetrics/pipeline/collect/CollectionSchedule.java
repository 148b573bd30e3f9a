package io.inframetrics.pipeline.collect;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How often a type is collected, and how far back a window may start.
 *
 * @param period the time from run to run; also the length of the first window of a type
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
   * The start of the window that ends at {@code until}: the requested start; otherwise the end of
   * the type's last collection; otherwise one period back. The window is never longer than {@code
   * maxWindow}.
   *
   * @param collectedUntil asked only if no start is requested
   */
  Instant windowStart(
      Instant until, @Nullable Instant requested, Supplier<Optional<Instant>> collectedUntil) {
    Instant start = requested;
    if (start == null) {
      // A mark at or past the end comes from a later run, or an earlier attempt of this one.
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
