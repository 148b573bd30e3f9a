package io.inframetrics.detect.forecast;

import io.inframetrics.detect.RobustStatistics;
import io.inframetrics.metric.Point;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rise that reaches the capacity within the hour, seen in the newest minutes alone: nobody has
 * time to wait for a history. A line through five medians of equal stretches of time, as a single
 * jump, such as a copied file, or noise does not rise by about as much in each of the four steps.
 *
 * <p>What the series did before, without coming near its capacity, is not such a rise: a level that
 * is not new, after a rise that was seen before, is a job that will end.
 *
 * @param slope units a second
 * @param span seconds that it was seen for
 * @param left seconds from the newest point to the capacity
 * @param earliest the same, with a chance of one in ten that it is sooner
 * @param latest the same, with a chance of one in ten that it is later; infinite if it may be never
 */
record FastRise(double slope, long span, double left, double earliest, double latest) {

  /** Longest time left: an hour. What takes longer waits for the points that a forecast needs. */
  private static final double MOST_LEFT = 3_600;

  /** Seconds to look back, the longest first, as a longer rise is known better. */
  private static final int[] SPANS = {1_800, 1_200, 900, 600, 420, 300, 240, 180, 120};

  /** Seconds below which a rise says nothing; points every half minute may come early. */
  private static final long LEAST_SPAN = 100;

  /** Medians that a line is fitted to. */
  private static final int BINS = 5;

  /** The same for a series of fewer points than a forecast needs, whose steps must be even. */
  private static final int FEW_BINS = 3;

  /** Points of a series below which three medians do. */
  private static final int YOUNG = 10;

  /** Multiple of its time that a rise is believed to go on for. */
  private static final double REACH = 10;

  /** Share of the capacity that the rise is at least: less may be rounding. */
  private static final double LEAST_RISE = 0.01;

  /** The same for three medians: some points of percentage, where noise or a copied file is not. */
  private static final double LEAST_RISE_OF_FEW = 0.05;

  /** Factor within which each step must be the median step. */
  private static final double ALIKE = 2;

  /** The same for three medians. */
  private static final double ALIKE_OF_FEW = 1.25;

  /** Share of this rise from which an earlier one was as large. */
  private static final double AS_LARGE = 0.5;

  /** Quantile of one in ten of Student's distribution with {@link #BINS} less two degrees. */
  private static final double ONE_IN_TEN = 1.638;

  /** The same for one degree: three medians. */
  private static final double ONE_IN_TEN_OF_FEW = 3.078;

  /** The rise that the newest points show; null if there is none. */
  static @Nullable FastRise of(List<Point> points, double capacity) {
    for (int span : SPANS) {
      FastRise rise = of(points, capacity, span);
      if (rise != null) {
        return rise;
      }
    }
    return null;
  }

  private static @Nullable FastRise of(List<Point> points, double capacity, int most) {
    int n = points.size();
    int from = n;
    while (from > 0 && secondsBefore(points, from - 1) <= most) {
      from--;
    }
    long span = from == n ? 0 : secondsBefore(points, from);
    int bins = n < YOUNG && n - from < BINS ? FEW_BINS : BINS;
    if (n - from < bins || span < LEAST_SPAN) {
      return null;
    }
    double[] times = new double[bins];
    double[] values = new double[bins];
    int at = from;
    for (int bin = 0; bin < bins; bin++) {
      int to = at;
      while (to < n
          && (bin == bins - 1 || span - secondsBefore(points, to) < (bin + 1.0) / bins * span)) {
        to++;
      }
      if (to == at) {
        return null;
      }
      List<Point> in = points.subList(at, to);
      times[bin] =
          RobustStatistics.median(
              in.stream()
                  .mapToDouble(p -> p.epochSecond() - points.get(n - 1).epochSecond())
                  .toArray());
      values[bin] =
          RobustStatistics.median(in.stream().mapToDouble(p -> p.value() / capacity).toArray());
      at = to;
    }
    double rise = values[bins - 1] - values[0];
    if (!(rise >= (bins == BINS ? LEAST_RISE : LEAST_RISE_OF_FEW))
        || !isSteady(times, values)
        || wasSeen(points, from, span, rise * capacity)) {
      return null;
    }
    FastRise line = line(times, values, capacity, span);
    return line.left <= Math.min(MOST_LEFT, REACH * span) ? line : null;
  }

  private static long secondsBefore(List<Point> points, int i) {
    return points.get(points.size() - 1).epochSecond() - points.get(i).epochSecond();
  }

  private static boolean isSteady(double[] times, double[] values) {
    double[] rates = new double[values.length - 1];
    for (int i = 0; i < rates.length; i++) {
      rates[i] = (values[i + 1] - values[i]) / (times[i + 1] - times[i]);
    }
    double usual = RobustStatistics.median(rates);
    double alike = values.length == BINS ? ALIKE : ALIKE_OF_FEW;
    for (double rate : rates) {
      if (!(rate * alike >= usual && rate <= alike * usual)) {
        return false;
      }
    }
    return usual > 0;
  }

  /** Whether the level is not new, and an earlier rise in as much time was about as large. */
  private static boolean wasSeen(List<Point> points, int from, long span, double rise) {
    int start = from;
    while (start > 0 && points.get(start - 1).value() < points.get(start).value()) {
      start--;
    }
    double highest = Double.NEGATIVE_INFINITY;
    boolean seen = false;
    for (int i = 0; i < start; i++) {
      highest = Math.max(highest, points.get(i).value());
      long until = points.get(i).epochSecond() + span;
      for (int k = i + 1; k < start && !seen && points.get(k).epochSecond() <= until; k++) {
        seen = points.get(k).value() - points.get(i).value() >= AS_LARGE * rise;
      }
    }
    return seen && points.get(points.size() - 1).value() <= highest;
  }

  private static FastRise line(double[] times, double[] values, double capacity, long span) {
    int bins = values.length;
    double quantile = bins == BINS ? ONE_IN_TEN : ONE_IN_TEN_OF_FEW;
    double middle = 0;
    double mean = 0;
    for (int i = 0; i < bins; i++) {
      middle += times[i] / bins;
      mean += values[i] / bins;
    }
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = 0; i < bins; i++) {
      double x = times[i] - middle;
      double y = values[i] - mean;
      xx += x * x;
      xy += x * y;
      yy += y * y;
    }
    double slope = xy / xx;
    double error = quantile * Math.sqrt(Math.max(0, yy - slope * xy) / (bins - 2) / xx);
    double left = 1 - (mean - slope * middle);
    return new FastRise(
        slope * capacity,
        span,
        Math.max(0, left / slope),
        Math.max(0, left / (slope + error)),
        slope > error ? Math.max(0, left / (slope - error)) : Double.POSITIVE_INFINITY);
  }
}
