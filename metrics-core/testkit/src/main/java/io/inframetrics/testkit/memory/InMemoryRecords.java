package io.inframetrics.testkit.memory;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Records in memory; they never expire. Thread-safe. */
public final class InMemoryRecords implements MetricRecordSink, MetricHistory {

  private final SortedMap<Series, NavigableMap<Long, Metric>> bySeries = new TreeMap<>();
  private final Refusals rejected = new Refusals();
  private final Refusals retryable = new Refusals();
  private final Faults faults;

  public InMemoryRecords() {
    this(new Faults());
  }

  public InMemoryRecords(Faults faults) {
    this.faults = faults;
  }

  /** Rejects the metrics of {@code which} from now on, for {@code reason}. */
  public void reject(Predicate<Metric> which, String reason) {
    rejected.add(which, Integer.MAX_VALUE, reason);
  }

  /** Reports metrics of {@code which} as retryable, {@code times} times in all. */
  public void retryLater(Predicate<Metric> which, int times, String reason) {
    retryable.add(which, times, reason);
  }

  @Override
  public WriteResult write(Batch batch, Deadline deadline) {
    return faults.around(Operation.RECORDS_WRITE, () -> store(batch));
  }

  private synchronized WriteResult store(Batch batch) {
    long written = 0;
    long duplicate = 0;
    List<Failed> refused = new ArrayList<>();
    List<Failed> later = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Metric metric : batch.metrics()) {
      Failed rejection = rejected.refusal(metric);
      Failed delay = rejection == null ? retryable.refusal(metric) : null;
      if (rejection != null) {
        refused.add(rejection);
      } else if (delay != null) {
        later.add(delay);
      } else {
        boolean repeated = !seen.add(metric.id());
        boolean changed = put(metric);
        if (changed && !repeated) {
          written++;
        } else {
          duplicate++;
        }
      }
    }
    return new WriteResult(written, duplicate, refused, later);
  }

  private boolean put(Metric metric) {
    NavigableMap<Long, Metric> points =
        bySeries.computeIfAbsent(metric.series(), series -> new TreeMap<>());
    long second = metric.timestamp().getEpochSecond();
    Metric before = points.get(second);
    if (before != null && Metric.PRECEDENCE.compare(before, metric) >= 0) {
      return false;
    }
    points.put(second, metric);
    return true;
  }

  @Override
  public List<KnownSeries> series(MetricType type, Instant since, Deadline deadline) {
    return faults.around(Operation.HISTORY_SERIES, () -> seriesSince(type, since));
  }

  private synchronized List<KnownSeries> seriesSince(MetricType type, Instant since) {
    return bySeries.values().stream()
        .map(points -> points.lastEntry().getValue())
        .filter(newest -> newest.series().type().equals(type))
        .filter(newest -> !newest.timestamp().isBefore(since))
        .map(newest -> new KnownSeries(newest.series(), newest.unit(), newest.region()))
        .toList();
  }

  @Override
  public List<Point> points(Series series, Instant from, Instant to, int limit, Deadline deadline) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit of points is %d: use 1 or more".formatted(limit));
    }
    return faults.around(
        Operation.HISTORY_POINTS,
        () -> {
          List<Point> points =
              metrics(series).stream()
                  .filter(m -> !m.timestamp().isBefore(from) && !m.timestamp().isAfter(to))
                  .map(m -> new Point(m.timestamp().getEpochSecond(), m.value()))
                  .toList();
          return List.copyOf(points.subList(Math.max(0, points.size() - limit), points.size()));
        });
  }

  /** All stored metrics, by series id and then by time. */
  public synchronized List<Metric> metrics() {
    return bySeries.values().stream().flatMap(points -> points.values().stream()).toList();
  }

  /** A series' stored metrics, oldest first. */
  public synchronized List<Metric> metrics(Series series) {
    NavigableMap<Long, Metric> points = bySeries.get(series);
    return points == null ? List.of() : List.copyOf(points.values());
  }
}
