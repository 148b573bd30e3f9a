package io.inframetrics.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The instant by which an invocation must have answered. One is made when a verb is called and
 * handed down to every collector and sink, so that their retries together stay within it.
 * Immutable; safe to share.
 */
public final class Deadline {

  private final Instant instant;
  private final Clock clock;

  private Deadline(Instant instant, Clock clock) {
    this.instant = instant;
    this.clock = clock;
  }

  /** The deadline that {@code clock} reaches in {@code time}. */
  public static Deadline after(Duration time, Clock clock) {
    return new Deadline(clock.instant().plus(time), clock);
  }

  /** The same deadline, earlier by {@code margin}: what is left for the work after this one. */
  public Deadline earlierBy(Duration margin) {
    return new Deadline(instant.minus(margin), clock);
  }

  /** When it is. */
  public Instant instant() {
    return instant;
  }

  /** What is left; zero when it has passed. */
  public Duration remaining() {
    Duration left = Duration.between(clock.instant(), instant);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Whether nothing is left. */
  public boolean hasPassed() {
    return remaining().isZero();
  }

  @Override
  public String toString() {
    return instant.toString();
  }
}
