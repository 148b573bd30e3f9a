package io.inframetrics.detect.forecast;

import io.inframetrics.detect.RobustStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The places where a level jumps and stays. Drops that come again and again, such as those of a log
 * that is rotated, are part of the growth. Other drops are clean-ups, and one or two rises are
 * one-offs: neither is growth, and growth goes on after them. Large drops count as recurring only
 * if they are frequent or regular, since making room three times is three clean-ups; or if they
 * come at one hour of the day, whatever the days, as scheduled clean-ups do. A rise that a drop
 * undoes within a day, such as the files of a job on working days, is neither.
 *
 * <p>Figures are those of {@code ForecastStudy 8 1}: it forecasts 93.9 % of its series, holds 87.0
 * % of the true times in the interval, and errs by 2.1 % (median).
 */
final class Jumps {

  /**
   * Robust deviations of the usual step that a jump exceeds. Half: noise becomes jumps, error 2.4
   * %. Double: jumps become growth that nobody trusts, 91.4 % forecast, error 2.5 %.
   */
  private static final double UNUSUAL = 6;

  /** Share of the capacity that a jump exceeds, as less does not matter. Half, double: the same. */
  private static final double MATTERS = 0.003;

  /** Blocks below which a step cannot be told from noise. Half, double: the same. */
  private static final int MIN_BLOCKS = 6;

  /** Drops of about one size that recur. At 2: the same. Double: 86.0 % in the interval. */
  private static final int RECURS = 3;

  /**
   * Factor within which drops are as large as the median. Half: the same. Double: 93.3 % forecast.
   */
  private static final double SAME_SIZE = 2.5;

  /**
   * Share of the capacity from which a drop is large. Half: 86.7 % in the interval. Double: 87.3 %,
   * but clean-ups of 5 to 10 % are then taken for rotation (see the essay).
   */
  private static final double LARGE = 0.05;

  /** Large drops that recur however they come. Half: 87.3 %, double: 86.2 % in the interval. */
  private static final int OFTEN = 5;

  /**
   * Factor within which the sizes and the gaps of fewer large drops must be alike. Below 1: none
   * ever are, 94.2 % forecast. Double: 87.3 % in the interval.
   */
  private static final double ALIKE = 1.5;

  /** Share of days that must have about the same step at a time of day for it to be usual. */
  private static final double ALWAYS = 0.8;

  /** Seconds around an hour of the day that count as that hour: summer time moves it by one. */
  private static final double SAME_HOUR = 5_400;

  /** Share of all drops that must come at one hour. */
  private static final double MOST = 0.75;

  /** Factor within which two drops alone must be alike, and a drop and the rise it undoes. */
  private static final double EQUAL = 1.2;

  /** The part of the limit that a step needs to continue a jump: a third. */
  private static final double CONTINUES = 3;

  /**
   * Blocks in which a jump is done; what goes on for longer is a leak that began. Half, double: the
   * same; without it, a leak of the last two days of four weeks was a jump.
   */
  private static final int RAMP = 5;

  /** Blocks on either side whose median is the level there; as for outliers. */
  private static final int LEVEL_BLOCKS = 3;

  /** Share of a jump that must be left after it, else it was a spike. */
  private static final double STAYS = 0.5;

  private final boolean[] starts;
  private final double limit;
  private final int cleanups;
  private final Recurring recurring;

  private Jumps(boolean[] starts, double limit, int cleanups, Recurring recurring) {
    this.starts = starts;
    this.limit = limit;
    this.cleanups = cleanups;
    this.recurring = recurring;
  }

  /** How large a step from block to block is a jump, in capacities. */
  double limit() {
    return limit;
  }

  /** Whether the level starts anew, by block; not to be changed. */
  boolean[] starts() {
    return starts;
  }

  /** How many drops are one-off. */
  int cleanups() {
    return cleanups;
  }

  Recurring recurring() {
    return recurring;
  }

  /** The values with each level put where the one before it ended, counted from the first. */
  double[] levelled(Blocks blocks) {
    double[] values = new double[starts.length];
    for (int i = 1; i < values.length; i++) {
      double step = starts[i] ? 0 : blocks.value(i) - blocks.value(i - 1);
      values[i] = values[i - 1] + step;
    }
    return values;
  }

  static Jumps of(Blocks blocks) {
    int n = blocks.size();
    if (n < MIN_BLOCKS) {
      return new Jumps(new boolean[n], Double.POSITIVE_INFINITY, 0, Recurring.NONE);
    }
    List<Jump> ups = new ArrayList<>();
    List<Jump> downs = new ArrayList<>();
    double[] odd = oddSteps(blocks);
    double limit = limit(odd);
    for (Jump jump : jumps(blocks, odd, limit)) {
      (jump.size() > 0 ? ups : downs).add(jump);
    }
    boolean[] starts = new boolean[n];
    if (ups.size() < RECURS) {
      ups.forEach(jump -> mark(starts, jump));
    }
    downs.forEach(jump -> mark(starts, jump));
    undone(blocks, ups, downs).forEach(jump -> mark(starts, jump));
    List<Jump> scheduled = atOneHour(blocks, downs);
    if (!scheduled.isEmpty()) {
      return new Jumps(
          starts, limit, downs.size() - scheduled.size(), recurring(blocks, scheduled, true));
    }
    double usual =
        downs.isEmpty()
            ? 0
            : RobustStatistics.median(downs.stream().mapToDouble(Jump::size).toArray());
    List<Jump> recurring =
        downs.stream()
            .filter(j -> -j.size() <= -SAME_SIZE * usual && -j.size() >= -usual / SAME_SIZE)
            .toList();
    if (recurring.size() < RECURS
        || (-usual > LARGE && recurring.size() < OFTEN && !areRegular(blocks, recurring))) {
      return new Jumps(starts, limit, downs.size(), Recurring.NONE);
    }
    return new Jumps(
        starts, limit, downs.size() - recurring.size(), recurring(blocks, recurring, false));
  }

  /** Takes the drops that undo a rise of the day before out of {@code downs}; returns the rises. */
  private static List<Jump> undone(Blocks blocks, List<Jump> ups, List<Jump> downs) {
    List<Jump> undone = new ArrayList<>();
    double day = Blocks.DAY / (double) blocks.width();
    for (Jump up : ups) {
      for (Jump down : downs) {
        double later = blocks.time(down.to()) - blocks.time(up.to());
        if (later > 0 && later <= day + 1 && areEqual(-down.size(), up.size())) {
          undone.add(up);
          downs.remove(down);
          break;
        }
      }
    }
    return undone;
  }

  /** The drops that come at one hour of the day; none if drops come at any hour. */
  private static List<Jump> atOneHour(Blocks blocks, List<Jump> downs) {
    double day = blocks.slotsPerDay();
    double reach = Math.max(1, SAME_HOUR / blocks.width());
    List<Jump> most = List.of();
    for (Jump one : downs) {
      List<Jump> same = new ArrayList<>();
      for (Jump other : downs) {
        double apart = Math.abs(blocks.time(one.to()) - blocks.time(other.to())) % day;
        if (Math.min(apart, day - apart) <= reach) {
          same.add(other);
        }
      }
      most = same.size() > most.size() ? same : most;
    }
    boolean hourIsKnown = 4 * reach < day && most.size() >= MOST * downs.size();
    return hourIsKnown && (most.size() >= RECURS || areOneTwice(blocks, most)) ? most : List.of();
  }

  /** Whether there are two drops, days apart, from about one level to about another. */
  private static boolean areOneTwice(Blocks blocks, List<Jump> drops) {
    if (drops.size() != 2) {
      return false;
    }
    Jump first = drops.get(0);
    Jump second = drops.get(1);
    double apart = Math.abs(blocks.value(first.to()) - blocks.value(second.to()));
    return areEqual(-first.size(), -second.size())
        && apart <= (EQUAL - 1) * -first.size()
        && gap(blocks, drops, 1) * blocks.width() > Blocks.DAY / 2.0;
  }

  private static boolean areEqual(double one, double other) {
    return one <= EQUAL * other && other <= EQUAL * one;
  }

  private static boolean areRegular(Blocks blocks, List<Jump> drops) {
    DoubleSummaryStatistics sizes =
        drops.stream().mapToDouble(drop -> -drop.size()).summaryStatistics();
    DoubleSummaryStatistics gaps =
        IntStream.range(1, drops.size())
            .mapToDouble(i -> gap(blocks, drops, i))
            .summaryStatistics();
    // A gap is known to the block.
    return gaps.getMax() <= ALIKE * gaps.getMin() + 1 && sizes.getMax() <= ALIKE * sizes.getMin();
  }

  /** Widths between a drop and the one before. */
  private static double gap(Blocks blocks, List<Jump> drops, int i) {
    return blocks.time(drops.get(i).to()) - blocks.time(drops.get(i - 1).to());
  }

  private static Recurring recurring(Blocks blocks, List<Jump> recurring, boolean scheduled) {
    int m = recurring.size();
    double first = blocks.time(recurring.get(0).to());
    double last = blocks.time(recurring.get(m - 1).to());
    double interval = (last - first) / (m - 1);
    double drop = -recurring.stream().mapToDouble(Jump::size).average().orElse(0);
    double rate = drop / interval;
    double longest = interval;
    if (scheduled) {
      // What a clean-up takes away gathered since the one before it: the first one's is not known.
      drop = -recurring.stream().skip(1).mapToDouble(Jump::size).average().orElse(0);
      rate = drop / interval;
      longest = IntStream.range(1, m).mapToDouble(i -> gap(blocks, recurring, i)).max().orElse(0);
    }
    double variance = 0;
    for (int i = 1; i < m; i++) {
      variance += square(-recurring.get(i).size() - rate * gap(blocks, recurring, i));
    }
    variance /= square(last - first) * Math.max(1, m - 2) / (m - 1.0);
    double until = Math.max(0, interval + last);
    return new Recurring(
        drop, rate, variance, interval, until, last - first, scheduled ? longest : 0, -last);
  }

  /** How far each step is from the median step, that of its time of day where enough are known. */
  private static double[] oddSteps(Blocks blocks) {
    int n = blocks.size();
    double[] steps = new double[n];
    steps[0] = Double.NaN;
    for (int i = 1; i < n; i++) {
      steps[i] = blocks.value(i) - blocks.value(i - 1);
    }
    double usual = RobustStatistics.median(Arrays.copyOfRange(steps, 1, n));
    double[] bySlot = new double[blocks.slotsPerDay()];
    Arrays.fill(bySlot, Double.NaN);
    if (bySlot.length == 1 || blocks.days() < DailyProfile.MIN_DAYS) {
      return oddSteps(blocks, steps, bySlot, usual);
    }
    double[] medians = DailyProfile.medians(blocks, steps);
    System.arraycopy(medians, 0, bySlot, 0, medians.length);
    double[] odd = oddSteps(blocks, steps, bySlot, usual);
    double limit = limit(odd);
    Set<Integer> mixed = new HashSet<>();
    for (int slot = 0; slot < bySlot.length; slot++) {
      int seen = 0;
      int alike = 0;
      for (int i = 1; i < n; i++) {
        seen += blocks.slot(i) == slot ? 1 : 0;
        alike += blocks.slot(i) == slot && Math.abs(odd[i - 1]) <= limit ? 1 : 0;
      }
      if (alike < ALWAYS * seen) {
        mixed.add(slot);
      }
    }
    // The median of a clean-up on every second day is half a clean-up, on all days.
    mixed.forEach(slot -> bySlot[slot] = Double.NaN);
    return mixed.isEmpty() ? odd : oddSteps(blocks, steps, bySlot, usual);
  }

  private static double[] oddSteps(Blocks blocks, double[] steps, double[] bySlot, double usual) {
    double[] odd = new double[steps.length - 1];
    for (int i = 1; i < steps.length; i++) {
      double ofSlot = bySlot[blocks.slot(i)];
      odd[i - 1] = steps[i] - (Double.isNaN(ofSlot) ? usual : ofSlot);
    }
    return odd;
  }

  private static double limit(double[] odd) {
    return UNUSUAL * RobustStatistics.sigma(odd, 0) + MATTERS;
  }

  private static List<Jump> jumps(Blocks blocks, double[] odd, double limit) {
    int n = odd.length + 1;
    List<Jump> jumps = new ArrayList<>();
    for (int i = 1; i < n; i++) {
      if (Math.abs(odd[i - 1]) <= limit) {
        continue;
      }
      int from = i;
      while (i + 1 < n && odd[i] * odd[i - 1] > 0 && Math.abs(odd[i]) > limit / CONTINUES) {
        i++;
      }
      if (i + 1 - from > RAMP) {
        continue;
      }
      double size = 0;
      for (int k = from; k <= i; k++) {
        size += odd[k - 1];
      }
      double before = level(blocks, Math.max(0, from - LEVEL_BLOCKS), from);
      double after = level(blocks, i, Math.min(n, i + LEVEL_BLOCKS));
      if ((after - before) / size >= STAYS) {
        jumps.add(new Jump(from, i, size));
      }
    }
    return jumps;
  }

  private static double level(Blocks blocks, int from, int to) {
    double[] values = new double[to - from];
    for (int i = from; i < to; i++) {
      values[i - from] = blocks.value(i);
    }
    return RobustStatistics.median(values);
  }

  private static void mark(boolean[] starts, Jump jump) {
    // What lies inside a jump that took several blocks is on neither level.
    for (int i = jump.from(); i <= jump.to(); i++) {
      starts[i] = true;
    }
  }

  private static double square(double value) {
    return value * value;
  }

  /**
   * What recurring drops do to a level.
   *
   * @param drop what one takes away, positive; 0 if there are none
   * @param rate what they take away in a width
   * @param rateVariance of the rate, as it is estimated
   * @param interval widths from one to the next; 0 if there are none
   * @param untilNext widths from the newest point to the next one expected
   * @param span widths from the first to the last
   * @param longest widths between two of them at most, if they come at one hour; else 0
   * @param since widths from the last one to the newest point
   */
  record Recurring(
      double drop,
      double rate,
      double rateVariance,
      double interval,
      double untilNext,
      double span,
      double longest,
      double since) {

    static final Recurring NONE = new Recurring(0, 0, 0, 0, 0, 0, 0, 0);

    /** Whether they come at one hour of the day, as scheduled clean-ups do. */
    boolean areScheduled() {
      return longest > 0;
    }

    /**
     * Variance of what they take away {@code beyond} widths after the next one: the rate is not
     * known exactly, and how they come scatters ahead as it did in the span that it is known from.
     */
    double variance(double beyond) {
      return beyond * (beyond + span) * rateVariance;
    }

    /** Whether a drop of this size, positive, is one of them. */
    boolean isOne(double size) {
      return size <= SAME_SIZE * drop;
    }

    /** How many to expect within {@code ahead} widths. */
    int within(double ahead) {
      return interval == 0 || ahead < untilNext ? 0 : 1 + (int) ((ahead - untilNext) / interval);
    }
  }

  /** From the first block off the old level to the first on the new one; a drop is negative. */
  private record Jump(int from, int to, double size) {}
}
