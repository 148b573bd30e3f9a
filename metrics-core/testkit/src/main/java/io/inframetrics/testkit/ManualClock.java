package io.inframetrics.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is moved. Safe to share between threads; zone UTC. */
public final class ManualClock extends Clock {

  /** Shared by the clocks of all zones. */
  private final AtomicReference<Instant> now;

  private final ZoneId zone;

  private ManualClock(AtomicReference<Instant> now, ZoneId zone) {
    this.now = now;
    this.zone = zone;
  }

  public static ManualClock at(Instant start) {
    return new ManualClock(new AtomicReference<>(start), ZoneOffset.UTC);
  }

  /** Moves the clock; a negative time moves it back. */
  public void advance(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }

  public void set(Instant instant) {
    now.set(instant);
  }

  @Override
  public Instant instant() {
    return Objects.requireNonNull(now.get());
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  /** The same clock in another zone: both move together. */
  @Override
  public Clock withZone(ZoneId otherZone) {
    return new ManualClock(now, otherZone);
  }

  @Override
  public String toString() {
    return "ManualClock[" + now + "," + zone + "]";
  }
}
