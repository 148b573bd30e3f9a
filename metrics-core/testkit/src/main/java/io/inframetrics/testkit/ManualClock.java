package io.inframetrics.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is moved. Safe to share between threads; zone UTC. */
public final class ManualClock extends Clock {

  private final Hand hand;
  private final ZoneId zone;

  private ManualClock(Hand hand, ZoneId zone) {
    this.hand = hand;
    this.zone = zone;
  }

  /** A clock that shows {@code start}. */
  public static ManualClock at(Instant start) {
    return new ManualClock(new Hand(start), ZoneOffset.UTC);
  }

  /** Moves the clock; a negative time moves it back. */
  public void advance(Duration time) {
    hand.advance(time);
  }

  /** Makes the clock show {@code instant}. */
  public void set(Instant instant) {
    hand.set(instant);
  }

  @Override
  public Instant instant() {
    return hand.now();
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  /** The same clock, moved together with this one, in another zone. */
  @Override
  public Clock withZone(ZoneId otherZone) {
    return new ManualClock(hand, otherZone);
  }

  @Override
  public String toString() {
    return "ManualClock[" + hand.now() + "," + zone + "]";
  }

  /** The time, shared by the clocks of all zones. */
  private static final class Hand {

    private Instant now;

    Hand(Instant now) {
      this.now = now;
    }

    synchronized Instant now() {
      return now;
    }

    synchronized void set(Instant instant) {
      now = instant;
    }

    synchronized void advance(Duration time) {
      now = now.plus(time);
    }
  }
}
