package io.inframetrics.detect.forecast;

/**
 * The normal distribution and Student's t.
 *
 * <p>Ten lines of our own instead of a library: an interval of 80 % needs two digits of a
 * probability, and {@code GrowthPartsTest} checks more. The numbers are those of the approximations
 * named.
 */
final class Distributions {

  private Distributions() {}

  /** The chance that a standard normal value is at most {@code z}; within 1e-7. */
  static double normal(double z) {
    double x = Math.abs(z) / Math.sqrt(2);
    double t = 1 / (1 + 0.3275911 * x);
    // Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26.
    double poly =
        t
            * (0.254829592
                + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    double tail = poly * Math.exp(-x * x) / 2;
    return z > 0 ? 1 - tail : tail;
  }

  /**
   * The chance that a value of Student's t distribution is at most {@code t}, by Wallace's
   * approximation; within 0.01 from 3 degrees of freedom on.
   */
  static double student(double t, double degrees) {
    double z =
        (8 * degrees + 1) / (8 * degrees + 3) * Math.sqrt(degrees * Math.log1p(t * t / degrees));
    return normal(Math.copySign(z, t));
  }
}
