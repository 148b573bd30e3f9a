package io.inframetrics.testkit;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricRecordSink.Batch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Metrics for tests: the same in every test, so that expected texts can be pinned. */
public final class SampleMetrics {

  /** A run: id {@code run-1}, observing 2026-02-19T11:27:43Z, epoch second 1771500463. */
  public static final CollectionRun RUN =
      new CollectionRun("run-1", Instant.parse("2026-02-19T11:27:43Z"));

  /** Another run that observes the same instant, and so competes for the same keys. */
  public static final CollectionRun RIVAL_RUN = new CollectionRun("run-2", RUN.observedAt());

  /** How much time a run covers on its ordinary schedule. */
  public static final Duration PERIOD = Duration.ofHours(3);

  /** The start of {@link #RUN}'s window, exclusive. */
  public static final Instant WINDOW_START = RUN.observedAt().minus(PERIOD);

  public static final String REGION = "eu-west-1";

  public static final Metric EXAMPLE =
      metric(MetricType.CPU_UTILIZATION, "i-0abc", RUN.observedAt(), 37.66);

  /** {@link #EXAMPLE} as a line of a raw file, without the line break. */
  public static final String EXAMPLE_LINE =
      "{\"metric_id\":\"cpu_utilization#i-0abc#1771500463\",\"metric_type\":\"cpu_utilization\","
          + "\"timestamp\":1771500463,\"value\":37.66,\"unit\":\"Percent\","
          + "\"instance_id\":\"i-0abc\",\"region\":\"eu-west-1\",\"run_id\":\"run-1\","
          + "\"collected_at\":\"2026-02-19T11:27:43Z\"}";

  private static final int BATCH_SIZE = 1_000;

  private SampleMetrics() {}

  /** A metric of {@link #RUN}, of a series without dimensions and in the type's usual unit. */
  public static Metric metric(MetricType type, String instanceId, Instant timestamp, double value) {
    return metric(Series.of(type, instanceId), timestamp, value);
  }

  /** A metric of {@link #RUN} in the type's usual unit. */
  public static Metric metric(Series series, Instant timestamp, double value) {
    return new Metric(series, timestamp, value, unitOf(series.type()), REGION, RUN);
  }

  public static Metric observedBy(CollectionRun run, Metric metric) {
    return new Metric(
        metric.series(), metric.timestamp(), metric.value(), metric.unit(), metric.region(), run);
  }

  /** The unit of a built-in type, and {@link MetricUnit#NONE} of any other. */
  public static MetricUnit unitOf(MetricType type) {
    if (type.equals(MetricType.NETWORK_TRAFFIC)) {
      return MetricUnit.MEGABITS_PER_SECOND;
    }
    return MetricType.builtIn().contains(type) ? MetricUnit.PERCENT : MetricUnit.NONE;
  }

  /**
   * One observation at {@link #RUN}'s instant of each built-in type of one instance; disk and
   * network have a dimension.
   */
  public static List<Metric> oneOfEachType() {
    Instant now = RUN.observedAt();
    return List.of(
        EXAMPLE,
        metric(MetricType.MEMORY_USAGE, "i-0abc", now, 61.5),
        metric(Series.of(MetricType.DISK_USAGE, "i-0abc", Map.of("device", "/")), now, 82.25),
        metric(
            Series.of(MetricType.NETWORK_TRAFFIC, "i-0abc", Map.of("interface", "eth0")),
            now,
            12.125));
  }

  /**
   * A fleet's window: {@code points} observations of each of {@code instances} instances, evenly
   * spaced up to {@link #RUN}'s instant, grouped by series, oldest first.
   */
  public static List<Metric> fleet(MetricType type, int instances, int points) {
    List<Metric> metrics = new ArrayList<>(instances * points);
    Duration spacing = PERIOD.dividedBy(points);
    for (int instance = 0; instance < instances; instance++) {
      Series series = Series.of(type, "i-%05d".formatted(instance));
      for (int point = 0; point < points; point++) {
        Instant timestamp = RUN.observedAt().minus(spacing.multipliedBy(points - 1L - point));
        metrics.add(metric(series, timestamp, (instance * 7 + point * 3) % 1000 / 10.0));
      }
    }
    return metrics;
  }

  /**
   * Series whose names hold every character that some store treats as special: the separators of
   * ids, spaces, quotes, path and pattern characters, and letters beyond ASCII and beyond the basic
   * plane. All ids differ.
   */
  public static List<Series> awkwardSeries() {
    MetricType type = MetricType.DISK_USAGE;
    return List.of(
        Series.of(type, "a%b"),
        Series.of(type, "a%25b"),
        Series.of(type, "a#b"),
        Series.of(type, "a", Map.of("b", "c")),
        Series.of(type, "a,b=c"),
        Series.of(type, "a", Map.of("k", "v,w=x")),
        Series.of(type, "a", Map.of("k", "v", "w", "x")),
        Series.of(type, "a", Map.of("k=v", "#%,=")),
        Series.of(type, "with space", Map.of("mount point", "/var/lib data")),
        Series.of(type, "plus+plus"),
        Series.of(type, "quote'\"`;--"),
        Series.of(type, "back\\slash", Map.of("drive", "C:\\")),
        Series.of(type, "../..", Map.of("pattern", "*?_$[a]")),
        Series.of(type, "Grüße-東京", Map.of("größe", "naïve")),
        Series.of(type, "\uD83D\uDE80-rocket"),
        Series.of(type, "e\u0301-combined"),
        Series.of(type, "\u00e9-combined"),
        Series.of(type, "UPPER"),
        Series.of(type, "upper"),
        Series.of(type, "null"),
        Series.of(type, "{}"));
  }

  /** One observation of each of {@link #awkwardSeries}, each with a different value. */
  public static List<Metric> awkward() {
    List<Series> series = awkwardSeries();
    return IntStream.range(0, series.size())
        .mapToObj(i -> metric(series.get(i), RUN.observedAt(), i + 0.5))
        .toList();
  }

  /** The metrics as batches of 1,000 of {@link #RUN}'s window, written for the first time. */
  public static List<Batch> batches(List<Metric> metrics) {
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < metrics.size(); from += BATCH_SIZE) {
      int to = Math.min(metrics.size(), from + BATCH_SIZE);
      batches.add(new Batch(WINDOW_START, metrics.subList(from, to), false));
    }
    return batches;
  }

  /** The metrics as one batch of {@link #RUN}'s window, written for the first time. */
  public static Batch batch(Metric... metrics) {
    return new Batch(WINDOW_START, List.of(metrics), false);
  }
}
