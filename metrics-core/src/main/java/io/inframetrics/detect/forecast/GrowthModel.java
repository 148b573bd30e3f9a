package io.inframetrics.detect.forecast;

import io.inframetrics.detect.RobustStatistics;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * How a level grows: a line, plus a random walk, plus noise. The line's slope may follow a random
 * walk, too. How the deviations from the line divide into walk and noise is not known, so several
 * shares are tried, and each is weighted by how well it explains the values. A walk makes the
 * future less certain than a line with noise, so its intervals are wider. The level may restart at
 * given places; the slope continues across them.
 *
 * <p>For each pair of shares, two Kalman filters run side by side, one over the values and one over
 * the line; then the prediction errors of the first are regressed on those of the second (the
 * augmented filter of de Jong, 1991). Each takes one pass over the values, without iteration.
 *
 * <p>Times are in steps from now, so they are at most 0.
 */
final class GrowthModel {

  /**
   * Variance of the level's random walk in one step, in variances of the noise: from no walk at all
   * to a walk without noise, in powers of ten, with wider gaps at the ends, where a step changes
   * little.
   */
  private static final double[] LEVEL_WALKS = {0, 1e-3, 1e-2, 0.1, 1, 10, 1e3};

  /**
   * Three times the variance that the slope's walk brings to the level over the whole history, in
   * variances of the noise; each about thirty times the one before. With the greatest, the slope
   * may change within one day of two weeks, as it does when a leak begins. Without it, such a leak
   * was reported five times too late.
   */
  private static final double[] SLOPE_WALKS = {0, 3, 100, 3_000, 1e5, 3e6};

  /** How many of them are tried while a daily pattern could look like a changing slope. */
  private static final int CALM_SLOPE_WALKS = 4;

  /**
   * How much more likely no walk is than any one walk, before the values are seen: as likely as all
   * others together. By {@code ForecastStudy 8 1}, half: intervals too wide, 91.2 % hold the true
   * time instead of 87.0 %. Double: 85.0 %.
   */
  private static final double STEADY = 6;

  /** Weight below which a fit is skipped, because it changes no digit of the forecast. */
  private static final double NEGLIGIBLE = 1e-6;

  private final Fit[] fits;
  private final double[] weights;
  private final double evidence;

  /**
   * Fits the line.
   *
   * @param times ascending
   * @param starts where a level starts anew; the first always does
   * @param seasonKnown whether the daily pattern is removed, so that a change of direction is a
   *     real one
   * @param least smallest standard deviation of noise that is believed, positive
   */
  GrowthModel(
      double[] times, double[] values, boolean[] starts, boolean seasonKnown, double least) {
    int slopeWalks = seasonKnown ? SLOPE_WALKS.length : CALM_SLOPE_WALKS;
    fits = new Fit[LEVEL_WALKS.length * slopeWalks];
    weights = new double[fits.length];
    double best = Double.NEGATIVE_INFINITY;
    double span = Math.max(1, -times[0]);
    int k = 0;
    for (double slopeWalk : Arrays.copyOf(SLOPE_WALKS, slopeWalks)) {
      for (double levelWalk : LEVEL_WALKS) {
        Filter filter = new Filter(levelWalk, slopeWalk / (span * span * span));
        fits[k] = filter.fit(times, values, starts, least);
        weights[k] =
            fits[k].evidence()
                + Math.log((levelWalk == 0 ? STEADY : 1) * (slopeWalk == 0 ? STEADY : 1));
        best = Math.max(best, weights[k]);
        k++;
      }
    }
    double sum = 0;
    for (k = 0; k < fits.length; k++) {
      weights[k] = Math.exp(weights[k] - best);
      sum += weights[k];
    }
    for (k = 0; k < fits.length; k++) {
      weights[k] /= sum;
    }
    evidence = best + Math.log(sum);
  }

  /** How well the model explains the values: a logarithm, comparable for the same values only. */
  double evidence() {
    return evidence;
  }

  double level() {
    return mean(Fit::level);
  }

  /** Growth a step, now. */
  double slope() {
    return mean(Fit::slope);
  }

  /** The chance that the slope exceeds {@code slope}, itself uncertain by {@code otherVariance}. */
  double chanceOfSlopeAbove(double slope, double otherVariance) {
    return mean(
        fit -> chance(fit.slope() - slope, fit.slopeVariance() + otherVariance, fit.degrees()));
  }

  /**
   * The chance that the level is at least {@code value} in {@code ahead} steps.
   *
   * @param otherVariance how uncertain {@code value} itself is
   */
  double chanceOfLevelAbove(double value, double ahead, double otherVariance) {
    double chance = 0;
    for (int k = 0; k < fits.length; k++) {
      if (weights[k] > NEGLIGIBLE) {
        Fit fit = fits[k];
        double distance = fit.level() + ahead * fit.slope() - value;
        double variance = fit.variance(ahead) + otherVariance;
        chance += weights[k] * chance(distance, variance, fit.degrees());
      }
    }
    return chance;
  }

  private double mean(ToDoubleFunction<Fit> of) {
    double mean = 0;
    for (int k = 0; k < fits.length; k++) {
      mean += weights[k] * of.applyAsDouble(fits[k]);
    }
    return mean;
  }

  private static double chance(double distance, double variance, double degrees) {
    double deviation = Math.max(Math.sqrt(Math.max(0, variance)), Double.MIN_NORMAL);
    return Distributions.student(RobustStatistics.finite(distance / deviation), degrees);
  }

  /** What one pair of shares makes of the values; all as of now. */
  private record Fit(
      Filter shares,
      double level,
      double slope,
      double levelVariance,
      double slopeVariance,
      double covariance,
      double noise,
      double degrees,
      double evidence) {

    double variance(double ahead) {
      return levelVariance
          + 2 * ahead * covariance
          + ahead * ahead * slopeVariance
          + noise * (ahead * shares.levelWalk + ahead * ahead * ahead * shares.slopeWalk / 3);
    }
  }

  /** The filter; used once. Variances are in variances of the noise. */
  private static final class Filter {

    private final double levelWalk;
    private final double slopeWalk;
    private double level;
    private double slope;
    // What the filter makes of a line of slope 1, in the same state.
    private double line;
    private double lineSlope;
    private double levelVariance;
    private double slopeVariance;
    private double covariance;

    Filter(double levelWalk, double slopeWalk) {
      this.levelWalk = levelWalk;
      this.slopeWalk = slopeWalk;
    }

    Fit fit(double[] times, double[] values, boolean[] starts, double least) {
      double xx = 0;
      double xy = 0;
      double yy = 0;
      double logs = 0;
      int expected = 0;
      for (int i = 0; i < times.length; i++) {
        if (i > 0) {
          advance(times[i] - times[i - 1]);
        }
        if (i == 0 || starts[i]) {
          level = values[i];
          line = times[i];
          levelVariance = 1;
          covariance = 0;
          continue;
        }
        double total = levelVariance + 1;
        double y = values[i] - level;
        double x = times[i] - line;
        xx += x * x / total;
        xy += x * y / total;
        yy += y * y / total;
        logs += Math.log(total);
        correct(x, y, total);
        expected++;
      }
      advance(-times[times.length - 1]);
      double degrees = Math.max(1, expected - 1);
      double b = xx > 0 ? xy / xx : 0;
      double rest = Math.max(0, yy - b * xy) + degrees * least * least;
      double noise = rest / degrees;
      double variance = xx > 0 ? noise / xx : 1 / Double.MIN_NORMAL;
      double reach = -line;
      double share = 1 - lineSlope;
      return new Fit(
          this,
          level + b * reach,
          slope + b * share,
          noise * levelVariance + variance * reach * reach,
          noise * slopeVariance + variance * share * share,
          noise * covariance + variance * reach * share,
          noise,
          degrees,
          -(logs + Math.log(Math.max(xx, Double.MIN_NORMAL)) + degrees * Math.log(rest)) / 2);
    }

    private void advance(double step) {
      level += step * slope;
      line += step * lineSlope;
      levelVariance +=
          step * (2 * covariance + step * slopeVariance + levelWalk + step * step * slopeWalk / 3);
      covariance += step * (slopeVariance + step * slopeWalk / 2);
      slopeVariance += step * slopeWalk;
    }

    private void correct(double x, double y, double total) {
      double gain = levelVariance / total;
      double slopeGain = covariance / total;
      level += gain * y;
      slope += slopeGain * y;
      line += gain * x;
      lineSlope += slopeGain * x;
      slopeVariance -= slopeGain * covariance;
      covariance *= 1 - gain;
      levelVariance *= 1 - gain;
    }
  }
}
