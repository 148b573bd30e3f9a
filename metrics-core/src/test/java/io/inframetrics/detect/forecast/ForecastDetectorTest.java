package io.inframetrics.detect.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.Forecast;
import io.inframetrics.detect.Forecast.Outcome;
import io.inframetrics.detect.Histories;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.Severity;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForecastDetectorTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final ForecastDetector DETECTOR =
      new ForecastDetector(Map.of(MetricType.DISK_USAGE, 100.0), Duration.ofDays(30));

  @Test
  void saysThatThereIsNotEnoughData() {
    assertThat(forecast(0, i -> 0))
        .isEqualTo(
            new Forecast(
                Outcome.NOT_ENOUGH_DATA,
                100,
                null,
                null,
                null,
                null,
                null,
                null,
                "not enough data: 0 points, but a forecast needs 12"));
    assertThat(forecast(1, i -> 50).words())
        .isEqualTo("not enough data: 1 point, but a forecast needs 12");
    assertThat(forecast(11, i -> 50 + i).words())
        .isEqualTo("not enough data: 11 points over 10 hours, but a forecast needs 12");
    assertThat(forecast(12, i -> 50 + 3 * i).outcome()).isEqualTo(Outcome.EXHAUSTS);
  }

  @Test
  void saysThatAFlatOrFallingSeriesIsNotGrowing() {
    assertThat(forecast(240, i -> 41).words())
        .isEqualTo("not growing: 41 % now, 0 percentage points a day over the last 9 days");
    assertThat(forecast(240, i -> 90 - i * 0.1).words())
        .isEqualTo("not growing: 66.2 % now, -2.4 percentage points a day over the last 9 days");
    assertThat(forecast(240, i -> 90 - i * 0.1).outcome()).isEqualTo(Outcome.NOT_GROWING);
    assertThat(DETECTOR.detect(Histories.disk(HOUR, 240, i -> 41))).isEmpty();
  }

  @Test
  void doesNotTakeNoiseForGrowth() {
    int growing = 0;
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      if (forecast(240, i -> 50 + 4 * random.nextGaussian()).outcome() != Outcome.NOT_GROWING) {
        growing++;
      }
    }
    assertThat(growing).isLessThanOrEqualTo(4);
  }

  @Test
  void doesNotTakeADailySeasonForGrowth() {
    assertThat(forecast(240, i -> 50 + 10 * Math.sin(2 * Math.PI * i / 24)).outcome())
        .isEqualTo(Outcome.NOT_GROWING);
  }

  @Test
  void doesNotTakeAMorningForGrowth() {
    // Twenty hours of a flat series with a strong season, from any time of the day on.
    for (int phase = 0; phase < 288; phase += 6) {
      Random random = new Random(phase);
      int from = phase;
      assertThat(
              fiveMinutes(
                      i ->
                          60 + 8 * Math.sin(2 * Math.PI * (i + from) / 288) + random.nextGaussian())
                  .outcome())
          .as("from slot %d", phase)
          .isEqualTo(Outcome.NOT_GROWING);
    }
    Random noise = new Random(2);
    assertThat(
            fiveMinutes(
                    i -> 60 + 8 * Math.sin(2 * Math.PI * (i + 72) / 288) + noise.nextGaussian() / 2)
                .words())
        .isEqualTo(
            "not growing: 63.55 % now, 1.944 percentage points an hour over the last 19 hours,"
                + " which may be a daily pattern");
  }

  @ParameterizedTest
  @ValueSource(doubles = {4.5, 6, 8, 10, 13})
  void doesNotTakeAWeekForGrowth(double days) {
    int growing = 0;
    for (int seed = 0; seed < 28; seed++) {
      Random random = new Random(seed);
      double from = seed / 4.0;
      Forecast forecast =
          forecast(
              (int) (days * 24),
              i -> 60 + 8 * Math.sin(2 * Math.PI * (i / 24.0 + from) / 7) + random.nextGaussian());
      growing += forecast.outcome() == Outcome.EXHAUSTS ? 1 : 0;
    }
    assertThat(growing).isLessThanOrEqualTo(2);
  }

  @Test
  void saysThatItMayBeTheTimeOfTheWeek() {
    Random random = new Random(3);
    assertThat(
            forecast(
                    144,
                    i ->
                        60
                            + 8 * Math.sin(2 * Math.PI * (i / 24.0 + 1.5) / 7)
                            + random.nextGaussian())
                .words())
        .startsWith("not growing: ")
        .endsWith(" over the last 5 days, which may be a weekly pattern");
  }

  @Test
  void saysThatARiseIsNoMoreThanNoise() {
    Random random = new Random(4);
    assertThat(forecast(48, i -> 50 + i / 12.0 + 6 * random.nextGaussian()).words())
        .startsWith("not growing: ")
        .endsWith(", which is within its usual variation");
  }

  @Test
  void tellsOfALeakThatATimeOfDayCannotExplain() {
    Random random = new Random(5);
    Forecast forecast =
        fiveMinutes(
            i -> 40 + 0.15 * i + 3 * Math.sin(2 * Math.PI * i / 288) + random.nextGaussian());

    assertThat(forecast.outcome()).isEqualTo(Outcome.EXHAUSTS);
  }

  @Test
  void tellsWhenALeakFillsTheDisk() {
    // A fifth of a point an hour, 97.8 % at the end.
    Forecast forecast = forecast(240, i -> 50 + 0.2 * i);

    assertThat(forecast.outcome()).isEqualTo(Outcome.EXHAUSTS);
    // The median of the last three points is the one before the last.
    assertThat(forecast.level()).isCloseTo(97.6, within(1e-9));
    assertThat(forecast.growthPerDay()).isCloseTo(4.8, within(1e-6));
    assertThat(forecast.timeLeft()).isCloseTo(Duration.ofHours(11), Duration.ofMinutes(1));
    assertThat(forecast.words())
        .isEqualTo(
            "97.6 % now, growing by 4.8 percentage points a day: reaches 100 % in 11 hours,"
                + " 2026-02-11 10:00 UTC (80 % sure: 2026-02-11 09:59 to 2026-02-11 10:30 UTC)");
  }

  @Test
  void isLessSureOfANoisySeries() {
    Random random = new Random(7);
    Forecast forecast = forecast(240, i -> 30 + 0.2 * i + 2 * random.nextGaussian());

    // 22.2 points are left, which takes 111 hours.
    Instant truth = Histories.at(HOUR, 239 + 111);
    assertThat(forecast.earliest()).isBefore(truth).isAfter(truth.minus(1, ChronoUnit.DAYS));
    assertThat(forecast.latest()).isAfter(truth).isBefore(truth.plus(1, ChronoUnit.DAYS));
    assertThat(forecast.exhaustedAt()).isBetween(forecast.earliest(), forecast.latest());
    assertThat(forecast.words())
        .isEqualTo(
            "76.72 % now, growing by 4.818 percentage points a day: reaches 100 % in 4 days,"
                + " 2026-02-15 13:01 UTC (80 % sure: 2026-02-15 09:29 to 2026-02-15 16:55 UTC)");
  }

  @Test
  void startsAnewBehindACleanUpAndStillKnowsTheGrowth() {
    // Fifty points of growth, forty of them deleted two hours ago.
    Forecast forecast = forecast(240, i -> 20 + 0.2 * i - (i >= 237 ? 40 : 0));

    assertThat(forecast.growthPerDay()).isCloseTo(4.8, within(0.01));
    assertThat(forecast.words())
        .startsWith("27.6 % now after a clean-up, growing by 4.8 percentage points a day:");
    // 72.2 points at 4.8 a day.
    assertThat(forecast.timeLeft()).isCloseTo(Duration.ofHours(361), Duration.ofHours(4));
  }

  @Test
  void takesDropsNowAndThenForCleanUpsThoughThereAreThree() {
    // Somebody made room when it was nearly full, three times.
    double[] values = new double[240];
    Random random = new Random(8);
    double level = 30;
    for (int i = 0; i < values.length; i++) {
      level += 0.7;
      level -= i == 70 ? 45 : i == 130 ? 45 : i == 160 ? 20 : 0;
      values[i] = level + 0.3 * random.nextGaussian();
    }
    Forecast forecast = forecast(values.length, i -> values[i]);

    assertThat(forecast.words()).contains("after a clean-up, growing by 16.");
    assertThat(forecast.timeLeft())
        .isCloseTo(Duration.ofSeconds((long) ((100 - level) / 0.7 * 3_600)), Duration.ofHours(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 12, 18, 24, 36})
  void seesAStepFromItsSecondPointOn(int points) {
    Random random = new Random(9);
    for (int step : new int[] {-25, 25}) {
      Forecast forecast =
          DETECTOR
              .forecast(
                  Histories.disk(
                      Duration.ofMinutes(5),
                      4_032,
                      i ->
                          (step < 0 ? 48 : 20)
                              + 0.01 * i
                              + (i >= 4_032 - points ? step : 0)
                              + 0.05 * random.nextGaussian()))
              .orElseThrow();

      double days = (100 - forecast.level()) / forecast.growthPerDay();
      assertThat(forecast.timeLeft())
          .isCloseTo(Duration.ofSeconds((long) (days * 86_400)), Duration.ofHours(3));
      assertThat(forecast.words().contains("after a clean-up")).isEqualTo(step < 0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8})
  void doesNotTakeADropThatIsDueForACleanUp(int points) {
    Random random = new Random(11);
    Forecast forecast =
        DETECTOR
            .forecast(
                Histories.disk(
                    Duration.ofMinutes(5),
                    16 * 240 + points,
                    i -> 20 + 0.02 * i - 3 * (i / 240) + 0.05 * random.nextGaussian()))
            .orElseThrow();

    // Every twenty hours: from 48.8 on, 1.8 a drop.
    assertThat(forecast.words()).doesNotContain("clean-up");
    assertThat(forecast.timeLeft()).isBetween(Duration.ofDays(21), Duration.ofDays(24));
  }

  @Test
  void knowsTheFilesOfANightlyJob() {
    Random random = new Random(10);
    // Twelve points of a hundred for three hours of each night, and two a day more.
    Forecast forecast =
        forecast(
            240,
            i ->
                40 + i / 12.0 + (i % 24 >= 2 && i % 24 < 5 ? 12 : 0) + 0.2 * random.nextGaussian());

    // At 84 % in the night of day 22 the job reaches 100.
    assertThat(forecast.exhaustedAt())
        .isCloseTo(Histories.at(HOUR, 578), within(1, ChronoUnit.DAYS));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.001, 0.01, 0.1})
  void ordersItsTimesAndHoldsTheTruthWithHardlyAnyNoise(double noise) {
    int inside = 0;
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      double rate = 0.15 + 0.1 * random.nextDouble();
      Forecast forecast = forecast(240, i -> 20 + rate * i + noise * random.nextGaussian());
      Instant truth = Histories.START.plusSeconds((long) (80 / rate * HOUR.toSeconds()));
      assertThat(forecast.exhaustedAt()).isBetween(forecast.earliest(), forecast.latest());
      inside +=
          truth.isBefore(forecast.earliest().minusSeconds(1)) || truth.isAfter(forecast.latest())
              ? 0
              : 1;
    }
    assertThat(inside).isGreaterThanOrEqualTo(45);
  }

  @Test
  void takesDropsThatRecurAsPartOfTheGrowth() {
    // Half a point an hour, and every 30 hours 9 points are rotated away: 0.2 an hour remain.
    IntToDoubleFunction rotated = i -> 20 + 0.5 * i - 9 * (i / 30);
    Forecast forecast = forecast(240, rotated);
    int full = 240;
    while (rotated.applyAsDouble(full) < 100) {
      full++;
    }

    assertThat(forecast.growthPerDay()).isCloseTo(4.8, within(0.1));
    assertThat(forecast.words()).doesNotContain("clean-up");
    assertThat(forecast.exhaustedAt())
        .isCloseTo(Histories.at(HOUR, full), within(8, ChronoUnit.HOURS));
  }

  @Test
  void waitsForTheTimeOfDayAtWhichTheSeriesIsFull() {
    // Five points up and down with the day, on top of a point a day.
    IntToDoubleFunction daily = i -> 60 + i / 24.0 + 5 * Math.sin(2 * Math.PI * i / 24);
    Forecast forecast = forecast(240, daily);
    int full = 240;
    while (daily.applyAsDouble(full) < 100) {
      full++;
    }

    assertThat(forecast.growthPerDay()).isCloseTo(1, within(0.05));
    assertThat(forecast.exhaustedAt())
        .isCloseTo(Histories.at(HOUR, full), within(26, ChronoUnit.HOURS));
  }

  @Test
  void knowsTheDaysOfTheWeekOnWhichTheSeriesGrows() {
    // Two points on each of five days, nothing on two; it is the end of the second such week.
    IntToDoubleFunction working = i -> 43 + 2 * (i / 168 * 5 + Math.min(5, i % 168 / 24.0));
    int full = 336;
    while (working.applyAsDouble(full) < 100) {
      full++;
    }
    for (int seed = 0; seed < 10; seed++) {
      Random random = new Random(seed);
      Forecast forecast =
          forecast(336, i -> working.applyAsDouble(i) + 0.3 * random.nextGaussian());

      assertThat(forecast.growthPerDay()).as("seed %d", seed).isCloseTo(10 / 7.0, within(0.05));
      assertThat(forecast.exhaustedAt())
          .as("seed %d", seed)
          .isCloseTo(Histories.at(HOUR, full), within(20, ChronoUnit.HOURS));
    }
  }

  @Test
  void seesALeakThatBeganADayAndAHalfAgo() {
    // Twelve days up and down, then eight points a day more: full in six days and a bit.
    IntToDoubleFunction leaking =
        i -> 40 + 5 * Math.sin(2 * Math.PI * i / 24) + Math.max(0, i - 288) / 3.0;
    int full = 324;
    while (leaking.applyAsDouble(full) < 100) {
      full++;
    }
    int inside = 0;
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      Forecast forecast =
          forecast(324, i -> leaking.applyAsDouble(i) + 0.5 * random.nextGaussian());
      Instant then = Histories.at(HOUR, full);

      assertThat(forecast.exhaustedAt())
          .as("seed %d", seed)
          .isBetween(then.minus(Duration.ofDays(2)), then.plus(Duration.ofDays(3)));
      boolean late = forecast.latest() != null && then.isAfter(forecast.latest());
      inside += late || then.isBefore(forecast.earliest()) ? 0 : 1;
    }
    assertThat(inside).isGreaterThanOrEqualTo(15);
  }

  @Test
  void saysWhenItMayNeverBeFull() {
    // The growth itself wanders.
    Random random = new Random(2);
    double[] values = new double[240];
    double level = 20;
    double growth = 0.1;
    for (int i = 0; i < values.length; i++) {
      growth += 0.01 * random.nextGaussian();
      level += growth;
      values[i] = level + 0.5 * random.nextGaussian();
    }
    Forecast forecast = forecast(240, i -> values[i]);

    assertThat(forecast.latest()).isNull();
    assertThat(forecast.words()).endsWith("(80 % sure: not before 2026-02-23 01:23 UTC)");
  }

  @Test
  void growsMoreUrgentAsTheTimeRunsOut() {
    Finding today = finding(i -> 50 + 0.2 * i);
    Finding thisWeek = finding(i -> 50 + 0.15 * i);
    Finding thisMonth = finding(i -> 50 + 0.08 * i);

    assertThat(today.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(thisWeek.severity()).isEqualTo(Severity.WARNING);
    assertThat(thisMonth.severity()).isEqualTo(Severity.INFO);
    assertThat(today.excess()).isFinite().isGreaterThan(thisWeek.excess());
    assertThat(thisWeek.excess()).isFinite().isGreaterThan(thisMonth.excess());
    assertThat(today.start()).isEqualTo(Histories.at(HOUR, 239)).isEqualTo(today.latest());
    assertThat(today.ongoing()).isTrue();
    assertThat(today.reason()).isEqualTo(today.forecast().words());
  }

  @Test
  void saysWhenTheCapacityLiesBeyondTheHorizon() {
    Forecast forecast = forecast(240, i -> 20 + 0.01 * i);

    assertThat(forecast.outcome()).isEqualTo(Outcome.BEYOND_HORIZON);
    assertThat(forecast.words())
        .isEqualTo(
            "22.38 % now, growing by 0.24 percentage points a day: does not reach 100 % within 30"
                + " days");
    assertThat(DETECTOR.finding(Histories.disk(HOUR, 240, i -> 20 + 0.01 * i), forecast)).isEmpty();
  }

  @Test
  void looksNoFartherThanItsHistoryAllows() {
    // 19 five-minute steps: 95 minutes of history reach 285 minutes, which is 4 hours.
    Forecast slow =
        DETECTOR
            .forecast(Histories.disk(Duration.ofMinutes(5), 20, i -> 40 + 0.1 * i))
            .orElseThrow();
    assertThat(slow.outcome()).isEqualTo(Outcome.BEYOND_HORIZON);
    assertThat(slow.words())
        .endsWith("does not reach 100 % within 4 hours, as far as its short history can tell");

    Forecast fast =
        DETECTOR.forecast(Histories.disk(Duration.ofMinutes(5), 20, i -> 40 + 2 * i)).orElseThrow();
    assertThat(fast.outcome()).isEqualTo(Outcome.EXHAUSTS);
  }

  @Test
  void tellsGrowthByTheMinuteOrHourWhereTheHistoryIsThatShort() {
    assertThat(growth(Duration.ofSeconds(10)))
        .contains("growing by 1.2 percentage points a minute:");
    assertThat(growth(Duration.ofMinutes(5))).contains("growing by 2.4 percentage points an hour:");
    assertThat(growth(HOUR)).contains("growing by 4.8 percentage points a day:");
  }

  private static String growth(Duration step) {
    return DETECTOR.forecast(Histories.disk(step, 200, i -> 50 + 0.2 * i)).orElseThrow().words();
  }

  @Test
  void saysThatTheCapacityIsReached() {
    Forecast forecast = forecast(3, i -> 100);

    assertThat(forecast)
        .isEqualTo(
            new Forecast(
                Outcome.EXHAUSTED,
                100,
                100.0,
                null,
                Duration.ZERO,
                Histories.at(HOUR, 2),
                Histories.at(HOUR, 2),
                Histories.at(HOUR, 2),
                "at its capacity: 100 % of 100 %"));
    assertThat(finding(i -> 100).severity()).isEqualTo(Severity.CRITICAL);
  }

  @Test
  void isNotCarriedAwayByOutliers() {
    Forecast clean = forecast(240, i -> 20 + 0.2 * i);
    Forecast dirty = forecast(240, i -> i % 10 == 5 ? 99 : 20 + 0.2 * i);

    assertThat(dirty.exhaustedAt()).isCloseTo(clean.exhaustedAt(), within(1, ChronoUnit.HOURS));
  }

  @Test
  void costsTheSameForAMonthOfPoints() {
    Forecast forecast =
        DETECTOR
            .forecast(Histories.disk(Duration.ofMinutes(5), 4_032, i -> 20 + 0.01 * i))
            .orElseThrow();

    assertThat(forecast.growthPerDay()).isCloseTo(2.88, within(1e-6));
  }

  @Test
  void copesWithAllPointsInOneStretchOfTime() {
    IntToDoubleFunction jump = i -> i < 100 ? 10 : 20;
    SeriesHistory history =
        new SeriesHistory(
            Histories.cpu().series(),
            MetricUnit.PERCENT,
            IntStream.range(0, 101)
                .mapToObj(i -> new Point(i < 100 ? i : 10_000_000, jump.applyAsDouble(i)))
                .toList());

    assertThat(
            new ForecastDetector(Map.of(MetricType.CPU_UTILIZATION, 100.0), Duration.ofDays(1))
                .forecast(history))
        .map(Forecast::words)
        .contains(
            "not enough data: 101 points at 2 distinct times over 115 days, but a forecast needs 8");
  }

  @Test
  void leavesTypesWithoutACapacityAlone() {
    assertThat(DETECTOR.forecast(Histories.cpu(1, 2, 3))).isEmpty();
    assertThat(DETECTOR.detect(Histories.cpu(1, 2, 3))).isEmpty();
  }

  @Test
  void forecastsOnlySeriesInTheUnitOfTheirCapacity() {
    Map<MetricType, Double> capacities = Map.of(MetricType.CPU_UTILIZATION, 100.0);
    ForecastDetector percent =
        new ForecastDetector(
            capacities,
            Map.of(MetricType.CPU_UTILIZATION, MetricUnit.PERCENT),
            Duration.ofDays(30));
    ForecastDetector any = new ForecastDetector(capacities, Duration.ofDays(30));
    for (MetricUnit unit : MetricUnit.values()) {
      SeriesHistory history = Histories.of(MetricType.CPU_UTILIZATION, unit, 8_018);
      assertThat(percent.detect(history)).hasSize(unit == MetricUnit.PERCENT ? 1 : 0);
      assertThat(percent.forecast(history).isPresent()).isEqualTo(unit == MetricUnit.PERCENT);
      assertThat(any.detect(history)).hasSize(1);
    }
  }

  @Test
  void refusesCapacitiesAndHorizonsThatMakeNoSense() {
    assertThatThrownBy(
            () -> new ForecastDetector(Map.of(MetricType.DISK_USAGE, 0.0), Duration.ofDays(1)))
        .hasMessageContaining("disk_usage");
    assertThatThrownBy(() -> new ForecastDetector(Map.of(), Duration.ZERO))
        .hasMessageContaining("PT0S");
  }

  private static Forecast fiveMinutes(IntToDoubleFunction value) {
    return DETECTOR.forecast(Histories.disk(Duration.ofMinutes(5), 240, value)).orElseThrow();
  }

  private static Forecast forecast(int count, IntToDoubleFunction value) {
    return DETECTOR.forecast(Histories.disk(HOUR, count, value)).orElseThrow();
  }

  private static Finding finding(IntToDoubleFunction value) {
    return DETECTOR.detect(Histories.disk(HOUR, 240, value)).get(0);
  }
}
