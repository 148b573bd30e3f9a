package io.inframetrics.detect.forecast;

import java.util.Arrays;

/**
 * Explains values as a sum of given terms, by least squares, and says how certain each term is.
 *
 * <p>Of our own, because a library would not save code: Commons Math 3.6.1 is 2.2 MB, nearly all
 * that the limit of the Lambda zip leaves, for a regression whose variances take errors to be
 * independent. Ours widens them for neighbours that err alike ({@link #restVariance}).
 */
final class LeastSquares {

  /**
   * Correlation of neighbouring errors at most believed, so that something is left of them; a
   * choice. Half, double: no change in {@code ForecastStudy 8 1}.
   */
  private static final double MOST_ALIKE = 0.9;

  private final double[] fit;
  private final double[][] inverse;

  /** Fits values by their {@code terms}, which are independent of one another and of one size. */
  LeastSquares(double[][] terms, double[] values) {
    int n = terms[0].length;
    double[] products = new double[n];
    double[][] squares = new double[n][2 * n];
    for (int i = 0; i < values.length; i++) {
      for (int k = 0; k < n; k++) {
        products[k] += terms[i][k] * values[i];
        for (int l = 0; l < n; l++) {
          squares[k][l] += terms[i][k] * terms[i][l];
        }
      }
    }
    inverse = inverse(squares);
    fit = new double[n];
    for (int k = 0; k < n; k++) {
      for (int l = 0; l < n; l++) {
        fit[k] += inverse[k][l] * products[l];
      }
    }
  }

  /** How much of a term there is. */
  double of(int term) {
    return fit[term];
  }

  /** Variance of {@link #of} in variances of the values. */
  double variance(int term) {
    return inverse[term][term];
  }

  /**
   * Variance of the values around what the terms explain, as much larger as fewer errors that are
   * not alike would make it.
   *
   * @param n of them count, the first ones
   */
  double restVariance(double[][] terms, double[] values, int n) {
    double squares = 0;
    double products = 0;
    double last = 0;
    for (int i = 0; i < n; i++) {
      double error = values[i];
      for (int k = 0; k < fit.length; k++) {
        error -= fit[k] * terms[i][k];
      }
      squares += error * error;
      products += i == 0 ? 0 : error * last;
      last = error;
    }
    double alike = squares > 0 ? Math.max(0, Math.min(MOST_ALIKE, products / squares)) : 0;
    return squares / (n - fit.length) * (1 + alike) / (1 - alike);
  }

  /** By Gauss and Jordan; {@code rows} have room for the inverse behind them. */
  private static double[][] inverse(double[][] rows) {
    int n = rows.length;
    for (int k = 0; k < n; k++) {
      rows[k][n + k] = 1;
    }
    for (int k = 0; k < n; k++) {
      // Sums of squares of independent terms: the diagonal stays positive, so no rows are swapped.
      double pivot = rows[k][k];
      for (int l = 0; l < 2 * n; l++) {
        rows[k][l] /= pivot;
      }
      for (int other = 0; other < n; other++) {
        double factor = rows[other][k];
        for (int l = 0; other != k && l < 2 * n; l++) {
          rows[other][l] -= factor * rows[k][l];
        }
      }
    }
    for (int k = 0; k < n; k++) {
      rows[k] = Arrays.copyOfRange(rows[k], n, 2 * n);
    }
    return rows;
  }
}
