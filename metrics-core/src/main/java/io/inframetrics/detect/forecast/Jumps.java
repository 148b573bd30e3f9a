package io.inframetrics.detect.forecast;

import io.inframetrics.detect.RobustStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The places where a level jumps and stays. Drops that come again and again, such as those of a log
 * that is rotated, belong to how the series grows; others are clean-ups, and one or two rises are
 * one-offs. Neither is growth, and growth goes on behind them. Large drops come again only if they
 * do so often or regularly: three times that somebody made room are three clean-ups.
 */
final class Jumps {

  /** RobustStatistics deviations of the usual step that a jump exceeds. */
  private static final double UNUSUAL = 6;

  /** Share of the capacity that a jump exceeds: less does not matter. */
  private static final double MATTERS = 0.003;

  /** Blocks below which a step cannot be told from noise. */
  private static final int MIN_BLOCKS = 6;

  /** As many drops of about one size recur. */
  private static final int RECURS = 3;

  /** A drop larger than the usual by more than this factor is a clean-up. */
  private static final double SAME_SIZE = 2.5;

  /** Share of the capacity from which on a drop is large. */
  private static final double LARGE = 0.05;

  /** As many large drops recur, however they come. */
  private static final int OFTEN = 5;

  /** Large drops that are fewer must be alike within this factor, their sizes and their gaps. */
  private static final double ALIKE = 1.5;

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

  /** One-off drops. */
  int cleanups() {
    return cleanups;
  }

  /** Drops that come again and again. */
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

  /** Finds them; {@code blocks} may have any size. */
  static Jumps of(Blocks blocks) {
    int n = blocks.size();
    if (n < MIN_BLOCKS) {
      return new Jumps(new boolean[n], Double.POSITIVE_INFINITY, 0, Recurring.NONE);
    }
    List<Jump> ups = new ArrayList<>();
    List<Jump> downs = new ArrayList<>();
    double[] odd = oddSteps(blocks);
    double limit = UNUSUAL * RobustStatistics.sigma(odd, 0) + MATTERS;
    for (Jump jump : jumps(blocks, odd, limit)) {
      (jump.size() > 0 ? ups : downs).add(jump);
    }
    boolean[] starts = new boolean[n];
    if (ups.size() < RECURS) {
      ups.forEach(jump -> mark(starts, jump));
    }
    downs.forEach(jump -> mark(starts, jump));
    double usual =
        downs.isEmpty() ? 0 : RobustStatistics.median(downs.stream().mapToDouble(Jump::size).toArray());
    List<Jump> recurring =
        downs.stream()
            .filter(j -> -j.size() <= -SAME_SIZE * usual && -j.size() >= -usual / SAME_SIZE)
            .toList();
    if (recurring.size() < RECURS
        || (-usual > LARGE && recurring.size() < OFTEN && !areRegular(blocks, recurring))) {
      return new Jumps(starts, limit, downs.size(), Recurring.NONE);
    }
    return new Jumps(starts, limit, downs.size() - recurring.size(), recurring(blocks, recurring));
  }

  private static boolean areRegular(Blocks blocks, List<Jump> drops) {
    double shortest = Double.POSITIVE_INFINITY;
    double longest = 0;
    double smallest = Double.POSITIVE_INFINITY;
    double largest = 0;
    for (int i = 0; i < drops.size(); i++) {
      smallest = Math.min(smallest, -drops.get(i).size());
      largest = Math.max(largest, -drops.get(i).size());
      if (i > 0) {
        double gap = blocks.time(drops.get(i).to()) - blocks.time(drops.get(i - 1).to());
        shortest = Math.min(shortest, gap);
        longest = Math.max(longest, gap);
      }
    }
    // A gap is known to the block.
    return longest <= ALIKE * shortest + 1 && largest <= ALIKE * smallest;
  }

  private static Recurring recurring(Blocks blocks, List<Jump> recurring) {
    int m = recurring.size();
    double first = blocks.time(recurring.get(0).to());
    double last = blocks.time(recurring.get(m - 1).to());
    double interval = (last - first) / (m - 1);
    double drop = -recurring.stream().mapToDouble(Jump::size).average().orElse(0);
    double rate = drop / interval;
    double variance = 0;
    for (int i = 1; i < m; i++) {
      double gap = blocks.time(recurring.get(i).to()) - blocks.time(recurring.get(i - 1).to());
      variance += square(-recurring.get(i).size() - rate * gap);
    }
    variance /= square(last - first) * Math.max(1, m - 2) / (m - 1.0);
    double until = Math.max(0, interval + last);
    return new Recurring(drop, rate, variance, interval, until, last - first);
  }

  /** By how much each step from block to block, from the first on, is not the usual one. */
  private static double[] oddSteps(Blocks blocks) {
    int n = blocks.size();
    double[] steps = new double[n];
    for (int i = 1; i < n; i++) {
      steps[i] = blocks.value(i) - blocks.value(i - 1);
    }
    double[] usual = usualSteps(blocks, steps);
    double[] odd = new double[n - 1];
    for (int i = 1; i < n; i++) {
      odd[i - 1] = steps[i] - usual[i];
    }
    return odd;
  }

  private static List<Jump> jumps(Blocks blocks, double[] odd, double limit) {
    int n = odd.length + 1;
    List<Jump> jumps = new ArrayList<>();
    for (int i = 1; i < n; i++) {
      if (Math.abs(odd[i - 1]) <= limit) {
        continue;
      }
      int from = i;
      while (i + 1 < n && odd[i] * odd[i - 1] > 0 && Math.abs(odd[i]) > limit / 3) {
        i++;
      }
      double size = 0;
      for (int k = from; k <= i; k++) {
        size = size + odd[k - 1];
      }
      double before = level(blocks, Math.max(0, from - 3), from);
      double after = level(blocks, i, Math.min(n, i + 3));
      if ((after - before) / size >= 0.5) {
        jumps.add(new Jump(from, i, size));
      }
    }
    return jumps;
  }

  /** The median step, of each time of day where enough days are known. */
  private static double[] usualSteps(Blocks blocks, double[] steps) {
    int n = steps.length;
    double[] usual = new double[n];
    Arrays.fill(usual, RobustStatistics.median(Arrays.copyOfRange(steps, 1, n)));
    if (blocks.slotsPerDay() > 1 && blocks.days() >= DailyProfile.MIN_DAYS) {
      double[] known = steps.clone();
      known[0] = Double.NaN;
      double[] bySlot = DailyProfile.medians(blocks, known);
      for (int i = 1; i < n; i++) {
        double ofSlot = bySlot[blocks.slot(i)];
        usual[i] = Double.isNaN(ofSlot) ? usual[i] : ofSlot;
      }
    }
    return usual;
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
   * @param rateVariance of that, as it is estimated
   * @param interval widths from one to the next; 0 if there are none
   * @param untilNext widths from the newest point to the next that is to be expected
   * @param span widths from the first to the last
   */
  record Recurring(
      double drop,
      double rate,
      double rateVariance,
      double interval,
      double untilNext,
      double span) {

    static final Recurring NONE = new Recurring(0, 0, 0, 0, 0, 0);

    /**
     * Variance of what they take away so many widths behind the next one: the rate is not known
     * exactly, and how they come scatters ahead as it did in the span that it is known from.
     */
    double variance(double beyond) {
      return beyond * (beyond + span) * rateVariance;
    }

    /** Whether a drop of this size, positive, is one of them. */
    boolean isOne(double size) {
      return size <= SAME_SIZE * drop;
    }

    /** How many are to be expected so many widths ahead. */
    int within(double ahead) {
      return interval == 0 || ahead < untilNext ? 0 : 1 + (int) ((ahead - untilNext) / interval);
    }
  }

  /**
   * A jump.
   *
   * @param from first block that is not on the old level
   * @param to first block on the new level
   * @param size less than 0 for a drop
   */
  private record Jump(int from, int to, double size) {}
}
