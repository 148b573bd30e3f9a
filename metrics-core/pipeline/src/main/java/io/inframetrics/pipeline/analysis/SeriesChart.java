package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.RobustStatistics;
import io.inframetrics.detect.anomaly.AnomalyDetector.Range;
import io.inframetrics.metric.Point;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a chart shows of a series: the highest and the lowest value in each of a limited number of
 * slots of equal length, and where values are usual. A chart of some hundred pixels shows no more,
 * and no spike is lost.
 *
 * <p>A slot is as long as the usual gap between points if there is room for all, else as long as it
 * takes, with several points each. The first point is in the middle of the first slot, so that
 * points which are a little early or late stay in slots of their own.
 */
final class SeriesChart {

  /** Of a value in two bytes; 0 is no value. */
  private static final int LARGEST = 65_535;

  /** Multiple of a slot from which on the time between two points is a gap. */
  private static final double GAP = 1.5;

  /** Seconds of the only slot of a series that has one point. */
  private static final long ONE_POINT = 60;

  private final int points;
  private final long from;
  private final long step;
  private final Slots values;
  private final Slots usual;
  private final double low;
  private final double high;

  private SeriesChart(int points, long from, long step, Slots values, Slots usual) {
    this.points = points;
    this.from = from;
    this.step = step;
    this.values = values;
    this.usual = usual;
    this.low = Math.min(values.lowest(), usual.lowest());
    this.high = Math.max(values.highest(), usual.highest());
  }

  /**
   * The chart of a history.
   *
   * @param points at least one, in order, all finite
   * @param usual the range of usual values at each point; empty if nothing is known
   * @param most slots of a point each
   * @param mostOfSeveral slots of several points each, if there are more than {@code most}; at
   *     least 2
   */
  static SeriesChart of(List<Point> points, List<Range> usual, int most, int mostOfSeveral) {
    long first = points.get(0).epochSecond();
    long span = points.get(points.size() - 1).epochSecond() - first;
    long step = usualGap(points);
    // From half a slot before the first point to half a slot behind the last.
    if (span >= (most - 0.5) * step) {
      step = Math.max(step, (long) (span / (mostOfSeveral - 0.5)) + 1);
    }
    long from = first - step / 2;
    int slots = (int) ((first + span - from) / step) + 1;
    Slots values = new Slots(slots);
    Slots ranges = new Slots(slots);
    int previous = 0;
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      int slot = (int) ((point.epochSecond() - from) / step);
      values.add(slot, point.value(), point.value());
      if (!usual.isEmpty()) {
        ranges.add(slot, usual.get(i).low(), usual.get(i).high());
      }
      if (slot == previous + 2
          && point.epochSecond() - points.get(i - 1).epochSecond() < GAP * step) {
        // Points a little further apart than a slot skip one now and then; that is not a gap.
        values.copy(previous, previous + 1);
        ranges.copy(previous, previous + 1);
      }
      previous = slot;
    }
    return new SeriesChart(points.size(), from, step, values, ranges);
  }

  private static long usualGap(List<Point> points) {
    double[] gaps =
        IntStream.range(1, points.size())
            .mapToDouble(i -> points.get(i).epochSecond() - points.get(i - 1).epochSecond())
            .toArray();
    return gaps.length == 0 ? ONE_POINT : Math.max(1, Math.round(RobustStatistics.median(gaps)));
  }

  /** How many points the chart was made of. */
  int points() {
    return points;
  }

  /** When the first slot begins, in seconds since 1970. */
  long from() {
    return from;
  }

  /** Seconds of a slot. */
  long step() {
    return step;
  }

  /** The lowest of all values, and of those that are usual. */
  double low() {
    return low;
  }

  /** The highest of them. */
  double high() {
    return high;
  }

  /**
   * The highest value in each slot as two bytes, the higher first: 0 if there is none, else from 1
   * for {@link #low} to 65,535 for {@link #high}.
   */
  byte[] tops() {
    return bytes(values.tops);
  }

  /** The lowest likewise; empty if no slot has more than one value. */
  Optional<byte[]> bottoms() {
    return Arrays.equals(values.tops, values.bottoms)
        ? Optional.empty()
        : Optional.of(bytes(values.bottoms));
  }

  /** The highest usual value in each slot; empty if none is known. */
  Optional<byte[]> usualTops() {
    return usual.lowest() == Double.POSITIVE_INFINITY
        ? Optional.empty()
        : Optional.of(bytes(usual.tops));
  }

  byte[] usualBottoms() {
    return bytes(usual.bottoms);
  }

  private byte[] bytes(double[] slots) {
    byte[] bytes = new byte[2 * slots.length];
    // Halves: the difference of large numbers may be infinite.
    double range = high / 2 - low / 2;
    for (int i = 0; i < slots.length; i++) {
      if (!Double.isNaN(slots[i])) {
        double share = range > 0 ? (slots[i] / 2 - low / 2) / range : 0;
        int value = 1 + (int) Math.round(share * (LARGEST - 1));
        bytes[2 * i] = (byte) (value >> Byte.SIZE);
        bytes[2 * i + 1] = (byte) value;
      }
    }
    return bytes;
  }

  /** The highest and the lowest value of each slot; NaN where there is none. */
  private static final class Slots {

    private final double[] tops;
    private final double[] bottoms;

    Slots(int count) {
      tops = new double[count];
      bottoms = new double[count];
      Arrays.fill(tops, Double.NaN);
      Arrays.fill(bottoms, Double.NaN);
    }

    void add(int slot, double low, double high) {
      if (!(high <= tops[slot]) && !Double.isNaN(high)) {
        tops[slot] = high;
      }
      if (!(low >= bottoms[slot]) && !Double.isNaN(low)) {
        bottoms[slot] = low;
      }
    }

    void copy(int from, int to) {
      tops[to] = tops[from];
      bottoms[to] = bottoms[from];
    }

    double lowest() {
      return Arrays.stream(bottoms)
          .filter(value -> !Double.isNaN(value))
          .min()
          .orElse(Double.POSITIVE_INFINITY);
    }

    double highest() {
      return Arrays.stream(tops)
          .filter(value -> !Double.isNaN(value))
          .max()
          .orElse(Double.NEGATIVE_INFINITY);
    }
  }
}
