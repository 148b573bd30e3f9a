package io.inframetrics.detect.regular;

import io.inframetrics.detect.RobustStatistics;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.metric.MetricUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds the stretches in which a series is clearly off its usual level, in one pass.
 *
 * <p>The usual level is the median of some ten hours around, of blocks of an hour. What of the
 * daily wave that leaves is taken from the same times of other days, smoothed over nine hours, so
 * that a job of up to four hours does not become its own usual level however often it runs.
 */
final class OffLevel {

  /**
   * Seconds of a block, or one point if points are farther apart: an hourly job is most of some
   * half hours, but not of an hour.
   */
  private static final long BLOCK = 3_600;

  /** Seconds to either side whose median is the usual level: jobs take less than that. */
  private static final long AROUND = 5 * 3_600;

  /** The same for the daily wave. */
  private static final long AROUND_OF_DAY = 4 * 3_600 + 1_800;

  private static final long DAY = 86_400;

  /** Days before there is a daily wave. */
  private static final int MIN_DAYS = 2;

  /** Usual deviations from the day's median that a wave does not reach. */
  private static final double FAR = 25;

  /** Share of the days that show what is usual without a job: one of seven, nearly. */
  private static final double SOME_DAYS = 0.12;

  /** Points a day before there is one. */
  private static final int MIN_PARTS = 4;

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

  /** Points up to which the highest is the level of a stretch. */
  private static final int FEW = 3;

  /** Share of {@link #limit} from which a neighbour belongs to a stretch. */
  private static final double EDGE = 0.5;

  /** Share of the highest distance of a stretch below which points are not of it. */
  private static final double LOW = 0.3;

  private final long[] times;
  private final double[] values;
  private double[] distances;
  private final long spacing;
  private double limit;

  /** Whether a time of the day is so far from the rest that it is no wave. */
  private boolean steep;

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
    distances = distances(List.of());
    limit = limit(history.unit());
    List<Occurrence> found = find();
    if (spacing < BLOCK && !found.isEmpty()) {
      // Once more without them: what is usual is known better.
      distances = distances(found);
      limit = limit(history.unit());
      found = find();
    }
    occurrences = found;
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

  /** The distances from the usual level, not learned from the stretches of {@code known}. */
  private double[] distances(List<Occurrence> known) {
    Blocks blocks = new Blocks(known);
    double[] usual = blocks.around((int) Math.max(3, AROUND / blocks.length));
    blocks.addDailyWave(usual, known.isEmpty());
    double[] distances = new double[times.length];
    for (int i = 0; i < times.length; i++) {
      distances[i] = RobustStatistics.finite(values[i] - blocks.levelAt(i, usual));
    }
    return distances;
  }

  /** The medians of hours, or of single points that are farther apart. */
  private final class Blocks {

    private final long length = Math.max(BLOCK, spacing);
    private final int[] of = new int[times.length];
    private final long[] numbers = new long[times.length];
    private final double[] medians = new double[times.length];
    private final boolean[] known = new boolean[times.length];
    private int count;

    Blocks(List<Occurrence> occurrences) {
      int next = 0;
      double[] free = new double[times.length];
      for (int from = 0; from < times.length; ) {
        int to = from;
        int n = 0;
        long number = Math.floorDiv(times[from], length);
        while (to < times.length && Math.floorDiv(times[to], length) == number) {
          while (next < occurrences.size() && occurrences.get(next).end() < times[to]) {
            next++;
          }
          boolean taken =
              next < occurrences.size() && occurrences.get(next).start() - spacing <= times[to];
          free[n] = values[to];
          n += taken ? 0 : 1;
          of[to++] = count;
        }
        known[count] = n == 0;
        numbers[count] = number;
        medians[count++] =
            RobustStatistics.median(
                n == 0 ? Arrays.copyOfRange(values, from, to) : Arrays.copyOf(free, n));
        from = to;
      }
    }

    double[] around(int reach) {
      double[] usual = new double[count];
      double[] ahead = ahead(reach);
      double[] near = new double[count + ahead.length];
      int from = 0;
      for (int i = 0; i < count; i++) {
        while (numbers[from] < numbers[i] - reach) {
          from++;
        }
        int n = 0;
        for (int k = from; k < count && numbers[k] <= numbers[i] + reach; k++) {
          near[n] = medians[k];
          n += known[k] ? 0 : 1;
        }
        long missing = numbers[i] + reach - numbers[count - 1];
        for (int k = 0; k < Math.min(missing, ahead.length); k++) {
          near[n++] = ahead[k];
        }
        usual[i] =
            n == 0
                ? i == 0 ? medians[0] : usual[i - 1]
                : RobustStatistics.median(Arrays.copyOf(near, n));
      }
      return usual;
    }

    /**
     * What may follow the newest block, so that its hours have some to either side as all others
     * have: what other days had, moved to the level of the last day. None in the first days.
     */
    private double[] ahead(int reach) {
      int parts = (int) (DAY / length);
      if (parts < MIN_PARTS || count < MIN_DAYS * parts) {
        return new double[0];
      }
      List<Double> moved = new ArrayList<>();
      for (int k = 0; k < parts; k++) {
        double other = onOtherDays(numbers[count - 1] - k, parts);
        int at = Arrays.binarySearch(numbers, 0, count, numbers[count - 1] - k);
        if (at >= 0 && !known[at] && Double.isFinite(other)) {
          moved.add(medians[at] - other);
        }
      }
      double by = moved.isEmpty() ? 0 : median(moved);
      double[] ahead = new double[reach];
      for (int k = 0; k < reach; k++) {
        double other = onOtherDays(numbers[count - 1] + 1 + k, parts);
        if (!Double.isFinite(other)) {
          return new double[0];
        }
        ahead[k] = other + by;
      }
      return ahead;
    }

    /** The median of a block's time of the day in the week before; NaN if no day has it. */
    private double onOtherDays(long number, int parts) {
      List<Double> others = new ArrayList<>();
      for (int day = 1; day <= 7; day++) {
        int at = Arrays.binarySearch(numbers, 0, count, number - (long) day * parts);
        if (at >= 0 && !known[at]) {
          others.add(medians[at]);
        }
      }
      return others.isEmpty() ? Double.NaN : median(others);
    }

    private double median(List<Double> of) {
      return RobustStatistics.median(of.stream().mapToDouble(one -> one).toArray());
    }

    void addDailyWave(double[] usual, boolean smooth) {
      int parts = (int) (DAY / length);
      if (parts < MIN_PARTS || count < MIN_DAYS * parts) {
        return;
      }
      double[] wave = wave(usual, parts);
      // Points farther apart show no edges, so a wave's peak and a job look the same: what happens
      // on most days is the wave.
      int reach = smooth && spacing < BLOCK ? (int) (AROUND_OF_DAY / length) : 0;
      double[] near = new double[2 * reach + 1];
      for (int i = 0; i < count; i++) {
        int part = part(i, parts);
        for (int k = -reach; k <= reach; k++) {
          near[k + reach] = wave[Math.floorMod(part + k, parts)];
        }
        usual[i] += RobustStatistics.median(near);
      }
    }

    private double[] wave(double[] usual, int parts) {
      List<List<Double>> byPart = new ArrayList<>();
      for (int part = 0; part < parts; part++) {
        byPart.add(new ArrayList<>());
      }
      for (int i = 0; i < count; i++) {
        if (!known[i]) {
          byPart.get(part(i, parts)).add(medians[i] - usual[i]);
        }
      }
      double[] wave = new double[parts];
      double last = 0;
      // Twice around, so that a time of the day without values has that of the time before.
      for (int i = 0; i < 2 * parts; i++) {
        List<Double> here = byPart.get(i % parts);
        if (here.size() >= MIN_DAYS) {
          last = median(here);
        }
        wave[i % parts] = last;
      }
      return spacing < BLOCK ? wave : withoutMostDays(usual, wave, byPart);
    }

    /**
     * The wave of the days that have no job: where some days are near the times around, and most
     * are not; and where all are so far from the rest of the day that no wave is so steep.
     */
    private double[] withoutMostDays(double[] usual, double[] wave, List<List<Double>> byPart) {
      int parts = wave.length;
      double[] calm = wave.clone();
      double ofDay = RobustStatistics.median(wave);
      double[] rest = new double[count];
      for (int i = 0; i < count; i++) {
        rest[i] = values[i] - usual[i] - wave[part(i, parts)];
      }
      double far = FAR * RobustStatistics.sigma(rest, 0);
      for (int part = 0; part < parts; part++) {
        double[] near = new double[5];
        for (int k = -2; k <= 2; k++) {
          near[k + 2] = wave[Math.floorMod(part + k, parts)];
        }
        double around = RobustStatistics.median(near);
        double reach = Math.abs(wave[part] - around) / 2;
        List<Double> all = byPart.get(part);
        double[] some =
            all.stream()
                .mapToDouble(one -> one)
                .filter(v -> Math.abs(v - around) < reach)
                .toArray();
        if (Math.abs(wave[part] - ofDay) > far) {
          calm[part] = ofDay;
          steep = true;
        } else if (some.length >= Math.max(MIN_DAYS, SOME_DAYS * all.size())) {
          calm[part] = RobustStatistics.median(some);
        }
      }
      return calm;
    }

    private int part(int i, int parts) {
      return (int) Math.min(parts - 1, Math.floorMod(numbers[i] * length, DAY) / length);
    }

    /** The level between the middles of two blocks, where a block has several points. */
    double levelAt(int i, double[] usual) {
      int here = of[i];
      double within = (times[i] - numbers[here] * length) / (double) length - 0.5;
      int there = within < 0 ? here - 1 : here + 1;
      boolean between =
          length > spacing
              && there >= 0
              && there < count
              && Math.abs(numbers[there] - numbers[here]) == 1;
      return between ? usual[here] + (usual[there] - usual[here]) * Math.abs(within) : usual[here];
    }
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
    double most =
        spacing >= BLOCK && !steep ? FAR_BEYOND * sizes[(int) (MOST * (sizes.length - 1))] : 0;
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
      add(found, from, to, sign);
      i = to - 1;
    }
    return List.copyOf(found);
  }

  /**
   * Adds a stretch, without what is low beside its highest point: a wave's peak that a job runs on.
   */
  private void add(List<Occurrence> found, int from, int to, double sign) {
    int highest = from;
    for (int i = from; i < to; i++) {
      highest = sign * distances[i] > sign * distances[highest] ? i : highest;
    }
    if (from == to || !(sign * distances[highest] > limit)) {
      return;
    }
    double low = LOW * sign * distances[highest];
    int first = highest;
    while (first > from
        && (!isLow(first - 1, sign, low) || (first - 1 > from && !isLow(first - 2, sign, low)))) {
      first--;
    }
    int end = highest + 1;
    while (end < to && (!isLow(end, sign, low) || (end + 1 < to && !isLow(end + 1, sign, low)))) {
      end++;
    }
    // At either end a job may fill a part of a point.
    first -= first > from ? 1 : 0;
    end += end < to ? 1 : 0;
    add(found, from, first, sign);
    found.add(occurrence(first, end));
    add(found, end, to, sign);
  }

  private boolean isLow(int i, double sign, double low) {
    return sign * distances[i] < low;
  }

  private boolean belongs(int i, double sign) {
    return sign * distances[i] > EDGE * limit;
  }

  /** One point that fell back does not end a stretch. */
  private boolean resumes(int i, double sign) {
    return i + 1 < times.length
        && times[i + 1] - times[i - 1] <= 2 * spacing
        && 2 * spacing < BLOCK
        && sign * distances[i + 1] > limit;
  }

  private Occurrence occurrence(int from, int to) {
    double[] of = Arrays.copyOfRange(distances, from, to);
    double sign = Math.signum(RobustStatistics.median(of));
    // Points at the ends, in which a job ran for a part of the time, are not its level.
    double middle = to - from <= FEW ? Double.MAX_VALUE : Math.abs(RobustStatistics.median(of));
    double highest = Arrays.stream(of).map(one -> sign * one).max().orElse(0);
    double least = Math.min(middle, highest);
    int[] high = IntStream.range(from, to).filter(i -> sign * distances[i] >= least).toArray();
    return new Occurrence(
        times[from],
        times[to - 1] + spacing,
        RobustStatistics.median(IntStream.of(high).mapToDouble(i -> distances[i]).toArray()),
        RobustStatistics.median(IntStream.of(high).mapToDouble(i -> values[i]).toArray()),
        Arrays.stream(of).sum());
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

  /**
   * Whether a value from {@code from} to before {@code to} is as far as {@code least} or farther.
   */
  boolean reaches(long from, long to, double least, boolean upwards) {
    for (int i = indexFrom(from); i < times.length && times[i] < to; i++) {
      if (upwards ? values[i] >= least : values[i] <= least) {
        return true;
      }
    }
    return false;
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
