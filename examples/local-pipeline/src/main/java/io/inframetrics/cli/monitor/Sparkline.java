package io.inframetrics.cli.monitor;

import io.inframetrics.metric.Point;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** How a series went lately, as a line of blocks, and whether a command shows it. */
public final class Sparkline {

  /** Characters of a line. */
  public static final int WIDTH = 24;

  private static final String BLOCKS = "▁▂▃▄▅▆▇█";

  /** A smaller part of the largest value is a level line, not ups and downs. */
  private static final double LEVEL = 0.01;

  /** In the order in which they count. */
  private static final List<String> LOCALES = List.of("LC_ALL", "LC_CTYPE", "LANG");

  @Option(
      names = "--sparklines",
      paramLabel = "auto|always|never",
      defaultValue = "auto",
      description =
          "shows how each series went as a line of blocks; auto, the default, does so on a terminal"
              + " with UTF-8")
  private When when = When.auto;

  enum When {
    auto,
    always,
    never
  }

  /** Whether to show lines; {@code terminal} says whether a person reads along. */
  public boolean shown(Map<String, String> environment, boolean terminal) {
    return switch (when) {
      case always -> true;
      case never -> false;
      case auto -> terminal && hasUtf8(environment);
    };
  }

  private static boolean hasUtf8(Map<String, String> environment) {
    return LOCALES.stream()
            .map(name -> environment.getOrDefault(name, ""))
            .filter(value -> !value.isEmpty())
            .findFirst()
            .map(value -> value.toLowerCase(Locale.ROOT).replace("-", "").contains("utf8"))
            .orElse(false)
        || environment.containsKey("WT_SESSION"); // Windows' own terminal, where no locale says it.
  }

  /**
   * The newest points, the newest on the right; a gap is a space.
   *
   * @param points in the order of time
   */
  public static String of(List<Point> points) {
    if (points.isEmpty()) {
      return "";
    }
    long step = usualGap(points);
    double[] values = new double[WIDTH];
    Arrays.fill(values, Double.NaN);
    long at = WIDTH - 1;
    for (int i = points.size() - 1; at >= 0; i--) {
      values[(int) at] = points.get(i).value();
      if (i == 0) {
        break;
      }
      // From point to point: those that are a little early or late must not add up to a gap.
      long gap = points.get(i).epochSecond() - points.get(i - 1).epochSecond();
      at -= Math.max(1, Math.round((double) gap / step));
    }
    return of(values);
  }

  private static long usualGap(List<Point> points) {
    long[] gaps =
        IntStream.range(1, points.size())
            .mapToLong(i -> points.get(i).epochSecond() - points.get(i - 1).epochSecond())
            .sorted()
            .toArray();
    return gaps.length == 0 ? 1 : Math.max(1, gaps[(gaps.length - 1) / 2]);
  }

  /** Values of equal distance; NaN is a gap. Spaces on the left are left out. */
  static String of(double[] values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      if (!Double.isNaN(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    double range = Math.max(high - low, LEVEL * Math.max(Math.abs(low), Math.abs(high)));
    StringBuilder line = new StringBuilder();
    for (double value : values) {
      if (Double.isNaN(value)) {
        line.append(' ');
      } else {
        double share = range > 0 ? (value - low) / range : 0;
        line.append(BLOCKS.charAt((int) Math.round(share * (BLOCKS.length() - 1))));
      }
    }
    return line.toString().stripLeading();
  }
}
