package io.inframetrics.detect.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.inframetrics.detect.SeriesMaker;
import io.inframetrics.detect.anomaly.AnomalyStream.Confidence;
import io.inframetrics.metric.MetricUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class AnomalyStreamTest {

  private static final int STEP = 300;
  private static final int DAY = 288;

  @Test
  void doesNotLookAhead() {
    SeriesMaker series = withIncidents(1);
    List<AnomalyScore> all = scores(series.times, series.values);

    for (int n = 1; n < all.size(); n += 611) {
      assertThat(scores(Arrays.copyOf(series.times, n), Arrays.copyOf(series.values, n)))
          .isEqualTo(all.subList(0, n));
    }
  }

  @Test
  void saysTheSameWhateverTheUnitIs() {
    SeriesMaker series = withIncidents(2);

    assertSameScores(series, value -> 1_024 * value);
    assertSameScores(series, value -> 0.001 * value);
    assertSameScores(series, value -> 3.7 * value - 12_345.6);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e150, 1e200, 1e300, 1e-150, 1e-200, 1e-300})
  void saysTheSameOfValuesWhoseSquaresAreInfiniteOrZero(double unit) {
    assertSameScores(withIncidents(2), value -> unit * value);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e20, 1e150, 1e155, 1e200, 1e300, Double.MAX_VALUE, -1e150, -1e300})
  void alarmsAtTheRowOfAValueHoweverLargeItIs(double large) {
    SeriesMaker series = withIncidents(4);
    series.change(10 * DAY, 1, value -> large);
    SeriesMaker zeros = withIncidents(4);
    zeros.change(0, zeros.values.length, value -> 0);
    zeros.change(10 * DAY, 1, value -> large);

    assertThat(series.alarms(10 * DAY + 1)[10 * DAY]).isTrue();
    assertThat(zeros.alarms(10 * DAY + 1)[10 * DAY]).isTrue();
  }

  @Test
  void saysTheSameWeeksLater() {
    SeriesMaker series = withIncidents(3);
    long[] later = Arrays.stream(series.times).map(t -> t + 53L * 7 * 86_400).toArray();

    assertThat(scores(later, series.values)).isEqualTo(scores(series.times, series.values));
  }

  @Test
  void findsIncidentsInASeasonalSeries() {
    SeriesMaker series = withIncidents(4);

    assertThat(series.alarms()).satisfies(alarms -> assertThat(alarms[20 * DAY]).isTrue());
    assertThat(alarmsBetween(series.alarms(), 4 * DAY, 20 * DAY - 1)).isZero();
  }

  @Test
  void tellsALevelShiftOnce() {
    SeriesMaker series = new SeriesMaker(new Random(5), STEP, 28);
    series.change(14 * DAY + 50, series.values.length, value -> value + 12 * series.sigma);

    boolean[] alarms = series.alarms();

    assertThat(alarmsBetween(alarms, 14 * DAY + 50, 14 * DAY + 53)).isEqualTo(1);
    assertThat(alarmsBetween(alarms, 14 * DAY + 54, alarms.length)).isLessThanOrEqualTo(1);
  }

  @Test
  void isSilentOnAFlatSeriesAndOnOneThatRepeatsItself() {
    assertThat(count(5_000, i -> 41)).isZero();
    assertThat(count(5_000, i -> i % 2)).isZero();
    // The first half of a first sine is like nothing before.
    assertThat(alarmsBetween(alarms(5_000, i -> Math.sin(2 * Math.PI * i / DAY)), DAY, 5_000))
        .isZero();
    assertThat(count(5_000, i -> 0.1 * i)).isZero();
  }

  @Test
  void isNotAlarmedByACounterThatResetsAsItAlwaysDid() {
    assertThat(alarmsBetween(alarms(4_000, i -> i % 200), 1_500, 4_000)).isZero();
  }

  @Test
  void isNotAlarmedByAJobThatRunsEveryDay() {
    int seeds = 10;
    long total = 0;
    for (int seed = 0; seed < seeds; seed++) {
      Random random = new Random(seed);
      boolean[] alarms = alarms(28 * DAY, i -> random.nextGaussian() + (i % DAY < 3 ? 40 : 0));
      total += alarmsBetween(alarms, 7 * DAY, alarms.length);
    }

    // Its size varies, so now and then one of the 21 stands out.
    assertThat(total).isLessThanOrEqualTo(4L * seeds);
  }

  @Test
  void findsAValueThatIsStuck() {
    SeriesMaker series = new SeriesMaker(new Random(7), STEP, 14);
    double stuck = series.values[10 * DAY];
    series.change(10 * DAY, DAY, value -> stuck);

    assertThat(alarmsBetween(series.alarms(), 10 * DAY, 10 * DAY + 12)).isEqualTo(1);
  }

  @Test
  void passesOverWhatIsNoNumber() {
    SeriesMaker series = withIncidents(8);
    List<AnomalyScore> clean = scores(series.times, series.values);
    AnomalyStream stream = new AnomalyStream();
    for (int i = 0; i < clean.size(); i++) {
      for (double none : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
        assertThat(stream.next(series.times[i], none)).isEqualTo(new AnomalyScore(0, false));
      }
      assertThat(stream.next(series.times[i], series.values[i])).isEqualTo(clean.get(i));
    }
  }

  @Test
  void passesOverARepeatedPoint() {
    SeriesMaker series = withIncidents(9);
    AnomalyStream stream = new AnomalyStream();
    int alarms = 0;
    for (int i = 0; i < series.times.length; i++) {
      AnomalyScore first = stream.next(series.times[i], series.values[i]);
      AnomalyScore again = stream.next(series.times[i], series.values[i]);
      assertThat(again).isEqualTo(new AnomalyScore(first.score(), false));
      alarms += first.anomaly() ? 1 : 0;
    }
    assertThat(alarms).isEqualTo(alarmsBetween(series.alarms(), 0, series.times.length));
  }

  @Test
  void takesTimesThatGoBackAndPausesAndWildValues() {
    Random random = new Random(10);
    for (int round = 0; round < 20; round++) {
      AnomalyStream stream = new AnomalyStream();
      long time = random.nextLong() % 4_000_000_000L;
      for (int i = 0; i < 600; i++) {
        time += random.nextInt(50) == 0 ? random.nextInt(2_000_000) - 1_000_000 : 60;
        double value =
            switch (random.nextInt(60)) {
              case 0 -> Double.MAX_VALUE;
              case 1 -> -Double.MAX_VALUE;
              case 2 -> Double.MIN_VALUE;
              default -> random.nextGaussian();
            };
        assertThat(stream.next(time, value).score()).isBetween(0.0, 1.0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {4_294_967_295.0, -1e9, 1e12})
  void isNotBlindAfterOneAbsurdReading(double absurd) {
    SeriesMaker series = withIncidents(4);
    series.change(2 * DAY, 1, value -> absurd);

    assertThat(alarmsBetween(series.alarms(), 20 * DAY, 20 * DAY + 2)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"0, -2000000000", "0, 31536000", "600, 31536000", "600, 2592000", "600, -1000000"})
  void isNotMisledByOneWrongTime(int index, long seconds) {
    SeriesMaker series = withIncidents(4);
    boolean[] right = series.alarms();
    series.times[index] += seconds;

    boolean[] wrong = series.alarms();

    assertThat(alarmsBetween(wrong, 20 * DAY, 20 * DAY + 2)).isEqualTo(1);
    assertThat(alarmsBetween(wrong, 0, 20 * DAY - 1))
        .isEqualTo(alarmsBetween(right, 0, 20 * DAY - 1));
  }

  @Test
  void saysTheSameOfEqualValuesWhateverTheUnitIs() {
    // Thirds of whole numbers are not equally far apart any more, by a last digit.
    Random random = new Random(12);
    AnomalyStream whole = new AnomalyStream();
    AnomalyStream third = new AnomalyStream();
    for (int i = 0; i < 1_200; i++) {
      int value = random.nextInt(40) == 0 ? 1 : 0;
      assertThat(third.next(300L * i, value / 3.0).score())
          .isCloseTo(whole.next(300L * i, value).score(), within(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {6, 12, 36, 7 * 24, 365 * 24})
  void isNotAlarmedByAPauseOfASeasonalSeries(long hours) {
    for (int seed = 0; seed < 4; seed++) {
      Random random = new Random(seed);
      AnomalyStream stream = new AnomalyStream();
      long time = SeriesMaker.MONDAY + 3_600L * seed;
      for (int i = 0; i < 30 * DAY + 50; i++, time += STEP) {
        time += i == 30 * DAY ? 3_600 * hours : 0;
        int ofDay = (int) (time % SeriesMaker.DAY / STEP);
        boolean alarm = stream.next(time, load(ofDay) + random.nextGaussian()).anomaly();
        assertThat(alarm && i >= 30 * DAY).as("seed %s, point %s", seed, i).isFalse();
      }
    }
  }

  @Test
  void doesNotSpeakBeforeItHasSeenTwentyPoints() {
    AnomalyStream stream = new AnomalyStream();
    Random random = new Random(11);
    for (int i = 0; i < 20; i++) {
      assertThat(stream.next(i * 300L, random.nextGaussian() * 1e6).score()).isZero();
    }
  }

  @Test
  void findsAnOutageAfterAHundredPointsAndSaysHowLittleThatIs() {
    AnomalyStream stream = new AnomalyStream();
    Random random = new Random(12);
    for (int i = 0; i < 100; i++) {
      assertThat(stream.next(i * 300L, 50 + random.nextGaussian()).anomaly()).isFalse();
    }

    assertThat(stream.next(100 * 300L, 0).anomaly()).isTrue();
    assertThat(stream.confidence()).isEqualTo(Confidence.LOW);
    assertThat(stream.reason(MetricUnit.PERCENT))
        .isEqualTo(
            "0 % is 49.97 percentage points below the usual 49.97 %; nearest in 101 points:"
                + " 47.41 %; little history: 101 points");
  }

  @Test
  void saysWhatIsUsualForTheTimeOfTheWeek() {
    AnomalyStream stream = new AnomalyStream();
    Random random = new Random(13);
    long time = SeriesMaker.MONDAY;
    for (int i = 0; i < 22 * DAY + 108; i++, time += STEP) {
      stream.next(time, load(i) + random.nextGaussian() / 10);
    }

    assertThat(stream.next(time, 93).anomaly()).isTrue();
    assertThat(stream.reason(MetricUnit.PERCENT))
        .isEqualTo(
            "93 % is 2.1x the usual 44.48 % for a Tuesday 09:00 UTC; nearest in 22 days: 50.22 %");
  }

  @Test
  void saysThatADayKeepsToOneSideOfWhatIsUsual() {
    AnomalyStream stream = new AnomalyStream();
    Random random = new Random(15);
    long time = SeriesMaker.MONDAY;
    int leak = 30 * DAY;
    int i = 0;
    boolean alarm = false;
    for (; !alarm; i++, time += STEP) {
      double risen = Math.max(0, i - leak) * 6.0 / DAY;
      alarm = stream.next(time, load(i) + 5 * random.nextGaussian() + risen).anomaly() && i >= leak;
    }

    assertThat(i - leak).isLessThan(2 * DAY);
    assertThat(stream.reason(MetricUnit.PERCENT))
        .isEqualTo(
            "41.34 % is 13.33 percentage points above the usual 28.01 % for a Thursday 13:10 UTC,"
                + " and stayed mostly above normal for a day, which is rare in 31 days of history");
  }

  @Test
  void saysForHowLongAValueIsStuck() {
    AnomalyStream stream = new AnomalyStream();
    Random random = new Random(14);
    int i = 0;
    for (; i < 14 * DAY; i++) {
      stream.next(i * 300L, 50 + random.nextGaussian());
    }
    boolean alarm = false;
    while (!alarm) {
      alarm = stream.next(i++ * 300L, 50.5).anomaly();
    }

    assertThat(stream.reason(MetricUnit.PERCENT))
        .isEqualTo("stuck at 50.5 % for 5 points; never before for more than 1 point");
  }

  @Test
  void isCalibratedOnNoise() {
    // The share of points that score this or more is about one minus the score.
    int n = 0;
    int[] above = new int[3];
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      AnomalyStream stream = new AnomalyStream();
      for (int i = 0; i < 4_000; i++) {
        double score = stream.next(i * 300L, random.nextGaussian()).score();
        if (i >= 1_000) {
          n++;
          above[0] += score >= 0.9 ? 1 : 0;
          above[1] += score >= 0.99 ? 1 : 0;
          above[2] += score >= 0.999 ? 1 : 0;
        }
      }
    }
    assertThat((double) above[0] / n).isCloseTo(0.1, within(0.08));
    assertThat((double) above[1] / n).isCloseTo(0.01, within(0.008));
    assertThat((double) above[2] / n).isCloseTo(0.001, within(0.0008));
  }

  @ParameterizedTest
  @CsvSource({
    // Few points, many, a season, heavy tails: how many times the share that the score says.
    "10800, 240, 720, 0, false, 1, 10",
    "60, 15000, 30000, 0, false, 0, 1",
    "300, 4000, 10000, 8, false, 0, 1",
    "300, 1000, 4000, 0, true, 1, 5",
  })
  void isCalibratedNoBetterThanItSays(
      int step, int from, int to, double swing, boolean heavy, double least, double most) {
    int n = 0;
    int above = 0;
    for (int seed = 0; seed < 6; seed++) {
      Random random = new Random(seed);
      AnomalyStream stream = new AnomalyStream();
      for (int i = 0; i < to; i++) {
        double noise = heavy ? -Math.log(1 - random.nextDouble()) : random.nextGaussian();
        double season = swing * Math.sin(2 * Math.PI * i * step / SeriesMaker.DAY);
        double score = stream.next((long) i * step, season + noise).score();
        n += i >= from ? 1 : 0;
        above += i >= from && score >= 0.99 ? 1 : 0;
      }
    }
    assertThat(above / 0.01 / n).isBetween(least, most);
  }

  @Test
  void refusesAThresholdThatIsNoScore() {
    for (double threshold : new double[] {0, 1, -1, Double.NaN}) {
      assertThatThrownBy(() -> new AnomalyStream(threshold))
          .hasMessageContaining(String.valueOf(threshold))
          .hasMessageContaining("above 0 and below 1");
    }
  }

  private static double load(int i) {
    return 30 + 20 * Math.sin(2 * Math.PI * (i % DAY) / DAY);
  }

  /** A seasonal series of four weeks with a spike after 20 days and a shift after 24. */
  private static SeriesMaker withIncidents(int seed) {
    SeriesMaker series = new SeriesMaker(new Random(seed), STEP, 28);
    series.change(20 * DAY, 3, value -> value + 15 * series.sigma);
    return series.change(24 * DAY, 4 * DAY, value -> value + 8 * series.sigma);
  }

  private static void assertSameScores(SeriesMaker series, DoubleUnaryOperator change) {
    List<AnomalyScore> plain = scores(series.times, series.values);
    List<AnomalyScore> changed =
        scores(series.times, Arrays.stream(series.values).map(change).toArray());
    for (int i = 0; i < plain.size(); i++) {
      assertThat(changed.get(i).score()).isCloseTo(plain.get(i).score(), within(1e-6));
      assertThat(changed.get(i).anomaly()).isEqualTo(plain.get(i).anomaly());
    }
  }

  private static List<AnomalyScore> scores(long[] times, double[] values) {
    AnomalyStream stream = new AnomalyStream();
    List<AnomalyScore> scores = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      scores.add(stream.next(times[i], values[i]));
    }
    return scores;
  }

  private static boolean[] alarms(int n, java.util.function.IntToDoubleFunction value) {
    AnomalyStream stream = new AnomalyStream();
    boolean[] alarms = new boolean[n];
    for (int i = 0; i < n; i++) {
      alarms[i] = stream.next(i * (long) STEP, value.applyAsDouble(i)).anomaly();
    }
    return alarms;
  }

  private static int count(int n, java.util.function.IntToDoubleFunction value) {
    return alarmsBetween(alarms(n, value), 0, n);
  }

  private static int alarmsBetween(boolean[] alarms, int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += alarms[i] ? 1 : 0;
    }
    return count;
  }
}
