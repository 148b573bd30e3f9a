package io.inframetrics.sink.dynamodb;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.SeriesId;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/**
 * Lists the series of each type by week: {@value #SHARDS} items per type and week hold, as sets of
 * strings, the series that had an observation in that week. Entries that this process knows to be
 * stored are not written again, so a run of known series writes nothing. Thread-safe.
 *
 * <p>An item has at most 400 KB, so {@value #SHARDS} of them hold some 115,000 series of 50 bytes
 * of id, unit and region; 3,200 if every id has the maximum length.
 */
final class SeriesIndex {

  /** Items of a type and week. */
  static final int SHARDS = 16;

  /**
   * So many new entries go into one item, where there is room: a file's batches with a hundred
   * series each would otherwise take sixteen updates each in the first run of a week.
   */
  private static final int TOGETHER = 400;

  /** Entries that this process remembers; beyond, it forgets the least recently used weeks. */
  static final int MAX_KNOWN = 250_000;

  private static final String PREFIX = "@series#";
  private static final String SERIES = "series";
  private static final String SEPARATOR = "\t";

  /** Bytes of entries in one update, which may have 1 MB. */
  private static final int MAX_UPDATE_BYTES = 300_000;

  /** How far observations may be ahead of the clock. */
  private static final Duration AHEAD = Duration.ofDays(1);

  private final Table table;
  private final Duration retention;
  private final Clock clock;

  /** The entries known to be stored, by week, the most recently used week last. */
  private final Map<TypeWeek, Set<String>> known = new LinkedHashMap<>(16, 0.75f, true);

  SeriesIndex(Table table, Duration retention, Clock clock) {
    this.table = table;
    this.retention = retention;
    this.clock = clock;
  }

  /** {@code monday} is the first day of the week, UTC. */
  private record TypeWeek(MetricType type, LocalDate monday) {

    static TypeWeek of(MetricType type, Instant instant) {
      LocalDate day = LocalDate.ofInstant(instant, ZoneOffset.UTC);
      return new TypeWeek(type, day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)));
    }

    Key shard(int shard) {
      return new Key(PREFIX + type.name() + "#" + shard, monday.toString());
    }

    List<Key> shards() {
      return IntStream.range(0, SHARDS).mapToObj(this::shard).toList();
    }
  }

  /**
   * Makes sure that the series of {@code newest} are listed.
   *
   * @param newest of each series
   * @return why a series cannot be listed, by its id; normally empty
   * @throws io.inframetrics.pipeline.RetryableFailureException if it could not be done now
   */
  synchronized Map<String, String> ensure(Collection<Metric> newest, Deadline deadline) {
    Map<String, String> refused = new ConcurrentHashMap<>();
    Map<TypeWeek, Set<String>> wanted = new LinkedHashMap<>();
    Instant expired = clock.instant().minus(retention);
    for (Metric metric : newest) {
      if (metric.timestamp().isAfter(expired)) {
        wanted
            .computeIfAbsent(
                TypeWeek.of(metric.series().type(), metric.timestamp()), week -> new HashSet<>())
            .add(entry(metric));
      }
    }
    wanted.forEach((week, entries) -> ensure(week, entries, refused, deadline));
    return refused;
  }

  private void ensure(
      TypeWeek week, Set<String> wanted, Map<String, String> refused, Deadline deadline) {
    Set<String> stored = stored(week, deadline);
    List<String> missing =
        wanted.stream().filter(entry -> !stored.contains(entry)).sorted().toList();
    if (missing.isEmpty()) {
      return;
    }
    List<String> spread = missing;
    if (missing.size() > 1 && missing.size() <= TOGETHER) {
      int shard = shardOf(id(missing.get(0)));
      spread =
          add(week, new Addition(shard, missing), stored, deadline) == null ? List.of() : missing;
    }
    SortedMap<Integer, List<String>> byShard = new TreeMap<>();
    for (String entry : spread) {
      byShard.computeIfAbsent(shardOf(id(entry)), shard -> new ArrayList<>()).add(entry);
    }
    List<Addition> additions = new ArrayList<>();
    byShard.forEach(
        (shard, entries) ->
            inUpdates(entries).forEach(part -> additions.add(new Addition(shard, part))));
    table.inParallel(
        additions,
        addition -> {
          String reason = add(week, addition, stored, deadline);
          if (reason != null) {
            addition.entries().forEach(entry -> refused.put(id(entry), reason));
          }
        });
  }

  private Set<String> stored(TypeWeek week, Deadline deadline) {
    Set<String> stored = known.get(week);
    if (stored == null) {
      // Concurrent, since each update adds what it did, even when another one fails.
      stored = ConcurrentHashMap.newKeySet();
      // Eventually consistent: an entry that is not seen yet is written once more.
      for (Map<String, AttributeValue> item : table.get(week.shards(), false, deadline)) {
        stored.addAll(Attributes.texts(item, SERIES));
      }
      remember(week, stored);
    }
    return stored;
  }

  private record Addition(int shard, List<String> entries) {}

  /** Adds entries to the stored ones; returns why not if there is no room for them. */
  private @Nullable String add(
      TypeWeek week, Addition addition, Set<String> stored, Deadline deadline) {
    Instant end = week.monday().plusWeeks(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    try {
      table.update(
          week.shard(addition.shard()),
          update ->
              update
                  .updateExpression("ADD #series :entries SET #ttl = :ttl")
                  .expressionAttributeNames(Map.of("#series", SERIES, "#ttl", Attributes.TTL))
                  .expressionAttributeValues(
                      Map.of(
                          ":entries",
                          AttributeValue.fromSs(addition.entries()),
                          ":ttl",
                          Attributes.number(end.plus(retention).getEpochSecond()))),
          deadline);
      stored.addAll(addition.entries());
      return null;
    } catch (DynamoDbException e) {
      return ("the records are stored, but the series is not listed: type '%s' has too many series in"
              + " the week of %s: %s")
          .formatted(week.type(), week.monday(), Table.message(e));
    }
  }

  private void remember(TypeWeek week, Set<String> entries) {
    known.put(week, entries);
    int total = known.values().stream().mapToInt(Set::size).sum();
    var oldestFirst = known.entrySet().iterator();
    while (total > MAX_KNOWN && known.size() > 1) {
      total -= oldestFirst.next().getValue().size();
      oldestFirst.remove();
    }
  }

  /** The series listed from the week of {@code since} to tomorrow's week, sorted by id. */
  List<KnownSeries> series(MetricType type, Instant since, Deadline deadline) {
    Instant now = clock.instant();
    Instant expired = now.minus(retention);
    Instant last = now.plus(AHEAD);
    List<Key> keys = new ArrayList<>();
    TypeWeek week = TypeWeek.of(type, since.isBefore(expired) ? expired : since);
    LocalDate end = TypeWeek.of(type, last).monday();
    while (!week.monday().isAfter(end)) {
      keys.addAll(week.shards());
      week = new TypeWeek(type, week.monday().plusWeeks(1));
    }
    List<Map<String, AttributeValue>> items =
        table.get(keys, false, deadline).stream()
            .filter(item -> !Attributes.isExpired(item, now))
            // The latest week decides on a series' unit and region.
            .sorted((a, b) -> Key.of(a).sort().compareTo(Key.of(b).sort()))
            .toList();
    SortedMap<String, KnownSeries> series = new TreeMap<>();
    for (Map<String, AttributeValue> item : items) {
      Attributes.texts(item, SERIES).stream()
          .sorted()
          .forEach(entry -> series.put(id(entry), parse(entry)));
    }
    return List.copyOf(series.values());
  }

  private static String entry(Metric metric) {
    return String.join(SEPARATOR, metric.series().id(), metric.unit().wireName(), metric.region());
  }

  private static String id(String entry) {
    return entry.substring(0, entry.indexOf(SEPARATOR));
  }

  private static KnownSeries parse(String entry) {
    String[] parts = entry.split(SEPARATOR, 3);
    MetricUnit unit =
        MetricUnit.ofWireName(parts[1])
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "the series index names unit '%s', which this program does not know: use a newer release"
                            .formatted(parts[1])));
    return new KnownSeries(SeriesId.parse(parts[0]), unit, parts[2]);
  }

  /** The shard of a series, or of those that come with it: the same on every machine. */
  static int shardOf(String seriesId) {
    CRC32 crc = new CRC32();
    crc.update(seriesId.getBytes(StandardCharsets.UTF_8));
    return (int) (crc.getValue() % SHARDS);
  }

  private static List<List<String>> inUpdates(List<String> entries) {
    List<List<String>> parts = new ArrayList<>();
    int bytes = MAX_UPDATE_BYTES;
    for (String entry : entries) {
      int length = SeriesId.utf8Length(entry);
      if (bytes + length > MAX_UPDATE_BYTES) {
        parts.add(new ArrayList<>());
        bytes = 0;
      }
      parts.get(parts.size() - 1).add(entry);
      bytes += length;
    }
    return parts;
  }
}
