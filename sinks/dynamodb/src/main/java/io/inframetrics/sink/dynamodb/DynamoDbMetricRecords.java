package io.inframetrics.sink.dynamodb;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Stores and reads metrics, in one item for each series and run window. Of frequent runs it packs
 * the points of several items into one, from which they are read: see {@link PointPacking}.
 */
final class DynamoDbMetricRecords implements MetricRecordSink, MetricHistory {

  private static final Instant FIRST_YEAR = Instant.parse("0002-01-01T00:00:00Z");
  private static final Instant LAST_YEAR = Instant.parse("9999-01-01T00:00:00Z");

  private final Table table;
  private final SeriesIndex index;
  private final PointPacking packing;
  private final Duration retention;
  private final Clock clock;

  DynamoDbMetricRecords(Table table, SeriesIndex index, Duration retention, Clock clock) {
    this.table = table;
    this.index = index;
    this.packing = new PointPacking(table, retention, clock);
    this.retention = retention;
    this.clock = clock;
  }

  @Override
  public WriteResult write(Batch batch, Deadline deadline) {
    RecordItems packed = RecordItems.of(batch.windowStart(), batch.metrics());
    WriteResult aside = new WriteResult(0, packed.repeated(), packed.rejected(), List.of());
    if (packed.items().isEmpty()) {
      return aside;
    }
    Map<String, String> unlisted;
    Set<Key> stored;
    try {
      // First, so that no record is stored whose series is not listed.
      unlisted = index.ensure(newest(packed.items()), deadline);
      List<Key> keys = packed.items().stream().map(RecordItem::key).toList();
      stored = batch.mayBeStored() ? Set.copyOf(table.existing(keys, deadline)) : Set.of();
    } catch (RetryableFailureException e) {
      String reason = String.valueOf(e.getMessage());
      return aside.plus(new WriteResult(0, 0, List.of(), failed(packed.items(), reason)));
    }
    return aside.plus(write(packed.items(), stored, unlisted, deadline));
  }

  private WriteResult write(
      List<RecordItem> items, Set<Key> stored, Map<String, String> unlisted, Deadline deadline) {
    List<WriteRequest> requests =
        items.stream()
            .filter(item -> !stored.contains(item.key()))
            .map(item -> Table.putRequest(item.attributes(retention)))
            .toList();
    Map<Key, Table.Refusal> refusals = new HashMap<>();
    for (Table.Refusal refusal : table.write(requests, deadline)) {
      refusals.put(Key.of(refusal.request().putRequest().item()), refusal);
    }
    String notMarked = notMarked(items, refusals, deadline);
    long written = 0;
    long duplicate = 0;
    List<Failed> rejected = new ArrayList<>();
    List<Failed> retryable = new ArrayList<>();
    for (RecordItem item : items) {
      Table.Refusal refusal = refusals.get(item.key());
      String notListed = unlisted.get(item.key().partition());
      if (refusal != null) {
        (refusal.mayHeal() ? retryable : rejected).addAll(failed(List.of(item), refusal.reason()));
      } else if (notListed != null) {
        rejected.addAll(failed(List.of(item), notListed));
      } else if (notMarked != null) {
        retryable.addAll(failed(List.of(item), notMarked));
      } else if (stored.contains(item.key())) {
        duplicate += item.metrics().size();
      } else {
        written += item.metrics().size();
      }
    }
    if (notMarked == null) {
      packing.pack(
          items.stream()
              .filter(item -> !stored.contains(item.key()) && !refusals.containsKey(item.key()))
              .toList(),
          deadline);
    }
    return new WriteResult(written, duplicate, rejected, retryable);
  }

  /** Why readers may not see the items that are stored now; normally null. */
  private @Nullable String notMarked(
      List<RecordItem> items, Map<Key, Table.Refusal> refusals, Deadline deadline) {
    try {
      packing.markLate(
          items.stream().filter(item -> !refusals.containsKey(item.key())).toList(), deadline);
      return null;
    } catch (RetryableFailureException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** The newest metric of each item: items of one series may lie in two weeks. */
  private static List<Metric> newest(List<RecordItem> items) {
    return items.stream().map(item -> item.metrics().get(item.metrics().size() - 1)).toList();
  }

  private static List<Failed> failed(List<RecordItem> items, String reason) {
    return items.stream()
        .flatMap(item -> item.metrics().stream())
        .map(metric -> new Failed(metric.id(), reason))
        .toList();
  }

  @Override
  public List<KnownSeries> series(MetricType type, Instant since, Deadline deadline) {
    return index.series(type, since, deadline);
  }

  @Override
  public List<Point> points(Series series, Instant from, Instant to, int limit, Deadline deadline) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit of points is %d: use 1 or more".formatted(limit));
    }
    Instant kept = clock.instant().minus(retention).plusSeconds(1);
    Instant first = Collections.max(List.of(from, kept, FIRST_YEAR));
    Instant last = Collections.min(List.of(to, LAST_YEAR));
    if (first.isAfter(last)) {
      return List.of();
    }
    return new SeriesReader(table, series.id(), first, last, limit, clock.instant(), deadline)
        .read(packing.isPacked(series.type(), deadline));
  }
}
