package io.inframetrics.detect.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.Forecast;
import io.inframetrics.detect.Forecast.Outcome;
import io.inframetrics.detect.Histories;
import io.inframetrics.detect.Severity;
import io.inframetrics.metric.MetricType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FastRiseTest {

  private static final ForecastDetector DETECTOR =
      new ForecastDetector(Map.of(MetricType.DISK_USAGE, 100.0), Duration.ofDays(30));

  @ParameterizedTest
  @ValueSource(ints = {2, 10, 20, 24, 30})
  void findsADiskThatIsFullInTwelveMinutesAfterTwo(int step) {
    // 40 % two minutes ago, five points more a minute.
    Forecast forecast = forecast(step, 120 / step + 1, i -> 40 + i * step / 12.0);

    assertThat(forecast.outcome()).isEqualTo(Outcome.EXHAUSTS);
    assertThat(forecast.timeLeft()).isCloseTo(Duration.ofMinutes(10), Duration.ofSeconds(5));
    assertThat(forecast.growthPerDay()).isCloseTo(5 * 1_440, within(10.0));
    assertThat(forecast.exhaustedAt()).isBetween(forecast.earliest(), forecast.latest());
    assertThat(forecast.words())
        .contains(" % now, growing by 5 percentage points a minute: reaches 100 % in ");
  }

  @ParameterizedTest
  @CsvSource({"60, 5", "60, 8", "300, 15", "900, 12"})
  void threePointsOfANewDiskThatRiseEvenlyAreEnough(int step, double perPoint) {
    double[] noise = {0, 0.2, -0.1, 0.1};
    for (int count = 3; count <= 4; count++) {
      Forecast forecast = forecast(step, count, i -> 50 + perPoint * i + noise[i]);

      assertThat(forecast.outcome()).isEqualTo(Outcome.EXHAUSTS);
      assertThat(forecast.timeLeft()).isLessThan(Duration.ofHours(1));
    }
    assertThat(forecast(step, 3, i -> 50 + (i == 1 ? perPoint : 0)).timeLeft()).isNull();
    assertThat(forecast(step, 3, i -> 50 + (i >= 1 ? perPoint : 0)).timeLeft()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"60, 4032, 1, 20", "60, 240, 5, 5", "300, 4032, 4, 5", "10, 500, 0.5, 20"})
  void findsTheSameBehindALongHistory(int step, int count, double perPoint, int rising) {
    for (int seed = 0; seed < 10; seed++) {
      Random random = new Random(seed);
      List<Finding> findings =
          DETECTOR.detect(
              Histories.disk(
                  Duration.ofSeconds(step),
                  count,
                  i ->
                      40
                          + perPoint * Math.max(0, i - count + rising)
                          + 0.05 * random.nextGaussian()));
      assertThat(findings).extracting(Finding::severity).containsExactly(Severity.CRITICAL);
      assertThat(findings.get(0).forecast().timeLeft()).isLessThanOrEqualTo(Duration.ofHours(1));
    }
  }

  @Test
  void isLessSureOfAnUnevenRise() {
    double[] values = {40, 42, 45.5, 47, 50};
    Forecast forecast = forecast(30, 5, i -> values[i]);

    assertThat(forecast.earliest()).isBefore(forecast.exhaustedAt().minusSeconds(30));
    assertThat(forecast.latest()).isAfter(forecast.exhaustedAt().plusSeconds(30));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 10, 30, 60, 300})
  void isNotAlarmedByNoiseOrOneCopiedFile(int step) {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      int count = 3 + random.nextInt(60);
      int copied = random.nextInt(count);
      assertThat(forecast(step, count, i -> 60 + 3 * random.nextGaussian()).timeLeft()).isNull();
      assertThat(
              forecast(step, count, i -> 60 + (i >= copied ? 15 : 0) + 0.1 * random.nextGaussian())
                  .timeLeft())
          .isNull();
    }
  }

  @Test
  void isNotAlarmedByAJobThatRisesAndEndsEveryHour() {
    for (int phase = 0; phase < 60; phase += 5) {
      int from = phase;
      Random random = new Random(phase);
      assertThat(
              forecast(
                      60,
                      1_500,
                      i ->
                          50
                              + 1.5 * ((i + from) % 60 < 20 ? (i + from) % 60 : 0)
                              + 0.05 * random.nextGaussian())
                  .timeLeft())
          .as("minute %d", phase)
          .isNull();
    }
  }

  @Test
  void believesARiseForTenTimesAsLongAsItLasted() {
    // Half a point a minute for two minutes: 119 minutes are left.
    assertThat(forecast(30, 5, i -> 40 + 0.25 * i).outcome()).isEqualTo(Outcome.NOT_ENOUGH_DATA);
    // Two points a minute: 28 minutes are left after two, 24 after six.
    assertThat(forecast(30, 5, i -> 40 + i).outcome()).isEqualTo(Outcome.NOT_ENOUGH_DATA);
    assertThat(forecast(60, 7, i -> 40 + 2 * i).outcome()).isEqualTo(Outcome.EXHAUSTS);
  }

  private static Forecast forecast(int step, int count, IntToDoubleFunction value) {
    return DETECTOR.forecast(Histories.disk(Duration.ofSeconds(step), count, value)).orElseThrow();
  }
}
