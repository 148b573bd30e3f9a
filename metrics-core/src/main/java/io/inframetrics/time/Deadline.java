package io.inframetrics.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The instant by which an invocation must have answered. Every collector and sink gets the same
 * one, so that their retries together stay within it. Immutable; safe to share.
 */
public final class Deadline {

  private final Instant instant;
  private final Clock clock;

  private Deadline(Instant instant, Clock clock) {
    this.instant = instant;
    this.clock = clock;
  }

  public static Deadline after(Duration time, Clock clock) {
    return new Deadline(clock.instant().plus(time), clock);
  }

  /** A deadline earlier by {@code margin}, which leaves time for the work that follows. */
  public Deadline earlierBy(Duration margin) {
    return new Deadline(instant.minus(margin), clock);
  }

  public Instant instant() {
    return instant;
  }

  /** Zero once it has passed. */
  public Duration remaining() {
    Duration left = Duration.between(clock.instant(), instant);
    return left.isNegative() ? Duration.ZERO : left;
  }

  public boolean hasPassed() {
    return remaining().isZero();
  }

  @Override
  public String toString() {
    return instant.toString();
  }
}
