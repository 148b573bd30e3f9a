package io.inframetrics.detect.forecast;

import io.inframetrics.detect.RobustStatistics;
import io.inframetrics.metric.Point;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A history cut into stretches of equal width, each with the median of its times and of its values:
 * at most {@value #MAX_BLOCKS} of them, so that whatever comes after costs the same for a month of
 * points as for a day. Widths divide a day, or are whole days, so that the same time of day is the
 * same {@link #slot}. Stretches without points are left out, and so are outliers.
 */
final class Blocks {

  /** Two weeks of hours fit, and a month of three hours. */
  static final int MAX_BLOCKS = 360;

  static final int DAY = (int) TimeUnit.DAYS.toSeconds(1);

  private static final int[] WIDTHS = {
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, DAY
  };

  /** Blocks on either side that an outlier is held against. */
  private static final int REACH = 3;

  private static final double OUTLIER = 5;

  /** A time of day needs as many blocks to say that half of them being odd is its nature. */
  private static final int MIN_SAME_TIME = 3;

  /** Capacities; larger values are none, and would overflow when they are squared. */
  private static final double MOST = 1e9;

  private final double[] times;
  private final double[] values;
  private final int[] slots;
  private final long newest;
  private final long width;
  private final double gap;
  private final double offset;

  private Blocks(
      double[] times, double[] values, int[] slots, long newest, long width, double gap) {
    this.times = times;
    this.values = values;
    this.slots = slots;
    this.newest = newest;
    this.width = width;
    this.gap = gap;
    double[] offsets = new double[times.length];
    for (int i = 0; i < offsets.length; i++) {
      double at = Math.floorMod(newest, width) / (double) width + times[i];
      offsets[i] = at - Math.floor(at);
    }
    this.offset = RobustStatistics.median(offsets);
  }

  /**
   * Cuts {@code points}.
   *
   * @param points at least two, oldest first, one a second
   * @param capacity positive; values become shares of it
   */
  static Blocks of(List<Point> points, double capacity) {
    int n = points.size();
    long first = points.get(0).epochSecond();
    long newest = points.get(n - 1).epochSecond();
    double gap = gap(points);
    long width = width(gap, newest - first);
    double[] times = new double[n];
    double[] values = new double[n];
    int[] slots = new int[n];
    int filled = 0;
    int from = 0;
    while (from < n) {
      long block = Math.floorDiv(points.get(from).epochSecond(), width);
      int to = from + 1;
      while (to < n && Math.floorDiv(points.get(to).epochSecond(), width) == block) {
        to++;
      }
      double[] at = new double[to - from];
      double[] all = new double[to - from];
      for (int i = from; i < to; i++) {
        at[i - from] = points.get(i).epochSecond() - newest;
        double share = points.get(i).value() / capacity;
        all[i - from] = Math.max(-MOST, Math.min(MOST, share));
      }
      times[filled] = RobustStatistics.medianOfSorted(at, at.length) / width;
      values[filled] = RobustStatistics.median(all);
      slots[filled] = (int) Math.floorMod(block, Math.max(1, DAY / width));
      filled++;
      from = to;
    }
    return new Blocks(
            Arrays.copyOf(times, filled),
            Arrays.copyOf(values, filled),
            Arrays.copyOf(slots, filled),
            newest,
            width,
            gap)
        .withoutOutliers();
  }

  int size() {
    return values.length;
  }

  /** Middle of a block, in widths, counted from the newest point, so at most 0. */
  double time(int i) {
    return times[i];
  }

  double value(int i) {
    return values[i];
  }

  /** Which part of the day a block is, 0 to {@link #slotsPerDay} less one. */
  int slot(int i) {
    return slots[i];
  }

  int slotsPerDay() {
    return (int) Math.max(1, DAY / width);
  }

  /**
   * The time of day so many widths after the newest point, in slots: 2.5 is half way between where
   * the points of slot 2 and of slot 3 usually lie.
   */
  double slotAfter(double widths) {
    double day = Math.max(width, DAY) / (double) width;
    double slot = Math.floorMod(newest, Math.max(width, DAY)) / (double) width + widths - offset;
    return slot - Math.floor(slot / day) * day;
  }

  /** The day of the week so many widths after the newest point: 1.5 is the noon of one day. */
  double dayOfWeekAfter(double widths) {
    double day = (Math.floorMod(newest, 7L * DAY) + widths * width) / DAY;
    return day - Math.floor(day / 7) * 7;
  }

  /** Seconds. */
  long width() {
    return width;
  }

  /** Usual seconds from point to point. */
  double gap() {
    return gap;
  }

  /** From the first block to the newest point, in widths. */
  double span() {
    return -times[0];
  }

  /** Whole days that the blocks reach back. */
  double days() {
    return span() * width / DAY;
  }

  private static double gap(List<Point> points) {
    double[] gaps = new double[points.size() - 1];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = points.get(i + 1).epochSecond() - points.get(i).epochSecond();
    }
    return RobustStatistics.median(gaps);
  }

  private static long width(double gap, long span) {
    // A little less than the usual gap will do: points come late at times.
    double wanted = Math.max(0.95 * gap, span / (double) (MAX_BLOCKS - 1));
    for (int width : WIDTHS) {
      if (width >= wanted) {
        return width;
      }
    }
    return (long) Math.ceil(wanted / DAY) * DAY;
  }

  /**
   * Leaves out blocks far from those around them. A step survives: behind it, most of the blocks
   * around lie on its new level. So does what is far from them on most days at the same time, such
   * as the files of a nightly job.
   */
  private Blocks withoutOutliers() {
    int n = values.length;
    if (n < 2 * REACH + 1) {
      return this;
    }
    double[] distances = new double[n];
    double[] steps = new double[n - 1];
    for (int i = 0; i < n; i++) {
      double[] around =
          Arrays.copyOfRange(values, Math.max(0, i - REACH), Math.min(n, i + REACH + 1));
      distances[i] = Math.abs(values[i] - RobustStatistics.median(around));
      if (i > 0) {
        steps[i - 1] = Math.abs(values[i] - values[i - 1]);
      }
    }
    // Steps too: those at the ends of a steep line are far from the median around them.
    double usual = RobustStatistics.MAD_TO_SIGMA * Math.max(RobustStatistics.median(distances), RobustStatistics.median(steps));
    int[] seen = new int[slotsPerDay()];
    int[] odd = new int[slotsPerDay()];
    for (int i = 0; i < n; i++) {
      seen[slots[i]]++;
      odd[slots[i]] += distances[i] > OUTLIER * usual ? 1 : 0;
    }
    int kept = 0;
    int[] keep = new int[n];
    for (int i = 0; i < n; i++) {
      int slot = slots[i];
      boolean isDaily =
          slotsPerDay() > 1 && seen[slot] >= MIN_SAME_TIME && 2 * odd[slot] >= seen[slot];
      if (distances[i] <= OUTLIER * usual || usual == 0 || isDaily) {
        keep[kept++] = i;
      }
    }
    double[] t = new double[kept];
    double[] v = new double[kept];
    int[] s = new int[kept];
    for (int k = 0; k < kept; k++) {
      t[k] = times[keep[k]];
      v[k] = values[keep[k]];
      s[k] = slots[keep[k]];
    }
    return new Blocks(t, v, s, newest, width, gap);
  }
}
