package io.inframetrics.integration.athena;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricUnit;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the saved queries must answer, calculated from the records and without SQL. */
final class ExpectedAnswers {

  private final List<Metric> records;
  private final Instant now;

  private ExpectedAnswers(List<Metric> records, Instant now) {
    this.records = records;
    this.now = now;
  }

  static Map<String, List<String>> of(List<Metric> records, Instant now) {
    ExpectedAnswers expected = new ExpectedAnswers(records, now);
    Map<String, List<String>> answers = new TreeMap<>();
    answers.put("Daily summary", expected.daily());
    answers.put("High utilization", expected.high());
    answers.put("Hourly trend", expected.hourly());
    answers.put("Latest", expected.latest());
    answers.put("Summary by instance", expected.byInstance());
    return answers;
  }

  private List<String> daily() {
    return grouped(
        since(startOfDay(now).minus(Duration.ofDays(7))),
        metric -> List.of(startOfDay(metric.timestamp()), metric.series().type(), metric.unit()),
        group ->
            row(
                LocalDate.ofInstant(group.get(0).timestamp(), ZoneOffset.UTC),
                group.get(0).series().type().name(),
                group.get(0).unit().wireName(),
                group.size(),
                group.stream().map(metric -> metric.series().instanceId()).distinct().count(),
                values(group)[0],
                average(group),
                max(group),
                values(group)[(int) Math.ceil(0.95 * group.size()) - 1]));
  }

  private List<String> high() {
    return since(now.minus(Duration.ofDays(1))).stream()
        .filter(metric -> metric.unit() == MetricUnit.PERCENT && metric.value() > 80)
        .sorted(Comparator.comparingDouble(Metric::value).reversed())
        .limit(1_000)
        .map(
            metric ->
                row(
                    dateTime(metric.timestamp()),
                    metric.series().type().name(),
                    metric.series().instanceId(),
                    dimensions(metric),
                    metric.region(),
                    metric.value()))
        .sorted()
        .toList();
  }

  private List<String> hourly() {
    return grouped(
        since(now.minus(Duration.ofDays(2))),
        metric ->
            List.of(
                metric.timestamp().truncatedTo(ChronoUnit.HOURS),
                metric.series().type(),
                metric.unit()),
        group ->
            row(
                dateTime(group.get(0).timestamp().truncatedTo(ChronoUnit.HOURS)),
                group.get(0).series().type().name(),
                group.get(0).unit().wireName(),
                group.size(),
                average(group),
                max(group)));
  }

  private List<String> byInstance() {
    return grouped(
        since(startOfDay(now).minus(Duration.ofDays(7))),
        metric -> List.of(metric.series(), metric.unit()),
        group -> {
          Metric newest = newest(group);
          return row(
              newest.series().instanceId(),
              newest.region(),
              newest.series().type().name(),
              dimensions(newest),
              newest.unit().wireName(),
              group.size(),
              average(group),
              max(group),
              newest.value(),
              dateTime(newest.timestamp()));
        });
  }

  private List<String> latest() {
    return grouped(
        since(now.minus(Duration.ofDays(1))),
        Metric::series,
        group -> {
          Metric newest = newest(group);
          return row(
              newest.series().type().name(),
              newest.series().instanceId(),
              dimensions(newest),
              newest.region(),
              newest.value(),
              newest.unit().wireName(),
              dateTime(newest.timestamp()),
              newest.id());
        });
  }

  private List<Metric> since(Instant start) {
    return records.stream().filter(metric -> !metric.timestamp().isBefore(start)).toList();
  }

  private static List<String> grouped(
      List<Metric> metrics, Function<Metric, Object> key, Function<List<Metric>, String> row) {
    Collection<List<Metric>> groups = metrics.stream().collect(Collectors.groupingBy(key)).values();
    return groups.stream().map(row).sorted().toList();
  }

  private static Metric newest(List<Metric> group) {
    return group.stream().max(Comparator.comparing(Metric::timestamp)).orElseThrow();
  }

  private static double[] values(List<Metric> group) {
    return group.stream().mapToDouble(Metric::value).sorted().toArray();
  }

  private static double max(List<Metric> group) {
    return values(group)[group.size() - 1];
  }

  private static double average(List<Metric> group) {
    return Arrays.stream(values(group)).average().orElseThrow();
  }

  private static @Nullable Object dimensions(Metric metric) {
    return metric.series().dimensions().isEmpty() ? null : metric.series().dimensions();
  }

  private static Instant startOfDay(Instant instant) {
    return instant.truncatedTo(ChronoUnit.DAYS);
  }

  private static LocalDateTime dateTime(Instant instant) {
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  private static String row(@Nullable Object... values) {
    return text(Arrays.asList(values));
  }

  /** A row as text; sums may differ in their last digits by the order of adding. */
  static String text(List<? extends @Nullable Object> row) {
    return row.stream().map(ExpectedAnswers::text).collect(Collectors.joining(" | "));
  }

  private static String text(@Nullable Object value) {
    if (value instanceof Double number) {
      return String.format(Locale.ROOT, "%.9e", number + 0.0);
    }
    if (value instanceof java.sql.Timestamp timestamp) {
      return timestamp.toLocalDateTime().toString();
    }
    return value instanceof Map<?, ?> map ? new TreeMap<>(map).toString() : String.valueOf(value);
  }
}
