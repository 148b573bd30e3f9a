package io.inframetrics.cli.monitor;

import io.inframetrics.detect.ReadableText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When the runs of a monitor start. Counted by a clock that only ever goes forward, so that setting
 * the machine's clock neither delays a run nor brings several at once.
 */
public final class RunTimes {

  /** A smaller difference is a clock that is being corrected, or a machine with much to do. */
  private static final Duration JUMP = Duration.ofSeconds(10);

  /** A long has room for 292 years of nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final long every;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private long next;
  private long lastNanos;
  private Instant lastInstant;

  /**
   * The first run starts now.
   *
   * @param every from the start of a run to the start of the next; null if there is only one
   * @param clock the machine's clock, which may be set
   * @param nanoTime nanoseconds that only ever increase
   */
  public RunTimes(@Nullable Duration every, Clock clock, LongSupplier nanoTime) {
    this.every = every == null ? 0 : (every.compareTo(LONGEST) < 0 ? every : LONGEST).toNanos();
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.next = nanoTime.getAsLong();
    this.lastNanos = next;
    this.lastInstant = clock.instant();
  }

  /**
   * Plans the next run, and answers how long to wait for it: at most the time between two runs.
   * After a run that took longer than that, the next follows at once, and it is only one.
   */
  public Duration untilNext() {
    long now = nanoTime.getAsLong();
    next = Math.max(next + every, now);
    return Duration.ofNanos(next - now);
  }

  /** Says so if the machine's clock was set since the last call; once for each time. */
  public Optional<String> clockJump() {
    long nanos = nanoTime.getAsLong();
    Instant instant = clock.instant();
    Duration jump = Duration.between(lastInstant, instant).minusNanos(nanos - lastNanos);
    lastNanos = nanos;
    lastInstant = instant;
    if (jump.abs().compareTo(JUMP) < 0) {
      return Optional.empty();
    }
    return Optional.of(
        jump.isNegative()
            ? "the clock was set back by %s, to %s: runs go on at their interval, and data points of that time are not sent a second time"
                .formatted(ReadableText.minutes(jump.abs().toSeconds()), inSeconds(instant))
            : "the clock was set forward by %s, to %s, or the machine was asleep: runs go on at their interval"
                .formatted(ReadableText.minutes(jump.toSeconds()), inSeconds(instant)));
  }

  private static Instant inSeconds(Instant instant) {
    return Instant.ofEpochSecond(instant.getEpochSecond());
  }
}
