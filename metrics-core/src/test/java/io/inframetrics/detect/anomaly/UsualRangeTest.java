package io.inframetrics.detect.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.Histories;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.SeriesMaker;
import io.inframetrics.detect.anomaly.AnomalyDetector.Range;
import io.inframetrics.detect.regular.RegularJobs;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The range of usual values that a chart shows. */
class UsualRangeTest {

  private static final AnomalyDetector DETECTOR =
      new AnomalyDetector(AnomalyDetector.Settings.DEFAULTS);

  @ParameterizedTest
  @CsvSource({"1, 10800, 90, -9", "2, 300, 16, 9", "3, 300, 16, -9"})
  void holdsWhatIsNormalAndNotWhatIsUnusual(int seed, int step, int days, int deviations) {
    SeriesMaker series = new SeriesMaker(new Random(seed), step, days);
    int from = series.values.length - series.points(12, 4);
    series.change(from, 2, value -> value + deviations * series.sigma);

    assertHolds(history(series), from, 2);
  }

  @Test
  void holdsWhatIsNormalWithoutASeason() {
    double[] values = new Random(4).doubles(240).map(value -> 30 + 4 * value).toArray();
    Arrays.fill(values, 230, 235, 50);

    assertHolds(Histories.cpu(values), 230, 5);
  }

  private static void assertHolds(SeriesHistory history, int from, int anomalous) {
    List<Range> usual = usual(history);
    assertThat(IntStream.range(from, from + anomalous).filter(i -> holds(usual.get(i), history, i)))
        .as("anomalous points that are held")
        .isEmpty();
    long known = usual.stream().filter(range -> !Double.isNaN(range.low())).count();
    assertThat(known).isGreaterThan(usual.size() - 40);
    long held =
        IntStream.range(0, usual.size()).filter(i -> holds(usual.get(i), history, i)).count();
    assertThat((double) held / (known - anomalous))
        .as("normal points held")
        .isFinite()
        .isGreaterThan(0.97);
  }

  @Test
  void isAboutTheTimeOfTheDayWhereThatSaysMuch() {
    double[] values = new double[20 * 288];
    Random random = new Random(4);
    for (int i = 0; i < values.length; i++) {
      values[i] = 40 + (i % 288 < 144 ? 0 : 30) + random.nextGaussian();
    }
    // The value of a day, at night.
    int at = values.length - 216;
    values[at] = 70;

    Range night = usual(Histories.cpu(values)).get(at);

    assertThat(night.low()).isBetween(30.0, 40.0);
    assertThat(night.high()).isBetween(40.0, 55.0);
  }

  @Test
  void doesNotKnowTheFuture() {
    double[] values =
        IntStream.range(0, 600).mapToDouble(i -> 50 + i % 7 + (i > 400 ? 20 : 0)).toArray();

    assertThat(usual(Histories.cpu(Arrays.copyOf(values, 405))))
        .isEqualTo(usual(Histories.cpu(values)).subList(0, 405));
  }

  @Test
  void isAsWideAsAChangeThatMattersInAConstantSeries() {
    List<Range> usual = usual(Histories.cpu(IntStream.range(0, 30).mapToDouble(i -> 20).toArray()));

    assertThat(usual.subList(0, 20)).containsOnly(Range.UNKNOWN);
    assertThat(usual.subList(20, 30)).containsOnly(new Range(19, 21));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 100})
  void endsWhereAPercentageDoes(double value) {
    double[] values = IntStream.range(0, 100).mapToDouble(i -> Math.abs(value - i % 3)).toArray();

    assertThat(usual(Histories.cpu(values)).subList(20, 100))
        .allMatch(range -> range.low() >= 0 && range.high() <= 100 && range.low() < range.high());
  }

  @Test
  void isFiniteForTheLargestNumbers() {
    double[] values = new double[100];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 2 == 0 ? Double.MAX_VALUE : -Double.MAX_VALUE;
    }

    assertThat(
            usual(Histories.of(MetricType.MEMORY_USAGE, MetricUnit.BYTES, values)).subList(20, 100))
        .allMatch(range -> Double.isFinite(range.low()) && Double.isFinite(range.high()));
  }

  @Test
  void isUnknownOfAnEmptyHistoryAndOfOnePoint() {
    assertThat(usual(Histories.cpu())).isEmpty();
    assertThat(usual(Histories.cpu(5))).containsExactly(Range.UNKNOWN);
  }

  /** A job has a usual value of its own, which no range of other points shows. */
  @Test
  void isUnknownWhereARegularJobRuns() {
    double[] values = new double[14 * 288];
    Random random = new Random(9);
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 288 >= 24 && i % 288 < 30 ? 90 : 20) + random.nextGaussian();
    }
    SeriesHistory history = Histories.cpu(values);

    List<Range> usual = usual(history);

    assertThat(DETECTOR.detect(history)).extracting(Finding::ongoing).isEmpty();
    assertThat(usual.get(13 * 288 + 26)).isEqualTo(Range.UNKNOWN);
    assertThat(usual.get(13 * 288 + 100).high()).isLessThan(40);
  }

  private static boolean holds(Range range, SeriesHistory history, int i) {
    double value = history.points().get(i).value();
    return range.low() <= value && value <= range.high();
  }

  private static List<Range> usual(SeriesHistory history) {
    List<Range> usual = DETECTOR.usual(history, new RegularJobs(history, ZoneOffset.UTC));
    assertThat(usual).hasSameSizeAs(history.points());
    return usual;
  }

  private static SeriesHistory history(SeriesMaker series) {
    return new SeriesHistory(
        Series.of(MetricType.CPU_UTILIZATION, "i-1"),
        MetricUnit.PERCENT,
        IntStream.range(0, series.times.length)
            .mapToObj(i -> new Point(series.times[i], series.values[i]))
            .toList());
  }
}
