package io.inframetrics.analyze;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The places where a level jumps and stays. Small drops that come again and again, such as those of
 * a log that is rotated, belong to how the series grows; a large one is a clean-up, and a single
 * rise a one-off. Neither is growth, and growth goes on behind them.
 */
final class Jumps {

  /** Robust deviations of the usual step that a jump exceeds. */
  private static final double UNUSUAL = 6;

  /** Share of the capacity that a jump exceeds: less does not matter. */
  private static final double MATTERS = 0.003;

  /** As many drops of about one size recur. */
  private static final int RECURS = 3;

  /** A drop larger than the usual by more than this factor is a clean-up. */
  private static final double SAME_SIZE = 2.5;

  private final boolean[] starts;
  private final int cleanups;
  private final Recurring recurring;

  private Jumps(boolean[] starts, int cleanups, Recurring recurring) {
    this.starts = starts;
    this.cleanups = cleanups;
    this.recurring = recurring;
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
    List<Jump> ups = new ArrayList<>();
    List<Jump> downs = new ArrayList<>();
    for (Jump jump : jumps(blocks)) {
      (jump.size() > 0 ? ups : downs).add(jump);
    }
    boolean[] starts = new boolean[n];
    if (ups.size() == 1) {
      mark(starts, ups.get(0));
    }
    downs.forEach(jump -> mark(starts, jump));
    double usual =
        downs.isEmpty() ? 0 : Robust.median(downs.stream().mapToDouble(Jump::size).toArray());
    List<Jump> recurring =
        downs.stream()
            .filter(j -> -j.size() <= -SAME_SIZE * usual && -j.size() >= -usual / SAME_SIZE)
            .toList();
    List<Jump> cleanups =
        downs.stream().filter(j -> recurring.size() < RECURS || !recurring.contains(j)).toList();
    if (recurring.size() < RECURS) {
      return new Jumps(starts, cleanups.size(), Recurring.NONE);
    }
    return new Jumps(starts, cleanups.size(), recurring(blocks, recurring));
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
    return new Recurring(drop, rate, variance, interval, until);
  }

  private static List<Jump> jumps(Blocks blocks) {
    int n = blocks.size();
    if (n < 6) {
      return List.of();
    }
    double[] steps = new double[n];
    for (int i = 1; i < n; i++) {
      steps[i] = blocks.value(i) - blocks.value(i - 1);
    }
    double[] usual = usualSteps(blocks, steps);
    double[] odd = new double[n - 1];
    for (int i = 1; i < n; i++) {
      odd[i - 1] = steps[i] - usual[i];
    }
    double limit = UNUSUAL * Robust.sigma(odd, 0) + MATTERS;
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
    Arrays.fill(usual, Robust.median(Arrays.copyOfRange(steps, 1, n)));
    if (blocks.slotsPerDay() > 1 && blocks.days() >= Season.MIN_DAYS) {
      double[] known = steps.clone();
      known[0] = Double.NaN;
      double[] bySlot = Season.medians(blocks, known);
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
    return Robust.median(values);
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
   */
  record Recurring(
      double drop, double rate, double rateVariance, double interval, double untilNext) {

    static final Recurring NONE = new Recurring(0, 0, 0, 0, 0);

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
