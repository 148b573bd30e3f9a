package io.inframetrics.sink.dynamodb;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
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
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Stores and reads metrics, in one item for each series and run window. */
final class DynamoDbMetricRecords implements MetricRecordSink, MetricHistory {

  /**
   * Items to read per page beyond one for each requested point: items that start up to a day before
   * the oldest point must be read too, and an hourly run makes 24 of them.
   */
  private static final int MARGIN = 32;

  /** Most items of a page; 1 MB has fewer. */
  private static final int MAX_PAGE = 10_000;

  /** Sorts after the '#' that follows the time in a sort key, so it ends a range of times. */
  private static final String AFTER = "$";

  private static final Instant FIRST_YEAR = Instant.parse("0002-01-01T00:00:00Z");
  private static final Instant LAST_YEAR = Instant.parse("9999-01-01T00:00:00Z");

  private final Table table;
  private final SeriesIndex index;
  private final Duration retention;
  private final Clock clock;

  DynamoDbMetricRecords(Table table, SeriesIndex index, Duration retention, Clock clock) {
    this.table = table;
    this.index = index;
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
      } else if (stored.contains(item.key())) {
        duplicate += item.metrics().size();
      } else {
        written += item.metrics().size();
      }
    }
    return new WriteResult(written, duplicate, rejected, retryable);
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
    NavigableMap<Instant, Metric> newest = new TreeMap<>(Collections.reverseOrder());
    table.query(
        query ->
            query
                .keyConditionExpression("#partition = :series AND #sort BETWEEN :first AND :last")
                .expressionAttributeNames(
                    Map.of("#partition", Attributes.PARTITION, "#sort", Attributes.SORT))
                .expressionAttributeValues(
                    Map.of(
                        ":series", Attributes.text(series.id()),
                        ":first",
                            Attributes.text(RecordItem.startText(first.minus(RecordItem.MAX_SPAN))),
                        ":last", Attributes.text(RecordItem.startText(last) + AFTER)))
                .scanIndexForward(false)
                .limit(Math.min(limit, MAX_PAGE) + MARGIN),
        page -> {
          page.forEach(item -> merge(series, item, first, last, newest));
          return page.isEmpty() || mayBeBeaten(page.get(page.size() - 1), newest, limit);
        },
        deadline);
    List<Point> points =
        newest.values().stream()
            .limit(limit)
            .map(metric -> new Point(metric.timestamp().getEpochSecond(), metric.value()))
            .collect(Collectors.toList());
    Collections.reverse(points);
    return points;
  }

  private static void merge(
      Series series,
      Map<String, AttributeValue> item,
      Instant first,
      Instant last,
      NavigableMap<Instant, Metric> newest) {
    String unit = Attributes.text(item, "unit");
    MetricUnit known = MetricUnit.ofWireName(unit).orElse(MetricUnit.NONE);
    String region = Attributes.text(item, "region");
    var run = RecordItem.run(item);
    for (Point point : PackedPoints.unpack(Attributes.bytes(item, RecordItem.POINTS))) {
      Instant at = Instant.ofEpochSecond(point.epochSecond());
      if (!at.isBefore(first) && !at.isAfter(last)) {
        newest.merge(
            at,
            new Metric(series, at, point.value(), known, region, run),
            BinaryOperator.maxBy(Metric.PRECEDENCE));
      }
    }
  }

  /** Whether items that start no later than {@code lastRead} may change the result. */
  private static boolean mayBeBeaten(
      Map<String, AttributeValue> lastRead, NavigableMap<Instant, Metric> newest, int limit) {
    if (newest.size() < limit) {
      return true;
    }
    Instant oldestOfAnswer = newest.keySet().stream().skip(limit - 1L).findFirst().orElseThrow();
    Instant start = RecordItem.start(Key.of(lastRead).sort());
    return !start.plus(RecordItem.MAX_SPAN).isBefore(oldestOfAnswer);
  }
}
