package io.inframetrics.detect.regular;

import io.inframetrics.detect.RobustStatistics;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.metric.MetricUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the stretches in which a series is clearly off its usual level, in one pass.
 *
 * <p>The usual level is the median of some ten hours around, of blocks of half an hour. What of the
 * daily wave that leaves is taken from the same times of other days, smoothed over some six hours,
 * so that a job of an hour or two does not become its own usual level however often it runs.
 */
final class OffLevel {

  /** Seconds of a block, or one point if points are farther apart. */
  private static final long BLOCK = 1_800;

  /** Seconds to either side whose median is the usual level: jobs take less than that. */
  private static final long AROUND = 5 * 3_600;

  /** The same for the daily wave. */
  private static final long AROUND_OF_DAY = 3 * 3_600 + 900;

  private static final int DAY = 86_400;

  /** Days before there is a daily wave. */
  private static final int MIN_DAYS = 3;

  /** Multiple of the usual distance from the usual level that is clearly off it. */
  private static final double CLEARLY = 6;

  /** Share of the points whose distances are usual where points are far apart. */
  private static final double MOST = 0.8;

  /** Multiple of these distances that is clearly off then. */
  private static final double FAR_BEYOND = 2.5;

  /** Share of the value that is clearly off, where the series hardly moves. */
  private static final double RELATIVE_FLOOR = 0.02;

  /** Percentage points that are, for the same reason. */
  private static final double PERCENT_FLOOR = 1;

  /** Share of {@link #limit} from which a neighbour belongs to a stretch. */
  private static final double EDGE = 0.5;

  private final long[] times;
  private final double[] values;
  private final double[] distances;
  private final long spacing;
  private final double limit;
  private final List<Occurrence> occurrences;

  OffLevel(SeriesHistory history) {
    int n = history.points().size();
    times = new long[n];
    values = new double[n];
    for (int i = 0; i < n; i++) {
      times[i] = history.points().get(i).epochSecond();
      values[i] = history.points().get(i).value();
    }
    spacing = spacing(times);
    distances = distances();
    limit = limit(history.unit());
    occurrences = find();
  }

  /** The stretches, in order of time. */
  List<Occurrence> occurrences() {
    return occurrences;
  }

  /** Seconds from point to point, the median; 1 if there are fewer than two points. */
  long spacing() {
    return spacing;
  }

  /** How far from the usual level is clearly off it. */
  double limit() {
    return limit;
  }

  private static long spacing(long[] times) {
    if (times.length < 2) {
      return 1;
    }
    long[] steps = new long[times.length - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = times[i + 1] - times[i];
    }
    Arrays.sort(steps);
    return Math.max(1, steps[steps.length / 2]);
  }

  private double[] distances() {
    int n = times.length;
    long block = Math.max(BLOCK, spacing);
    long[] at = new long[n];
    double[] medians = new double[n];
    int[] blockOf = new int[n];
    int blocks = 0;
    for (int from = 0; from < n; ) {
      int to = from;
      long number = Math.floorDiv(times[from], block);
      while (to < n && Math.floorDiv(times[to], block) == number) {
        blockOf[to++] = blocks;
      }
      at[blocks] = number;
      medians[blocks++] = RobustStatistics.median(Arrays.copyOfRange(values, from, to));
      from = to;
    }
    double[] usual = around(at, medians, blocks, Math.max(2, AROUND / block));
    addDailyWave(at, medians, usual, blocks, block);
    double[] distances = new double[n];
    for (int i = 0; i < n; i++) {
      int here = blockOf[i];
      double within = (times[i] - at[here] * block) / (double) block - 0.5;
      int there = within < 0 ? here - 1 : here + 1;
      boolean between = there >= 0 && there < blocks && Math.abs(at[there] - at[here]) == 1;
      double level =
          between && block > spacing
              ? usual[here] + (usual[there] - usual[here]) * Math.abs(within)
              : usual[here];
      distances[i] = RobustStatistics.finite(values[i] - level);
    }
    return distances;
  }

  private static double[] around(long[] at, double[] medians, int blocks, long reach) {
    double[] usual = new double[blocks];
    int from = 0;
    int to = 0;
    for (int i = 0; i < blocks; i++) {
      while (at[from] < at[i] - reach) {
        from++;
      }
      while (to < blocks && at[to] <= at[i] + reach) {
        to++;
      }
      usual[i] = RobustStatistics.median(Arrays.copyOfRange(medians, from, to));
    }
    return usual;
  }

  private static void addDailyWave(
      long[] at, double[] medians, double[] usual, int blocks, long block) {
    int parts = (int) (DAY / block);
    if (parts < 4 || blocks < MIN_DAYS * parts) {
      return;
    }
    List<List<Double>> byPart = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      byPart.add(new ArrayList<>());
    }
    for (int i = 0; i < blocks; i++) {
      byPart.get(part(at[i], block, parts)).add(medians[i] - usual[i]);
    }
    double[] raw = new double[parts];
    for (int part = 0; part < parts; part++) {
      List<Double> of = byPart.get(part);
      raw[part] =
          of.size() < MIN_DAYS
              ? 0
              : RobustStatistics.median(of.stream().mapToDouble(Double::doubleValue).toArray());
    }
    // Points this far apart show no edges, so a wave's peak and a job look the same: what happens
    // on most days is the wave.
    int reach = block > BLOCK ? 0 : (int) (AROUND_OF_DAY / block);
    double[] wave = new double[parts];
    for (int part = 0; part < parts; part++) {
      double[] near = new double[2 * reach + 1];
      for (int i = -reach; i <= reach; i++) {
        near[i + reach] = raw[Math.floorMod(part + i, parts)];
      }
      wave[part] = RobustStatistics.median(near);
    }
    for (int i = 0; i < blocks; i++) {
      usual[i] += wave[part(at[i], block, parts)];
    }
  }

  private static int part(long number, long block, int parts) {
    return (int) Math.min(parts - 1, Math.floorMod(number * block, (long) DAY) / block);
  }

  private double limit(MetricUnit unit) {
    if (values.length == 0) {
      return 0;
    }
    double floor =
        Math.max(
            RELATIVE_FLOOR * Math.abs(RobustStatistics.median(values)),
            unit == MetricUnit.PERCENT ? PERCENT_FLOOR : Double.MIN_NORMAL);
    double[] sizes = Arrays.stream(distances).map(Math::abs).sorted().toArray();
    double most = spacing > BLOCK ? FAR_BEYOND * sizes[(int) (MOST * (sizes.length - 1))] : 0;
    return Math.max(floor, Math.max(most, CLEARLY * RobustStatistics.sigma(distances, 0)));
  }

  private List<Occurrence> find() {
    List<Occurrence> found = new ArrayList<>();
    for (int i = 0; i < times.length; i++) {
      if (Math.abs(distances[i]) <= limit) {
        continue;
      }
      double sign = Math.signum(distances[i]);
      int earliest = found.isEmpty() ? 0 : indexFrom(found.get(found.size() - 1).end());
      int from = i;
      while (from > earliest && belongs(from - 1, sign)) {
        from--;
      }
      int to = i + 1;
      while (to < times.length && (belongs(to, sign) || resumes(to, sign))) {
        to++;
      }
      found.add(occurrence(from, to));
      i = to - 1;
    }
    return List.copyOf(found);
  }

  private boolean belongs(int i, double sign) {
    return sign * distances[i] > EDGE * limit;
  }

  /** One point that fell back does not end a stretch. */
  private boolean resumes(int i, double sign) {
    return i + 1 < times.length
        && times[i + 1] - times[i - 1] <= 2 * spacing
        && spacing < BLOCK
        && sign * distances[i + 1] > limit;
  }

  private Occurrence occurrence(int from, int to) {
    double[] of = Arrays.copyOfRange(distances, from, to);
    double level = RobustStatistics.median(of);
    // Points at the edges, in which the job ran for a part of the time, are not its level.
    double[] high = Arrays.stream(of).filter(d -> Math.abs(d) >= Math.abs(level)).toArray();
    return new Occurrence(
        times[from],
        times[to - 1] + spacing,
        high.length == 0 ? level : RobustStatistics.median(high),
        RobustStatistics.median(Arrays.copyOfRange(values, from, to)));
  }

  private int indexFrom(long time) {
    int at = Arrays.binarySearch(times, time);
    return at < 0 ? -at - 1 : at;
  }

  /**
   * The farthest that a series went from its usual level in a direction, from {@code from} to
   * before {@code to}; NaN if it has no points for half of that time.
   */
  double farthest(long from, long to, boolean upwards) {
    int first = indexFrom(from);
    int end = indexFrom(to);
    if ((end - first) * spacing * 2 < to - from) {
      return Double.NaN;
    }
    double farthest = Double.NEGATIVE_INFINITY;
    for (int i = first; i < end; i++) {
      farthest = Math.max(farthest, upwards ? distances[i] : -distances[i]);
    }
    return farthest;
  }

  /** The median of the values from {@code from} to before {@code to}, which holds points. */
  double median(long from, long to) {
    return RobustStatistics.median(Arrays.copyOfRange(values, indexFrom(from), indexFrom(to)));
  }

  boolean isEmpty() {
    return times.length == 0;
  }

  long first() {
    return times[0];
  }

  long newest() {
    return times[times.length - 1];
  }
}
