package io.inframetrics.cli.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RunTimesTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-02-19T11:27:43Z"));
  private long nanos = -5; // System.nanoTime may be negative.
  private final RunTimes times = new RunTimes(MINUTE, clock, () -> nanos);

  private void pass(Duration time) {
    clock.advance(time);
    nanos += time.toNanos();
  }

  @Test
  void aRunThatTookLongIsFollowedByOneAtOnce() {
    pass(Duration.ofSeconds(20));
    assertThat(times.untilNext()).isEqualTo(Duration.ofSeconds(40));

    pass(Duration.ofSeconds(40 + 200));
    assertThat(times.untilNext()).isZero();

    pass(Duration.ofSeconds(1));
    assertThat(times.untilNext()).isEqualTo(Duration.ofSeconds(59));
  }

  @Test
  void settingTheClockDelaysNoRunAndIsSaidOnce() {
    pass(Duration.ofSeconds(2));
    assertThat(times.clockJump()).isEmpty();

    clock.advance(Duration.ofHours(-2));

    assertThat(times.untilNext()).isEqualTo(Duration.ofSeconds(58));
    assertThat(times.clockJump())
        .hasValueSatisfying(
            said ->
                assertThat(said).startsWith("the clock was set back by 2 hours, to 2026-02-19"));
    pass(MINUTE);
    assertThat(times.clockJump()).isEmpty();

    clock.advance(Duration.ofDays(3));

    assertThat(times.clockJump())
        .hasValueSatisfying(
            said -> assertThat(said).startsWith("the clock was set forward by 72 hours"));
    assertThat(times.untilNext()).isLessThanOrEqualTo(MINUTE);
  }

  @Test
  void aClockThatIsCorrectedALittleIsNotMentioned() {
    nanos += TimeUnit.MINUTES.toNanos(1);
    clock.advance(MINUTE.plusSeconds(3));

    assertThat(times.clockJump()).isEmpty();
  }
}
