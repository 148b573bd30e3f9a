package io.inframetrics.detect;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Histories for tests: they start at {@link #START} and have a point every five minutes. */
public final class Histories {

  public static final Instant START = Instant.parse("2026-02-01T00:00:00Z");
  public static final Duration STEP = Duration.ofMinutes(5);

  private Histories() {}

  public static SeriesHistory cpu(double... values) {
    return of(MetricType.CPU_UTILIZATION, MetricUnit.PERCENT, values);
  }

  public static SeriesHistory disk(Duration step, int count, IntToDoubleFunction value) {
    return of(
        MetricType.DISK_USAGE,
        MetricUnit.PERCENT,
        step,
        IntStream.range(0, count).mapToDouble(value::applyAsDouble).toArray());
  }

  public static SeriesHistory of(MetricType type, MetricUnit unit, double... values) {
    return of(type, unit, STEP, values);
  }

  public static SeriesHistory of(
      MetricType type, MetricUnit unit, Duration step, double... values) {
    List<Point> points =
        IntStream.range(0, values.length)
            .mapToObj(i -> new Point(at(step, i).getEpochSecond(), values[i]))
            .toList();
    return new SeriesHistory(Series.of(type, "i-1"), unit, points);
  }

  public static Instant at(int index) {
    return at(STEP, index);
  }

  public static Instant at(Duration step, int index) {
    return START.plus(step.multipliedBy(index));
  }

  /** {@code count} times {@code value}, then {@code rest}. */
  public static double[] flatThen(int count, double value, double... rest) {
    double[] values = Arrays.copyOf(new double[count], count + rest.length);
    Arrays.fill(values, 0, count, value);
    System.arraycopy(rest, 0, values, count, rest.length);
    return values;
  }
}
