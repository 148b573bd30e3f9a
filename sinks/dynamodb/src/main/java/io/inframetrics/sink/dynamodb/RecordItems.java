package io.inframetrics.sink.dynamodb;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.WriteResult.Failed;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The items of a batch, and its metrics that no item can hold.
 *
 * @param items each with its own key
 * @param repeated metrics that another one of the batch replaces
 */
record RecordItems(List<RecordItem> items, long repeated, List<Failed> rejected) {

  /**
   * The smallest magnitude of a number other than zero.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number">Number</a>
   */
  static final double MIN_MAGNITUDE = 1e-130;

  /** The magnitude of a number must be below this. */
  static final double MAGNITUDE_END = 1e126;

  /** Sort keys have a year of four digits. */
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9998-12-31T00:00:00Z");

  /** Metrics that agree in all of these share an item. */
  private record Group(Series series, CollectionRun run, MetricUnit unit, String region) {}

  static RecordItems of(Instant windowStart, List<Metric> metrics) {
    List<Failed> rejected = new ArrayList<>();
    Map<Group, NavigableMap<Instant, Metric>> groups = new LinkedHashMap<>();
    for (Metric metric : metrics) {
      String reason = mistake(metric);
      if (reason != null) {
        rejected.add(new Failed(metric.id(), reason));
        continue;
      }
      groups
          .computeIfAbsent(
              new Group(metric.series(), metric.run(), metric.unit(), metric.region()),
              group -> new TreeMap<>())
          .merge(metric.timestamp(), metric, BinaryOperator.maxBy(Metric.PRECEDENCE));
    }
    long kept = groups.values().stream().mapToLong(Map::size).sum();
    long repeated = metrics.size() - rejected.size() - kept;
    Instant start = windowStart.truncatedTo(ChronoUnit.SECONDS);
    List<RecordItem> items = new ArrayList<>();
    groups.values().forEach(points -> cut(start, List.copyOf(points.values()), items));
    return new RecordItems(items, repeated, rejected);
  }

  private static @Nullable String mistake(Metric metric) {
    double magnitude = Math.abs(metric.value());
    if (magnitude != 0 && (magnitude < MIN_MAGNITUDE || magnitude >= MAGNITUDE_END)) {
      return "value %s does not fit into a DynamoDB number: use 0, or a magnitude from 1E-130 to below 1E+126"
          .formatted(metric.value());
    }
    if (!isUnicode(metric.series().id())) {
      return "series id '" + metric.series() + "' is not valid Unicode";
    }
    if (!isUnicode(metric.region())) {
      return "region '" + metric.region() + "' is not valid Unicode";
    }
    if (metric.timestamp().isBefore(FIRST) || metric.timestamp().isAfter(LAST)) {
      return "timestamp %s is out of range: use the years 1 to 9998".formatted(metric.timestamp());
    }
    return null;
  }

  /** Whether surrogates stand in pairs. An encoder tells the same, but in ten times the time. */
  private static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** Splits the points of a group so that each item's lie within a day after its start. */
  private static void cut(Instant windowStart, List<Metric> points, List<RecordItem> items) {
    int from = 0;
    while (from < points.size()) {
      Instant first = points.get(from).timestamp();
      boolean inWindow =
          first.isAfter(windowStart) && !first.minus(RecordItem.MAX_SPAN).isAfter(windowStart);
      Instant start = inWindow ? windowStart : first.minusSeconds(1);
      Instant end = start.plus(RecordItem.MAX_SPAN);
      int to = from;
      while (to < points.size()
          && to - from < RecordItem.MAX_POINTS
          && !points.get(to).timestamp().isAfter(end)) {
        to++;
      }
      items.add(RecordItem.of(start, points.subList(from, to)));
      from = to;
    }
  }
}
