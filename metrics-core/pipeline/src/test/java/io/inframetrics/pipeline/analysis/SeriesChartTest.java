package io.inframetrics.pipeline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inframetrics.detect.anomaly.AnomalyDetector.Range;
import io.inframetrics.metric.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesChartTest {

  private static final long START = 1_771_500_000;

  @Test
  void givesEachPointASlotOfItsOwnWhereThereIsRoom() {
    SeriesChart chart = chart(every(300, 240), 240);

    assertThat(chart.points()).isEqualTo(240);
    assertThat(chart.step()).isEqualTo(300);
    assertThat(chart.from()).isEqualTo(START - 150);
    assertThat(chart.bottoms()).isEmpty();
    assertThat(values(chart, chart.tops())).hasSize(240).startsWith(0.0).endsWith(239.0);
  }

  @Test
  void keepsTheHighestAndTheLowestOfASlotWhereThereIsNot() {
    List<Point> points = new ArrayList<>(every(300, 4_032));
    points.set(2_000, new Point(points.get(2_000).epochSecond(), 90_000));
    points.set(3_000, new Point(points.get(3_000).epochSecond(), -90_000));

    SeriesChart chart = chart(points, 240);

    assertThat(chart.points()).isEqualTo(4_032);
    List<Double> tops = values(chart, chart.tops());
    List<Double> bottoms = values(chart, chart.bottoms().orElseThrow());
    assertThat(tops).hasSizeBetween(230, 240).doesNotContain(Double.NaN);
    assertThat(slot(chart, points.get(2_000)))
        .satisfies(slot -> assertThat(tops.get(slot)).isEqualTo(90_000));
    assertThat(slot(chart, points.get(3_000)))
        .satisfies(slot -> assertThat(bottoms.get(slot)).isEqualTo(-90_000));
  }

  @Test
  void needsFewerSlotsOfSeveralPoints() {
    assertThat(slots(SeriesChart.of(every(300, 240), List.of(), 240, 120))).isEqualTo(240);

    SeriesChart chart = SeriesChart.of(every(300, 241), List.of(), 240, 120);

    assertThat(slots(chart)).isBetween(118, 120);
    assertThat(chart.bottoms()).isPresent();
  }

  @Test
  void leavesSlotsWithoutAPointEmpty() {
    List<Point> points = new ArrayList<>(every(300, 100));
    points.subList(40, 43).clear();
    points.remove(10);

    List<Double> values = values(chart(points, 240), chart(points, 240).tops());

    assertThat(values).hasSize(100);
    assertThat(IntStream.range(0, 100).filter(i -> values.get(i).isNaN()))
        .containsExactly(10, 40, 41, 42);
  }

  /** A scheduler that is early or late, and one whose clock is a little slow. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 10})
  void seesNoGapsInPointsThatAreALittleEarlyOrLate(int slow) {
    Random random = new Random(7);
    List<Point> points =
        IntStream.range(0, 230)
            .mapToObj(i -> new Point(START + 300L * i + slow * i / 4 + random.nextInt(60), i))
            .toList();

    SeriesChart chart = chart(points, 240);

    assertThat(values(chart, chart.tops())).hasSizeGreaterThan(225).doesNotContain(Double.NaN);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 239, 240, 241, 242, 300, 480, 721, 20_160})
  void neverHasMoreSlotsThanAsked(int points) {
    for (int gap : new int[] {1, 7, 300, 86_400}) {
      for (int slots : new int[] {2, 240, 720}) {
        List<Point> random = new ArrayList<>();
        Random jitter = new Random(points);
        for (int i = 0; i < points; i++) {
          random.add(new Point(START + (long) gap * i + jitter.nextInt(gap), i));
        }
        assertThat(chart(random, slots).tops().length / 2).isBetween(1, slots);
      }
    }
  }

  @Test
  void showsOnePointAndAConstantSeriesAtTheLowestLevel() {
    SeriesChart one = chart(List.of(new Point(START, 42)), 240);
    SeriesChart flat =
        chart(IntStream.range(0, 10).mapToObj(i -> new Point(START + i, 42)).toList(), 240);

    assertThat(one.tops()).containsExactly(0, 1);
    assertThat(one.low()).isEqualTo(42).isEqualTo(one.high());
    assertThat(flat.tops()).hasSize(20).contains(1).doesNotContain(2);
    assertThat(flat.bottoms()).isEmpty();
  }

  @Test
  void isExactToOneInTheScale() {
    Random random = new Random(3);
    List<Point> points =
        IntStream.range(0, 200)
            .mapToObj(i -> new Point(START + 60L * i, 1e9 + random.nextDouble()))
            .toList();
    SeriesChart chart = chart(points, 240);
    List<Double> values = values(chart, chart.tops());

    for (int i = 0; i < points.size(); i++) {
      assertThat(values.get(i)).isCloseTo(points.get(i).value(), within(1.0 / 65_000));
    }
  }

  @Test
  void holdsTheLargestNumbers() {
    SeriesChart chart =
        chart(
            List.of(
                new Point(START, -Double.MAX_VALUE),
                new Point(START + 60, 0),
                new Point(START + 120, Double.MAX_VALUE)),
            240);

    assertThat(chart.tops()).containsExactly(0, 1, 0x80, 0, 0xff, 0xff);
  }

  @Test
  void showsWhereValuesAreUsualOnTheSameScale() {
    List<Range> usual = new ArrayList<>();
    List<Point> points = every(300, 10);
    for (int i = 0; i < 10; i++) {
      usual.add(i < 4 ? new Range(Double.NaN, Double.NaN) : new Range(-5, 20));
    }
    SeriesChart chart = SeriesChart.of(points, usual, 240, 240);

    assertThat(chart.low()).isEqualTo(-5);
    assertThat(chart.high()).isEqualTo(20);
    assertThat(values(chart, chart.usualTops().orElseThrow()))
        .containsExactly(
            Double.NaN, Double.NaN, Double.NaN, Double.NaN, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0);
    assertThat(values(chart, chart.usualBottoms())).startsWith(Double.NaN).endsWith(-5.0);
    assertThat(values(chart, chart.tops()).get(9)).isCloseTo(9, within(25.0 / 65_534));
    assertThat(chart(points, 240).usualTops()).isEmpty();
  }

  private static List<Point> every(int seconds, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Point(START + (long) seconds * i, i))
        .toList();
  }

  private static SeriesChart chart(List<Point> points, int slots) {
    return SeriesChart.of(points, List.of(), slots, slots);
  }

  private static int slots(SeriesChart chart) {
    return chart.tops().length / 2;
  }

  private static int slot(SeriesChart chart, Point point) {
    return (int) ((point.epochSecond() - chart.from()) / chart.step());
  }

  /** As a page decodes them. */
  static List<Double> values(SeriesChart chart, byte[] slots) {
    return values(chart.low(), chart.high(), slots);
  }

  static List<Double> values(double low, double high, byte[] slots) {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < slots.length; i += 2) {
      int value = (slots[i] & 0xff) << 8 | (slots[i + 1] & 0xff);
      values.add(value == 0 ? Double.NaN : low + (value - 1) / 65_534.0 * (high - low));
    }
    return values;
  }
}
