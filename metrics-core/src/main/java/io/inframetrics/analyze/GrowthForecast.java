package io.inframetrics.analyze;

import io.inframetrics.metric.Point;
import java.util.List;

/**
 * When a growing series reaches a capacity: the chance of it by any time ahead, and the other way
 * round. Made of {@link Blocks}, {@link Jumps}, {@link Season}, {@link Week} and a {@link
 * GrowthModel}.
 */
final class GrowthForecast {

  /** Widths of the search for a time; past this a series counts as never reaching its capacity. */
  private static final double FAR = 1e6;

  /** Share of the capacity below which noise is not believed: values are rounded somewhere. */
  private static final double LEAST_NOISE = 1e-5;

  /** Looks ahead within a day, or from one recurring drop to the next. */
  private static final int MAX_WAITS = 288;

  private final Blocks blocks;
  private final Jumps jumps;
  private final Jumps.Recurring drops;
  private final Season season;
  private final Week week;
  private final GrowthModel model;
  private final double capacity;
  private final double[] highest;

  private GrowthForecast(
      Blocks blocks, Jumps jumps, Season season, Week week, GrowthModel model, double capacity) {
    this.blocks = blocks;
    this.jumps = jumps;
    this.drops = jumps.recurring();
    this.season = season;
    this.week = week;
    this.model = model;
    this.capacity = capacity;
    this.highest = new double[(week == Week.NONE ? 1 : 7) * blocks.slotsPerDay()];
    for (int i = 0; i < highest.length; i++) {
      double there = periodic(i);
      highest[i] = i == 0 ? there : Math.max(highest[i - 1], there);
    }
  }

  /** Fits a history of at least two points. */
  static GrowthForecast of(List<Point> points, double capacity) {
    Blocks blocks = Blocks.of(points, capacity);
    Jumps jumps = Jumps.of(blocks);
    Season season = Season.of(blocks, jumps.starts());
    GrowthModel model = model(blocks, jumps, season, Week.NONE);
    Week week = Week.of(blocks, jumps, season);
    if (week != Week.NONE) {
      GrowthModel weekly = model(blocks, jumps, season, week);
      if (weekly.evidence() - model.evidence() > Week.price(blocks.size())) {
        return new GrowthForecast(blocks, jumps, season, week, weekly, capacity);
      }
    }
    return new GrowthForecast(blocks, jumps, season, Week.NONE, model, capacity);
  }

  private static GrowthModel model(Blocks blocks, Jumps jumps, Season season, Week week) {
    int n = blocks.size();
    double[] times = new double[n];
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      times[i] = blocks.time(i);
      values[i] =
          blocks.value(i)
              - season.at(blocks.slot(i))
              - week.at(blocks.dayOfWeekAfter(blocks.time(i)));
    }
    boolean seasonKnown = blocks.days() >= Season.MIN_DAYS;
    return new GrowthModel(times, values, jumps.starts(), seasonKnown, LEAST_NOISE);
  }

  /** Blocks that the fit rests on. */
  int size() {
    return blocks.size();
  }

  /** Whether a large drop that does not recur lies in the history. */
  boolean cleanedUp() {
    return jumps.cleanups() > 0;
  }

  /** Units a second, what recurring drops take away already taken off. */
  double slope() {
    return Robust.finite((model.slope() - drops.rate()) / blocks.width() * capacity);
  }

  /** The chance that it grows at all, if the time of day has nothing to do with it. */
  double chanceOfGrowth() {
    return model.chanceOfSlopeAbove(drops.rate(), drops.rateVariance());
  }

  /** The chance that it grows at all, though the time of day may have to do with it. */
  double chanceOfMoreThanTheTimeOfDay() {
    return DailyRise.chanceOfSlopeAbove(blocks, jumps, drops.rate(), LEAST_NOISE);
  }

  /**
   * Seconds from the newest point until the capacity is reached with this chance, to the block;
   * positive infinity if it never is.
   */
  double secondsUntil(double chance) {
    double high = 1;
    while (chanceBy(high) < chance) {
      high *= 2;
      if (high > FAR) {
        return Double.POSITIVE_INFINITY;
      }
    }
    double low = 0;
    while (high - low > 1e-3 * Math.max(1, low)) {
      double middle = (low + high) / 2;
      if (chanceBy(middle) < chance) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (high + wait(high, chance)) * blocks.width();
  }

  /**
   * The time that suffices with this chance: half a block after {@link #secondsUntil}, which knows
   * times to the block, and a capacity is seen to be reached only at the next point.
   */
  double secondsAtMost(double chance) {
    return secondsUntil(chance) + blocks.width() / 2.0;
  }

  /**
   * How long it takes from the soonest time until the time of day is right, or a drop is made up
   * for: a peak that lies ahead within a day counts for {@link #chanceBy} from now on.
   */
  private double wait(double soonest, double chance) {
    double longest = Math.max(highest.length, drops.interval());
    double step = Math.max(0.25, longest / MAX_WAITS);
    if (longest <= 1 || chanceAt(soonest) >= chance) {
      return 0;
    }
    for (int i = 1; i <= longest / step + 1; i++) {
      if (chanceAt(soonest + i * step) >= chance) {
        return (i - 0.5) * step;
      }
    }
    return 0;
  }

  /** At most the chance that the capacity was reached so many widths ahead, rising. */
  private double chanceBy(double ahead) {
    double most = highest[(int) Math.min(highest.length - 1, ahead)];
    // Behind the next recurring drop, only the peaks before each drop come near the capacity: they
    // lie on a line that grows more slowly.
    double beyond = Math.max(0, ahead - drops.untilNext());
    return model.chanceOfLevelAbove(
        1 - most + drops.rate() * beyond,
        ahead,
        week.variance() + beyond * beyond * drops.rateVariance());
  }

  /** The chance that the level lies above the capacity so many widths ahead. */
  private double chanceAt(double ahead) {
    double beyond = Math.max(0, ahead - drops.untilNext());
    return model.chanceOfLevelAbove(
        1 - periodic(ahead) + drops.within(ahead) * drops.drop(),
        ahead,
        week.variance() + beyond * beyond * drops.rateVariance());
  }

  /** What the time of day and of the week add so many widths ahead. */
  private double periodic(double ahead) {
    return season.at(blocks.slotAfter(ahead)) + week.at(blocks.dayOfWeekAfter(ahead));
  }
}
