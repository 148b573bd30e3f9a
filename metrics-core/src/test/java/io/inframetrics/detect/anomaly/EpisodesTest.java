package io.inframetrics.detect.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class EpisodesTest {

  private static final long HOUR = 3_600;
  private static final long DAY = 24 * HOUR;

  private static final Evidence EVIDENCE = new Evidence();

  private final Episodes episodes = new Episodes(1, null, null);

  @Test
  void anEpisodeAlarmsOnce() {
    assertThat(next(0, 2)).isTrue();
    assertThat(next(HOUR, 2.5)).isFalse();
    assertThat(next(2 * HOUR, 0.5)).isFalse();
    assertThat(next(3 * HOUR, 2)).isFalse();
  }

  @Test
  void anEpisodeAlarmsAgainWhenItBecomesHalfAsStrongAgain() {
    next(0, 2);

    assertThat(next(HOUR, 3)).isTrue();
  }

  @Test
  void aNightlyJobIsNoNewsAfterThreeNights() {
    assertThat(nights(6)).containsExactly(true, true, true, false, false, false);
  }

  @Test
  void aNightlyJobDoesNotHideTheAfternoon() {
    nights(6);
    quiet(5 * DAY + 4 * HOUR);

    assertThat(next(5 * DAY + 15 * HOUR, 2)).isTrue();
  }

  @Test
  void aNightlyJobDoesNotHideAWorseNight() {
    nights(6);
    quiet(5 * DAY + 4 * HOUR);

    assertThat(next(6 * DAY + 3 * HOUR, 3)).isTrue();
  }

  @Test
  void aJobThatRanLateIsStillTheNightlyOne() {
    nights(6);
    quiet(5 * DAY + 4 * HOUR);

    assertThat(next(6 * DAY + 5 * HOUR, 2)).isFalse();
  }

  /** An episode at three in the morning of each day; whether each alarmed. */
  private boolean[] nights(int count) {
    boolean[] alarms = new boolean[count];
    for (int day = 0; day < count; day++) {
      alarms[day] = next(day * DAY + 3 * HOUR, 2);
      quiet(day * DAY + 4 * HOUR);
    }
    return alarms;
  }

  private void quiet(long from) {
    for (int i = 0; i < Episodes.SILENT_POINTS; i++) {
      next(from + i * 60, 0);
    }
  }

  private boolean next(long epochSecond, double amount) {
    return episodes.next(
        new JudgedPoint(
            epochSecond, 0, 1, epochSecond, epochSecond, amount, EVIDENCE, ZoneOffset.UTC));
  }
}
