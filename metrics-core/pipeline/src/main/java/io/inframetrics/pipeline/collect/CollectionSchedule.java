package io.inframetrics.pipeline.collect;

import io.inframetrics.collect.MetricCollector;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How often a type is collected, and how far back a window may start.
 *
 * @param period the time from run to run; also the length of the first window of a type, unless a
 *     collector asks for a longer one
 * @param maxWindow the longest window that is ever collected
 * @param lookBehind how far before the end of the last collection a window starts, so that late and
 *     corrected observations are found; null for what each collector says itself
 */
public record CollectionSchedule(
    Duration period, Duration maxWindow, @Nullable Duration lookBehind) {

  /** Every three hours, and no more than a day at once. */
  public static final CollectionSchedule DEFAULTS =
      new CollectionSchedule(Duration.ofHours(3), Duration.ofDays(1));

  /** A schedule with each collector's own look-behind. */
  public CollectionSchedule(Duration period, Duration maxWindow) {
    this(period, maxWindow, null);
  }

  public CollectionSchedule {
    if (period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("the period %s is not positive".formatted(period));
    }
    if (maxWindow.compareTo(period) < 0) {
      throw new IllegalArgumentException(
          "the maximum window %s is shorter than the period %s: make it at least as long"
              .formatted(maxWindow, period));
    }
    if (lookBehind != null
        && (lookBehind.isNegative() || maxWindow.minus(period).compareTo(lookBehind) < 0)) {
      throw new IllegalArgumentException(
          "the look-behind %s is negative or does not fit into the maximum window %s beside the period %s: make it shorter, or the window longer"
              .formatted(lookBehind, maxWindow, period));
    }
  }

  /**
   * The start of the window that ends at {@code until}: the requested start; otherwise the end of
   * the type's last collection; otherwise one period back, or {@code firstWindow} if that is
   * longer. The window is never longer than {@code maxWindow}.
   *
   * @param collectedUntil asked only if no start is requested
   */
  Instant windowStart(
      Instant until,
      @Nullable Instant requested,
      Duration firstWindow,
      Supplier<Optional<Instant>> collectedUntil) {
    Instant start = requested;
    if (start == null) {
      // A mark at or past the end comes from a later run, or an earlier attempt of this one.
      start =
          collectedUntil
              .get()
              .filter(mark -> mark.isBefore(until))
              .orElseGet(
                  () -> until.minus(firstWindow.compareTo(period) > 0 ? firstWindow : period));
    }
    Instant earliest = until.minus(maxWindow);
    return start.isBefore(earliest) ? earliest : start;
  }

  /**
   * Where a collector starts to look if its window starts at {@code since}: earlier by its
   * look-behind, but within the maximum window.
   */
  Instant lookFrom(Instant since, Instant until, MetricCollector collector) {
    Instant from = since.minus(lookBehindOf(collector));
    Instant earliest = until.minus(maxWindow);
    return from.isBefore(earliest) ? min(earliest, since) : from;
  }

  Duration lookBehindOf(MetricCollector collector) {
    return lookBehind == null ? collector.lookBehind() : lookBehind;
  }

  /**
   * How old the newest observation may be before something is wrong: a look-behind covers the time
   * between two values and how late they come, and the next value is due one of each later.
   */
  Duration patience(MetricCollector collector) {
    Duration own = collector.lookBehind();
    return (own.isZero() ? lookBehindOf(collector) : own).multipliedBy(2);
  }

  private static Instant min(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
