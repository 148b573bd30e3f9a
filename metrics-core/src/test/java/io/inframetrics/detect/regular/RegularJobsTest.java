package io.inframetrics.detect.regular;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RegularJobsTest {

  private static final long MONDAY = 1_700_438_400L;
  private static final long HOUR = 3_600;
  private static final long DAY = 24 * HOUR;
  private static final int STEP = 300;

  /** A daily wave from 20 to 40 with noise; its peak is at noon. */
  private final List<Point> points = new ArrayList<>();

  private void wave(long days, long seconds) {
    Random random = new Random(5);
    for (long time = 0; time <= days * DAY + seconds; time += STEP) {
      double angle = 2 * Math.PI * time / DAY;
      points.add(new Point(MONDAY + time, 30 - 10 * Math.cos(angle) + 0.5 * random.nextGaussian()));
    }
  }

  /** A job that adds 30; each point is the mean of the time up to the next. */
  private void run(long start, long seconds) {
    for (int i = 0; i < points.size(); i++) {
      long from = points.get(i).epochSecond() - MONDAY;
      long within = Math.min(start + seconds, from + STEP) - Math.max(start, from);
      if (within > 0) {
        points.set(i, new Point(MONDAY + from, points.get(i).value() + 30.0 * within / STEP));
      }
    }
  }

  private RegularJobs jobs() {
    return new RegularJobs(
        new SeriesHistory(Series.of(new MetricType("test"), "i-1"), MetricUnit.PERCENT, points),
        ZoneOffset.UTC);
  }

  @Test
  void anHourlyJobIsNoLongerWhereItRunsOnTheWavesPeak() {
    wave(13, 12 * HOUR);
    for (long start = 25 * 60; start < 13 * DAY + 12 * HOUR; start += HOUR) {
      run(start, 400);
    }

    assertThat(jobs().findings()).isEmpty();
  }

  @Test
  void theFirstPointsOfARunAreOfItWhereTheAnalysisRunsThen() {
    wave(12, STEP);
    for (long start = -2 * 60; start <= 12 * DAY; start += 2 * DAY) {
      run(start, HOUR);
    }

    RegularJobs jobs = jobs();

    assertThat(jobs.findings()).isEmpty();
    assertThat(jobs.cover(MONDAY + 12 * DAY)).isTrue();
    assertThat(jobs.cover(MONDAY + 12 * DAY + STEP)).isTrue();
    assertThat(jobs.cover(MONDAY + 12 * DAY - 4 * STEP)).isFalse();
  }

  @Test
  void aShortRunWithTwiceTheWorkIsFoundHoweverItFillsItsPoints() {
    wave(13, 12 * HOUR);
    for (long start = 10 * 60; start < 13 * DAY + 12 * HOUR; start += HOUR) {
      boolean last = start > 13 * DAY + 10 * HOUR;
      run(start + start % 240, last ? 520 : 260);
    }

    assertThat(jobs().findings())
        .extracting(Finding::reason)
        .first()
        .asString()
        .contains("ran for");
  }

  @Test
  void aValueIsRegularAfterThreeDaysOrOnItsWeekday() {
    assertThat(reachedAfter(1, 2, 3)).isTrue();
    assertThat(reachedAfter(2, 4, 6)).isTrue();
    assertThat(reachedAfter(7, 14)).isTrue();
    assertThat(reachedAfter(1, 2)).isFalse();
    assertThat(reachedAfter(7)).isFalse();
    assertThat(reachedAfter(3, 4, 10, 11)).as("a weekend says nothing about a Wednesday").isFalse();
  }

  /** Whether a value of 60 is regular after such values so many days before. */
  private boolean reachedAfter(int... daysAgo) {
    points.clear();
    wave(20, HOUR);
    for (int ago : daysAgo) {
      run((20 - ago) * DAY, STEP);
    }
    return jobs().wasReached(MONDAY + 20 * DAY, 40, true);
  }

  @Test
  void aRunThatIsDueMayHaveBegunInTheNewestPoint() {
    wave(12, 6 * HOUR);
    for (int day : new int[] {0, 2, 5, 9}) {
      run(day * DAY + 6 * HOUR, 2 * HOUR);
    }
    long newest = MONDAY + 12 * DAY + 6 * HOUR;

    assertThat(jobs().wasReached(newest, 40, true)).isTrue();
    assertThat(jobs().wasReached(newest, 120, true)).as("above the job's level").isFalse();
    assertThat(jobs().wasReached(newest, 0, false)).isFalse();
    assertThat(jobs().wasReached(newest - STEP, 40, true)).as("not the newest").isFalse();
  }
}
