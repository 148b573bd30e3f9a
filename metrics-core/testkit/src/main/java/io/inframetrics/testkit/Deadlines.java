package io.inframetrics.testkit;

import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;

public final class Deadlines {

  private static final Clock STOPPED = Clock.fixed(SampleMetrics.RUN.observedAt(), ZoneOffset.UTC);

  private Deadlines() {}

  /** One hour is left, and stays left: this deadline's clock stands still. */
  public static Deadline never() {
    return Deadline.after(Duration.ofHours(1), STOPPED);
  }

  public static Deadline passed() {
    return Deadline.after(Duration.ofSeconds(-1), STOPPED);
  }

  /** {@code time} is left by the machine's own clock, for tests that really wait. */
  public static Deadline inRealTime(Duration time) {
    return Deadline.after(time, Clock.systemUTC());
  }
}
