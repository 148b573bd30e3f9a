package io.inframetrics.detect.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EpisodeRuleTest {

  private static final long HOUR = 3_600;
  private static final long DAY = 24 * HOUR;

  private final EpisodeRule rule = new EpisodeRule(1);

  @Test
  void anEpisodeAlarmsOnce() {
    assertThat(rule.next(0, 2)).isTrue();
    assertThat(rule.next(HOUR, 2.5)).isFalse();
    assertThat(rule.next(2 * HOUR, 0.5)).isFalse();
    assertThat(rule.next(3 * HOUR, 2)).isFalse();
  }

  @Test
  void anEpisodeAlarmsAgainWhenItBecomesHalfAsStrongAgain() {
    rule.next(0, 2);

    assertThat(rule.next(HOUR, 3)).isTrue();
  }

  @Test
  void aNightlyJobIsNoNewsAfterThreeNights() {
    assertThat(nights(6)).containsExactly(true, true, true, false, false, false);
  }

  @Test
  void aNightlyJobDoesNotHideTheAfternoon() {
    nights(6);
    quiet(5 * DAY + 4 * HOUR);

    assertThat(rule.next(5 * DAY + 15 * HOUR, 2)).isTrue();
  }

  @Test
  void aNightlyJobDoesNotHideAWorseNight() {
    nights(6);
    quiet(5 * DAY + 4 * HOUR);

    assertThat(rule.next(6 * DAY + 3 * HOUR, 3)).isTrue();
  }

  @Test
  void aJobThatRanLateIsStillTheNightlyOne() {
    nights(6);
    quiet(5 * DAY + 4 * HOUR);

    assertThat(rule.next(6 * DAY + 5 * HOUR, 2)).isFalse();
  }

  /** An episode at three in the morning of each day; whether each alarmed. */
  private boolean[] nights(int count) {
    boolean[] alarms = new boolean[count];
    for (int day = 0; day < count; day++) {
      alarms[day] = rule.next(day * DAY + 3 * HOUR, 2);
      quiet(day * DAY + 4 * HOUR);
    }
    return alarms;
  }

  private void quiet(long from) {
    for (int i = 0; i < EpisodeRule.QUIET_POINTS; i++) {
      rule.next(from + i * 60, 0);
    }
  }
}
