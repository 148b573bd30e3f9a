package io.inframetrics.detect.anomaly;

import io.inframetrics.detect.RobustStatistics;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * The last values of a series, the newest first, and means and swings over short spans.
 *
 * <p>Each new value moves all others up by one, which is one copy of memory, and every lag is an
 * index: that is less work than a ring, whose ends every loop has to look for. The array grows with
 * the history, so that a short one costs little.
 */
final class PastValues {

  /** Values that there is room for at first: an analysis keeps 240 by default. */
  private static final int FIRST_CAPACITY = 256;

  private final int most;
  private double[] values;
  private int size;

  PastValues(int most) {
    this.most = most;
    this.values = new double[Math.min(FIRST_CAPACITY, most)];
  }

  void add(double value) {
    if (size == values.length && size < most) {
      values = Arrays.copyOf(values, Math.min(most, 2 * size));
    }
    System.arraycopy(values, 0, values, 1, Math.min(size, values.length - 1));
    values[0] = value;
    size = Math.min(size + 1, values.length);
  }

  int size() {
    return size;
  }

  /** The values themselves, by lag: at 0 the newest. Ignore those beyond {@link #size}. */
  double[] byLag() {
    return values;
  }

  /** The mean of {@code span} values, the newest of which is {@code ago} points old; or NaN. */
  double mean(int ago, int span) {
    if (size < ago + span) {
      return Double.NaN;
    }
    double sum = 0;
    for (int lag = ago; lag < ago + span; lag++) {
      sum += values[lag];
    }
    return sum / span;
  }

  /** The root mean square of the last {@code span} steps from value to value; or NaN. */
  double swing(int span) {
    return swing(0, span);
  }

  private double swing(int ago, int span) {
    if (size < ago + span + 1) {
      return Double.NaN;
    }
    double sum = 0;
    for (int lag = ago; lag < ago + span; lag++) {
      double step = values[lag] - values[lag + 1];
      sum += step * step;
    }
    return Math.sqrt(sum / span);
  }

  /**
   * The median of the means of {@code span} values, of those whose newest value has a lag from
   * {@code from} to before {@code to}; NaN if there are none.
   */
  double median(int from, int to, int span) {
    double[] means = past(from, to, span, lag -> mean(lag, span));
    return means.length == 0 ? Double.NaN : RobustStatistics.median(means);
  }

  /** The usual deviation of the values before the last one from their {@link #median}; or NaN. */
  double deviation(int most) {
    double[] before = past(1, 1 + most, 1, lag -> mean(lag, 1));
    return before.length == 0
        ? Double.NaN
        : RobustStatistics.sigma(before, RobustStatistics.median(before));
  }

  /**
   * How many of its usual deviations the last mean of {@code span} values is from its median, of at
   * most {@code most} values before; NaN if there are too few.
   */
  double standardMean(int span, int most) {
    return standard(mean(0, span), past(span, span + most, span, lag -> mean(lag, span)));
  }

  /** The same for the {@link #swing}. */
  double standardSwing(int span, int most) {
    return standard(swing(0, span), past(span, span + most, span + 1, lag -> swing(lag, span)));
  }

  private static double standard(double now, double[] before) {
    if (before.length == 0) {
      return Double.NaN;
    }
    double median = RobustStatistics.median(before);
    return (now - median) / RobustStatistics.sigma(before, median);
  }

  private double[] past(int from, int to, int span, IntToDoubleFunction of) {
    int end = Math.min(to, size - span + 1);
    double[] past = new double[Math.max(0, end - from)];
    for (int lag = from; lag < end; lag++) {
      past[lag - from] = of.applyAsDouble(lag);
    }
    return past;
  }

  /** The mean of {@code span} values in a row that is closest to {@code value}, from a lag on. */
  double nearest(double value, int skipped, int span) {
    double nearest = Double.NaN;
    for (int lag = skipped; lag + span <= size; lag++) {
      double mean = mean(lag, span);
      if (!(Math.abs(mean - value) >= Math.abs(nearest - value))) {
        nearest = mean;
      }
    }
    return nearest;
  }
}
