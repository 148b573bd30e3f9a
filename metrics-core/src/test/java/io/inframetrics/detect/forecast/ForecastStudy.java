package io.inframetrics.detect.forecast;

import io.inframetrics.metric.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * How often the true time of exhaustion lies in the interval of a forecast, beside that of a plain
 * least squares line with its textbook interval.
 */
final class ForecastStudy {

  /** Spacing and number of points. */
  record Shape(Duration step, int count) {

    @Override
    public String toString() {
      return "%s x %d".formatted(step.toString().substring(2).toLowerCase(Locale.ROOT), count);
    }
  }

  static final List<Shape> SHAPES =
      List.of(
          new Shape(Duration.ofHours(3), 40),
          new Shape(Duration.ofHours(3), 80),
          new Shape(Duration.ofHours(3), 240),
          new Shape(Duration.ofMinutes(5), 240),
          new Shape(Duration.ofMinutes(5), 864),
          new Shape(Duration.ofMinutes(5), 4_032));

  /** Chances that a time is earlier: the ends of the interval, and its middle. */
  private static final double[] CHANCES = {0.1, 0.5, 0.9};

  /** What became of the series of one family and shape. */
  static final class Score {
    int series;
    int told;
    int inside;
    int early;
    int insideLine;
    final List<Double> errors = new ArrayList<>();
    final List<Double> lineErrors = new ArrayList<>();

    double coverage() {
      return told == 0 ? Double.NaN : inside / (double) told;
    }

    double lineCoverage() {
      return insideLine / (double) series;
    }

    void add(Score other) {
      series += other.series;
      told += other.told;
      inside += other.inside;
      early += other.early;
      insideLine += other.insideLine;
      errors.addAll(other.errors);
      lineErrors.addAll(other.lineErrors);
    }

    static double median(List<Double> values) {
      double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "n=%4d told %3.0f %%  inside %5.1f %% (before %4.1f %%)  median error %5.1f %%  |  line: inside %5.1f %%  median error %5.1f %%",
          series,
          100.0 * told / series,
          100 * coverage(),
          100.0 * early / Math.max(1, told),
          100 * median(errors),
          100 * lineCoverage(),
          100 * median(lineErrors));
    }
  }

  static final String TUNED = "LOOKED AT";
  static final String HELD_OUT = "HELD OUT";

  private ForecastStudy() {}

  /** Forecasts so many series. Errors are shares of the true time left. */
  static Score run(GrowthSeries.Family family, Shape shape, int series, long seed) {
    Random random = new Random(seed * 31 + family.ordinal() * 7L + shape.count());
    Score score = new Score();
    while (score.series < series) {
      Optional<GrowthSeries> made = GrowthSeries.of(family, shape.step(), shape.count(), random);
      if (made.isEmpty()) {
        continue;
      }
      List<Point> points = made.get().points();
      double left = made.get().exhausted() - points.get(points.size() - 1).epochSecond();
      score.series++;
      GrowthForecast forecast = GrowthForecast.of(points, GrowthSeries.CAPACITY);
      if (forecast.chanceOfGrowth() >= 0.98
          && forecast.chanceOfMoreThanSeason() >= 0.98
          && !forecast.isKeptDown()
          && !forecast.standsStill()) {
        score.told++;
        if (left < forecast.secondsUntil(CHANCES[0])) {
          score.early++;
        } else if (left <= forecast.secondsAtMost(CHANCES[2])) {
          score.inside++;
        }
        double middle = forecast.secondsUntil(CHANCES[1]);
        score.errors.add(Math.abs(Math.min(middle, 100 * left) - left) / left);
      }
      double[] line = line(points, GrowthSeries.CAPACITY);
      if (left >= line[0] && left <= line[2]) {
        score.insideLine++;
      }
      score.lineErrors.add(Math.abs(Math.min(line[1], 100 * left) - left) / left);
    }
    return score;
  }

  /** Where the 80 % confidence band of a least squares line meets the capacity. */
  private static double[] line(List<Point> points, double capacity) {
    int n = points.size();
    long newest = points.get(n - 1).epochSecond();
    double mx = 0;
    double my = 0;
    for (Point point : points) {
      mx += (point.epochSecond() - newest) / (double) n;
      my += point.value() / n;
    }
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (Point point : points) {
      double x = point.epochSecond() - newest - mx;
      double y = point.value() - my;
      xx += x * x;
      xy += x * y;
      yy += y * y;
    }
    double slope = xy / xx;
    double noise = Math.max(0, yy - slope * xy) / (n - 2);
    double[] times = new double[CHANCES.length];
    double[] normal = {1.2816, 0, -1.2816};
    for (int k = 0; k < CHANCES.length; k++) {
      double low = 0;
      double high = 1e10;
      for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        double band = normal[k] * Math.sqrt(noise * (1.0 / n + (middle - mx) * (middle - mx) / xx));
        if (my + slope * (middle - mx) + band >= capacity) {
          high = middle;
        } else {
          low = middle;
        }
      }
      times[k] = high > 9e9 ? Double.POSITIVE_INFINITY : high;
    }
    return times;
  }

  /** The scores of families and shapes, in their order, and of those looked at and held out. */
  static Map<String, Score> run(List<Shape> shapes, int series, long seed) {
    Map<String, Score> table = new LinkedHashMap<>();
    for (GrowthSeries.Family family : GrowthSeries.Family.values()) {
      for (Shape shape : shapes) {
        Score score = run(family, shape, series, seed);
        table.put(family + " " + shape, score);
        table.computeIfAbsent(family + " all", name -> new Score()).add(score);
        table.computeIfAbsent(family.tuned ? TUNED : HELD_OUT, name -> new Score()).add(score);
      }
    }
    return table;
  }

  /** Prints the table of so many series of each family and shape. */
  public static void main(String[] args) {
    int series = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    long seed = args.length > 1 ? Long.parseLong(args[1]) : 1;
    System.out.println("seed " + seed);
    run(SHAPES, series, seed)
        .forEach((name, score) -> System.out.printf("%-28s %s%n", name, score));
  }
}
