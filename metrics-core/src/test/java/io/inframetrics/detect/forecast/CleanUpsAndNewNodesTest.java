package io.inframetrics.detect.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.detect.Forecast;
import io.inframetrics.detect.Forecast.Outcome;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Disks that rise and are not growing, and disks like them that are. */
class CleanUpsAndNewNodesTest {

  private static final double DAY = 86_400;

  /** Days are counted from a Thursday, 1970-01-01. */
  private static final long END = 20_500;

  private static final double CLEANED_AT = 3 / 24.0;
  private static final int SEEDS = 6;

  private static final ForecastDetector DETECTOR =
      new ForecastDetector(Map.of(MetricType.DISK_USAGE, 100.0), Duration.ofDays(30));

  enum Schedule {
    DAILY(day -> true, 1),
    EVERY_SECOND_DAY(day -> day % 2 == 0, 2),
    EVERY_THIRD_DAY(day -> day % 3 == 0, 3),
    EVERY_SECOND_DAY_OF_THE_MONTH(day -> LocalDate.ofEpochDay(day).getDayOfMonth() % 2 == 1, 2),
    FOUR_DAYS_IN_A_ROW(day -> day % 7 < 4, 4),
    FOUR_DAYS_APART(day -> List.of(0L, 2L, 4L, 6L).contains(day % 7), 2),
    FOUR_DAYS_IN_PAIRS(day -> List.of(0L, 1L, 4L, 5L).contains(day % 7), 3),
    WORKING_DAYS(day -> (day + 3) % 7 < 5, 3),
    SIX_DAYS(day -> day % 7 < 6, 2),
    WEEKLY(day -> day % 7 == 3, 7);

    final LongPredicate cleans;
    final int longestWait;

    Schedule(LongPredicate cleans, int longestWait) {
      this.cleans = cleans;
      this.longestWait = longestWait;
    }
  }

  static Stream<Arguments> schedules() {
    return Stream.of(Schedule.values())
        .flatMap(
            one ->
                Stream.of(
                    Arguments.of(one, 3_600, 28),
                    Arguments.of(one, 300, 14),
                    Arguments.of(one, 60, 14)));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void isNotGrowingWhatIsCleanedUpAtAFixedHour(Schedule schedule, int step, int days) {
    for (int seed = 0; seed < (step == 60 ? 2 : SEEDS); seed++) {
      Random random = new Random(seed);
      double end = END + 28 * random.nextDouble();
      // The week before the end may have one clean-up only.
      int history = schedule == Schedule.WEEKLY ? Math.max(15, days) : days;
      Forecast forecast =
          forecast(
              end, history, step, day -> cleaned(schedule, day) + 0.05 * random.nextGaussian());

      assertThat(forecast.outcome())
          .as("%s every %d s, seed %d: %s", schedule, step, seed, forecast.words())
          .isEqualTo(Outcome.NOT_GROWING);
    }
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void findsWhatCreepsUpUnderCleanUps(Schedule schedule, int step, int days) {
    int found = 0;
    int seeds = step == 60 ? 2 : SEEDS;
    for (int seed = 0; seed < seeds; seed++) {
      Random random = new Random(seed);
      double end = END + 28 * random.nextDouble();
      Forecast forecast =
          forecast(
              end,
              schedule == Schedule.WEEKLY ? 28 : days,
              step,
              day ->
                  cleaned(schedule, day)
                      - 20
                      + 1.5 * (floor(schedule, day) - end)
                      + 0.05 * random.nextGaussian());
      found += forecast.outcome() == Outcome.NOT_GROWING ? 0 : 1;
      if (forecast.growthPerDay() != null && found == seed + 1) {
        assertThat(forecast.growthPerDay()).as(forecast.words()).isBetween(0.7, 2.5);
      }
    }
    assertThat(found).as("%s every %d s", schedule, step).isGreaterThanOrEqualTo(seeds * 3 / 4);
  }

  @Test
  void findsACleanUpThatStopped() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      // Nine points a day, and no clean-up in the last three days.
      double end = END + random.nextDouble();
      Forecast forecast =
          forecast(
              end,
              28,
              3_600,
              day ->
                  55
                      + 9
                          * (Math.min(day, end)
                              - Math.min(floor(Schedule.EVERY_SECOND_DAY, day), END - 2))
                      + 0.05 * random.nextGaussian());
      assertThat(forecast.outcome()).as(forecast.words()).isEqualTo(Outcome.EXHAUSTS);
      assertThat(forecast.growthPerDay()).isBetween(8.0, 10.0);
    }
  }

  @Test
  void findsADiskThatIsFullBeforeTheNextCleanUp() {
    Random random = new Random(1);
    // Fourteen points a day where it was five: the clean-up is in a day and a half.
    double end = END + 0.6;
    Forecast forecast =
        forecast(
            end,
            14,
            300,
            day ->
                cleaned(Schedule.EVERY_SECOND_DAY, day)
                    + 8 * Math.max(0, day - end + 1.9)
                    + 0.05 * random.nextGaussian());
    assertThat(forecast.outcome()).as(forecast.words()).isEqualTo(Outcome.EXHAUSTS);
  }

  static Stream<Arguments> leaks() {
    return Stream.of(Arguments.of(3_600, 28), Arguments.of(300, 14), Arguments.of(60, 14));
  }

  @ParameterizedTest
  @MethodSource("leaks")
  void findsALeakOfTheLastTwoDays(int step, int days) {
    for (int seed = 0; seed < (step == 60 ? 2 : SEEDS); seed++) {
      Random random = new Random(seed);
      double end = END + random.nextDouble();
      for (double perDay : new double[] {8, 20}) {
        Forecast forecast =
            forecast(
                end,
                days,
                step,
                day -> 40 + perDay * Math.max(0, day - end + 2) + 0.2 * random.nextGaussian());
        assertThat(forecast.outcome())
            .as("%s a day every %d s: %s", perDay, step, forecast.words())
            .isEqualTo(Outcome.EXHAUSTS);
      }
    }
  }

  @Test
  void isNotGrowingWhenTheFilesOfAJobOnWorkingDaysComeAndGo() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      DoubleUnaryOperator job =
          day ->
              (Math.floorMod((long) day, 7L) < 5 && day % 1 > 0.1 && day % 1 < 0.4 ? 12 : 0)
                  + 0.1 * random.nextGaussian();
      assertThat(forecast(END + 0.8, 28, 3_600, day -> 50 + job.applyAsDouble(day)).outcome())
          .isEqualTo(Outcome.NOT_GROWING);
      assertThat(
              forecast(END + 0.8, 28, 3_600, day -> 50 + day - END + job.applyAsDouble(day))
                  .growthPerDay())
          .isBetween(0.9, 1.1);
    }
  }

  static Stream<Arguments> newNodes() {
    List<Arguments> all = new ArrayList<>();
    for (int step : new int[] {3_600, 300, 60}) {
      for (double hours : new double[] {1, 3, 5, 8}) {
        for (double still : new double[] {1, 1.8}) {
          all.add(Arguments.of(step, hours, still));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("newNodes")
  void isNotGrowingWhenANewNodeStandsStill(int step, double hours, double still) {
    for (int seed = 0; seed < (step == 60 ? 2 : SEEDS); seed++) {
      Random random = new Random(seed);
      double end = END + random.nextDouble();
      double history = 5 * hours / 24 + still;
      // Slower and slower, and at one rate: both 20 to 55 %.
      List<DoubleUnaryOperator> fills =
          List.of(
              passed -> 1 - Math.exp(-passed / hours), passed -> Math.min(1, passed / (4 * hours)));
      for (DoubleUnaryOperator fill : fills) {
        Forecast forecast =
            forecast(
                end,
                history,
                step,
                day ->
                    20
                        + 35 * fill.applyAsDouble(24 * (day - end + history))
                        + 0.05 * random.nextGaussian());
        assertThat(forecast.outcome())
            .as("%s h every %d s, seed %d: %s", hours, step, seed, forecast.words())
            .isEqualTo(Outcome.NOT_GROWING);
      }
    }
  }

  @Test
  void saysWhyARiseIsNotGrowth() {
    Random random = new Random(3);
    assertThat(
            forecast(
                    END + 0.5,
                    2.25,
                    300,
                    day ->
                        20
                            + 35 * (1 - Math.exp(-24 * (day - END + 1.75) / 5))
                            + 0.05 * random.nextGaussian())
                .words())
        .startsWith("not growing: 55.")
        .endsWith(", but it has stopped rising");
  }

  /** The last time at or before {@code day} that a clean-up ended. */
  private static double floor(Schedule schedule, double day) {
    long cleaned = (long) Math.floor(day - CLEANED_AT);
    while (!schedule.cleans.test(cleaned)) {
      cleaned--;
    }
    return cleaned + CLEANED_AT;
  }

  /** From 60 to 80 %. */
  private static double cleaned(Schedule schedule, double day) {
    return 60 + 20.0 / schedule.longestWait * (day - floor(schedule, day));
  }

  private static Forecast forecast(double end, double days, int step, DoubleUnaryOperator percent) {
    List<Point> points = new ArrayList<>();
    long last = (long) (end * DAY / step) * step;
    for (long at = last - (long) (days * DAY / step) * step; at <= last; at += step) {
      double rounded = Math.rint(100 * percent.applyAsDouble(at / DAY)) / 100;
      points.add(new Point(at, rounded));
    }
    return DETECTOR
        .forecast(
            new SeriesHistory(Series.of(MetricType.DISK_USAGE, "i-1"), MetricUnit.PERCENT, points))
        .orElseThrow();
  }
}
