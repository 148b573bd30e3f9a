package io.inframetrics.sink.dynamodb;

import io.inframetrics.aws.AwsCallRefusedException;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Packs the points of frequent runs into {@link PackedCell}s, and marks the cells for which items
 * come too late. Thread-safe.
 *
 * <p>Who packs says so first: the type may be packed until then, and the series may be. Then it
 * reads the items, consistently, and writes the cell. Who writes items reads afterwards,
 * consistently, how far the type and the series may be packed, and marks the cells of items that
 * start earlier as changed. So either who packs sees the item, or who writes it sees that it may
 * not have been seen. Whatever dies half-way leaves nothing behind that is wrong: a cell is not
 * valid if its series was marked after the state that it was packed from, and a write that has not
 * marked what it must has not returned, so it is repeated.
 */
final class PointPacking {

  private static final Logger LOG = LoggerFactory.getLogger(PointPacking.class);

  /** How much later than others of its run an item may come and still be in time to be packed. */
  private static final Duration SLACK = Duration.ofMinutes(15);

  /** Items for each write unit of a cell: packing costs at most a tenth of what runs cost. */
  private static final double ITEMS_A_WRITE_UNIT = 11.5;

  /** How often to pack: the first of these in which enough items come; cells end with each. */
  private static final List<Duration> PERIODS =
      List.of(
          Duration.ofMinutes(15),
          Duration.ofMinutes(30),
          Duration.ofHours(1),
          Duration.ofHours(2),
          Duration.ofHours(3),
          PackedCell.LENGTH);

  private static final double WRITE_UNIT_BYTES = 1_024;

  /** Cells that are packed again in one go, after items came too late for them. */
  private static final int REPAIRS = 6;

  /** How often to try to mark cells which others mark at the same time. */
  private static final int MAX_TRIES = 10;

  /** How long it is known that a type is not packed. */
  private static final Duration KNOWN = Duration.ofMinutes(5);

  /** How far observations may be ahead of the clock, and a cell's points of its expiry. */
  private static final Duration AHEAD = Duration.ofDays(2);

  /** How far ahead it is said that a series will be packed. */
  private static final Duration ANNOUNCED = Duration.ofDays(7);

  /** No item starts before. */
  private static final Instant FIRST_YEAR = Instant.parse("0001-01-01T00:00:00Z");

  private static final String PREFIX = "@packed#";

  private final Table table;
  private final Duration retention;
  private final Clock clock;
  private final Map<MetricType, TypeState> types = new ConcurrentHashMap<>();

  PointPacking(Table table, Duration retention, Clock clock) {
    this.table = table;
    this.retention = retention;
    this.clock = clock;
  }

  /**
   * Until when the series of a type may be packed, as it was {@code readAt}; never less later.
   *
   * @param until the epoch if they never were
   */
  private record TypeState(Instant until, Instant readAt) {

    boolean isPacked() {
      return until.isAfter(Instant.EPOCH);
    }
  }

  private static Key typeKey(MetricType type) {
    return new Key(PREFIX + type.name(), Key.ALONE);
  }

  /** Whether series of the type may have cells; it may be some minutes until this is known. */
  boolean isPacked(MetricType type, Deadline deadline) {
    TypeState known = types.get(type);
    Instant now = clock.instant();
    if (known == null || (!known.isPacked() && known.readAt().plus(KNOWN).isBefore(now))) {
      known = read(type, false, deadline);
    }
    return known.isPacked();
  }

  private TypeState read(MetricType type, boolean consistent, Deadline deadline) {
    Instant now = clock.instant();
    Instant until =
        table.get(List.of(typeKey(type)), consistent, deadline).stream()
            .map(item -> Instant.ofEpochSecond(Attributes.number(item, PackingState.UNTIL)))
            .findFirst()
            .orElse(Instant.EPOCH);
    return remember(type, until, now);
  }

  private TypeState remember(MetricType type, Instant until, Instant at) {
    return types.merge(
        type,
        new TypeState(until, at),
        (one, other) -> one.until().isAfter(other.until()) ? one : other);
  }

  /**
   * Marks the cells for which these items, which are stored now, may have come too late.
   *
   * @throws RetryableFailureException if that could not be done: the items must be written again
   */
  void markLate(Collection<RecordItem> stored, Deadline deadline) {
    Map<MetricType, List<RecordItem>> byType =
        stored.stream().collect(Collectors.groupingBy(item -> newest(item).series().type()));
    Map<String, List<RecordItem>> late = new LinkedHashMap<>();
    byType.forEach(
        (type, items) -> {
          Instant until = read(type, true, deadline).until();
          items.stream()
              .filter(item -> start(item).isBefore(until))
              .forEach(
                  item ->
                      late.computeIfAbsent(item.key().partition(), id -> new ArrayList<>())
                          .add(item));
        });
    Map<String, PackingState> states = states(late.keySet(), deadline);
    Map<String, Set<Instant>> changed = new LinkedHashMap<>();
    late.forEach(
        (series, items) -> {
          Instant until = states.getOrDefault(series, PackingState.NONE).until();
          Set<Instant> cells = cells(items, until);
          if (!cells.isEmpty()) {
            changed.put(series, cells);
          }
        });
    table.inParallel(
        List.copyOf(changed.entrySet()), one -> mark(one.getKey(), one.getValue(), deadline));
  }

  /** The cells for which items came too late, if they may have been packed until {@code until}. */
  private Set<Instant> cells(List<RecordItem> items, Instant until) {
    Set<Instant> cells = new TreeSet<>();
    for (RecordItem item : items) {
      if (start(item).isBefore(until)) {
        Instant last = newest(item).timestamp();
        Instant cell = PackedCell.startOf(start(item));
        for (; !cell.isAfter(last); cell = cell.plus(PackedCell.LENGTH)) {
          if (!cell.isBefore(forgotten())) {
            cells.add(cell);
          }
        }
      }
    }
    return cells;
  }

  /** No cell that starts before this is kept. */
  private Instant forgotten() {
    return PackedCell.startOf(clock.instant().minus(retention).minus(AHEAD));
  }

  private void mark(String series, Set<Instant> cells, Deadline deadline) {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      PackingState before =
          states(List.of(series), deadline).getOrDefault(series, PackingState.NONE);
      SortedMap<Instant, Long> changes = before.changed(cells, forgotten());
      boolean done =
          table.update(
              PackingState.key(series),
              update ->
                  update
                      .updateExpression("SET #writes = :next, #changes = :changes, #ttl = :ttl")
                      .conditionExpression("attribute_not_exists(#writes) OR #writes = :before")
                      .expressionAttributeNames(
                          Map.of(
                              "#writes", PackingState.WRITES,
                              "#changes", PackingState.CHANGES,
                              "#ttl", Attributes.TTL))
                      .expressionAttributeValues(
                          Map.of(
                              ":next", Attributes.number(before.writes() + 1),
                              ":before", Attributes.number(before.writes()),
                              ":changes", PackingState.stored(changes),
                              ":ttl", ttl(clock.instant()))),
              deadline);
      if (done) {
        return;
      }
    }
    throw new RetryableFailureException(
        "cells of '%s' were changed by others %d times at once".formatted(series, MAX_TRIES));
  }

  private AttributeValue ttl(Instant newest) {
    return Attributes.number(newest.plus(retention).plus(AHEAD).getEpochSecond());
  }

  private Map<String, PackingState> states(Collection<String> series, Deadline deadline) {
    List<Key> keys = series.stream().map(PackingState::key).toList();
    return table.get(keys, true, deadline).stream()
        .collect(Collectors.toMap(item -> Key.of(item).partition(), PackingState::of));
  }

  /**
   * Packs the series of which enough items were written since they were packed last. If that fails,
   * a later write does it. The series of a batch take turns, so that each run packs some.
   */
  void pack(Collection<RecordItem> written, Deadline deadline) {
    Map<String, Integer> turns = new TreeMap<>();
    written.forEach(item -> turns.put(item.key().partition(), 0));
    int turn = 0;
    for (Map.Entry<String, Integer> one : turns.entrySet()) {
      one.setValue(turn++);
    }
    Map<String, Due> due = new LinkedHashMap<>();
    for (RecordItem item : written) {
      end(item, turns.getOrDefault(item.key().partition(), 0))
          .ifPresent(
              end ->
                  due.merge(
                      item.key().partition(),
                      new Due(item, end),
                      (one, other) -> one.end().isAfter(other.end()) ? one : other));
    }
    if (due.isEmpty() || deadline.hasPassed()) {
      return;
    }
    try {
      pack(due, deadline);
    } catch (RetryableFailureException | AwsCallRefusedException e) {
      LOG.warn(
          "points of {} series were not packed: reading them costs more for now", due.size(), e);
    }
  }

  /** An item with which its series is to be packed, and until when. */
  private record Due(RecordItem item, Instant end) {}

  /**
   * Until when the series of an item is to be packed now; normally not at all.
   *
   * @param turn by how many runs later than others, as there are so many before it
   */
  private static Optional<Instant> end(RecordItem item, int turn) {
    Instant newest = newest(item).timestamp();
    Duration run = Duration.between(start(item), newest);
    double points =
        (double) item.metrics().size() * PackedCell.LENGTH.toSeconds() / run.toSeconds();
    double units =
        Math.ceil(PackedCell.estimatedBytes(item.key().partition(), points) / WRITE_UNIT_BYTES);
    double least = ITEMS_A_WRITE_UNIT * units * run.toSeconds();
    return PERIODS.stream()
        .filter(period -> period.toSeconds() >= least)
        .findFirst()
        .map(period -> end(item, period.toSeconds(), turn))
        .filter(end -> end.isAfter(Instant.EPOCH));
  }

  /** The epoch if the end does not lie in the window of this run. */
  private static Instant end(RecordItem item, long period, int turn) {
    Instant newest = newest(item).timestamp();
    long run = Math.max(1, Duration.between(start(item), newest).toSeconds());
    long later = turn % (period / run) * run;
    long in = newest.minus(SLACK).getEpochSecond() - later;
    long end = Math.floorDiv(in, period) * period;
    return end > in - run ? Instant.ofEpochSecond(end) : Instant.EPOCH;
  }

  private void pack(Map<String, Due> due, Deadline deadline) {
    Map<MetricType, Instant> ends = new HashMap<>();
    due.values()
        .forEach(
            one ->
                ends.merge(
                    newest(one.item()).series().type(), one.end(), (a, b) -> a.isAfter(b) ? a : b));
    ends.forEach((type, end) -> announce(type, end, deadline));
    Map<String, PackingState> states = states(due.keySet(), deadline);
    List<SeriesPacking> all = new ArrayList<>();
    due.forEach(
        (series, one) ->
            all.add(
                new SeriesPacking(
                    series,
                    newest(one.item()).series().type(),
                    one.end(),
                    states.getOrDefault(series, PackingState.NONE))));
    table.inParallel(
        all.stream().filter(one -> one.state.until().isBefore(one.end)).toList(),
        one -> announce(one, deadline));
    List<Key> keys = all.stream().flatMap(one -> one.keys().stream()).toList();
    Map<Key, Map<String, AttributeValue>> cells =
        table.get(keys, true, deadline).stream()
            .collect(Collectors.toMap(Key::of, Function.identity()));
    all.forEach(one -> one.take(cells));
    table.inParallel(all, one -> one.pack(deadline));
    List<WriteRequest> puts = all.stream().flatMap(one -> one.puts.stream()).toList();
    List<Table.Refusal> refusals = table.write(puts, deadline);
    if (!refusals.isEmpty()) {
      throw new RetryableFailureException(
          "%d of %d cells were not written: %s"
              .formatted(refusals.size(), puts.size(), refusals.get(0).reason()));
    }
  }

  private void announce(MetricType type, Instant end, Deadline deadline) {
    TypeState known = types.get(type);
    if (known == null || known.until().isBefore(end)) {
      advance(typeKey(type), end, null, deadline);
      remember(type, end, clock.instant());
    }
  }

  /**
   * Until a week later, so that it is written once a week; of a series that is behind the others of
   * its type, whose next items start before {@code end} of the type, no further than now.
   */
  private void announce(SeriesPacking one, Deadline deadline) {
    Instant week = one.end.plus(ANNOUNCED);
    TypeState type = types.get(one.type);
    boolean behind = type != null && type.until().isAfter(one.end);
    advance(PackingState.key(one.series), behind ? one.end : week, ttl(week), deadline);
  }

  private void advance(Key key, Instant until, @Nullable AttributeValue ttl, Deadline deadline) {
    Map<String, String> names = new HashMap<>(Map.of("#until", PackingState.UNTIL));
    Map<String, AttributeValue> values =
        new HashMap<>(Map.of(":until", Attributes.number(until.getEpochSecond())));
    if (ttl != null) {
      names.put("#ttl", Attributes.TTL);
      values.put(":ttl", ttl);
    }
    // If the condition does not hold, it is already there, or further ahead.
    table.update(
        key,
        update ->
            update
                .updateExpression("SET #until = :until" + (ttl == null ? "" : ", #ttl = :ttl"))
                .conditionExpression("attribute_not_exists(#until) OR #until < :until")
                .expressionAttributeNames(names)
                .expressionAttributeValues(values),
        deadline);
  }

  /** The packing of one series until {@code end}. */
  private final class SeriesPacking {

    private final String series;
    private final MetricType type;
    private final Instant end;
    private final PackingState state;
    private final Map<Instant, PackedCell> cells = new HashMap<>();
    private final List<WriteRequest> puts = new ArrayList<>();

    SeriesPacking(String series, MetricType type, Instant end, PackingState state) {
      this.series = series;
      this.type = type;
      this.end = end;
      this.state = state;
    }

    /** The cells to look at, oldest first: the last two, and some that were changed. */
    private NavigableSet<Instant> starts() {
      Instant last = PackedCell.startOf(end.minusSeconds(1));
      NavigableSet<Instant> starts = new TreeSet<>();
      starts.add(last);
      starts.add(last.minus(PackedCell.LENGTH));
      Instant kept = PackedCell.startOf(clock.instant().minus(retention));
      new TreeMap<>(state.changes())
          .descendingMap().keySet().stream()
              .filter(cell -> cell.isBefore(last) && cell.isAfter(kept))
              .limit(REPAIRS)
              .forEach(starts::add);
      return starts;
    }

    List<Key> keys() {
      NavigableSet<Instant> asked = starts();
      asked.add(asked.last().minus(PackedCell.LENGTH.multipliedBy(2)));
      return asked.stream().map(start -> PackedCell.key(series, start)).toList();
    }

    void take(Map<Key, Map<String, AttributeValue>> items) {
      Instant now = clock.instant();
      for (Key key : keys()) {
        Map<String, AttributeValue> item = items.get(key);
        if (item != null && !Attributes.isExpired(item, now)) {
          PackedCell cell = PackedCell.of(item);
          if (state.isValid(cell)) {
            cells.put(cell.start(), cell);
          }
        }
      }
    }

    void pack(Deadline deadline) {
      for (Instant start : starts()) {
        Instant cellEnd = start.plus(PackedCell.LENGTH);
        Instant target = cellEnd.isBefore(end) ? cellEnd : end;
        PackedCell cell = cells.get(start);
        if (cell == null || cell.until().isBefore(target)) {
          PackedCell packed = packed(start, target, cell, deadline);
          if (!packed.points().isEmpty()) {
            cells.put(start, packed);
            puts.add(Table.putRequest(packed.attributes(series, retention)));
          }
        }
      }
    }

    private PackedCell packed(
        Instant start, Instant target, @Nullable PackedCell cell, Deadline deadline) {
      PackedCell before = cells.get(start.minus(PackedCell.LENGTH));
      Instant reach = start.minus(RecordItem.MAX_SPAN);
      if (cell != null) {
        reach = cell.reach();
      } else if (before != null && before.until().equals(start)) {
        reach = before.reach();
      }
      Instant from = cell == null ? start : cell.until();
      RunPoints runs = new RunPoints(from, target);
      table
          .range(series, RecordItem.startText(reach), RecordItem.startText(target), true, deadline)
          .forEach(runs::add);
      List<Point> points = new ArrayList<>(cell == null ? List.of() : cell.points());
      points.addAll(runs.oldestFirst());
      boolean isFirst =
          cell == null
              ? before == null && !points.isEmpty() && isFirst(start, deadline)
              : cell.isFirst();
      return new PackedCell(
          start, target, runs.firstStartBeyond(), state.change(start), isFirst, points);
    }

    /** Whether no item starts before {@code start}: readers need not look for one then. */
    private boolean isFirst(Instant start, Deadline deadline) {
      boolean[] isFirst = {true};
      table.query(
          query ->
              Table.between(
                      query, series, RecordItem.startText(FIRST_YEAR), RecordItem.startText(start))
                  .consistentRead(true)
                  .limit(1),
          page -> {
            isFirst[0] &= page.isEmpty();
            return false;
          },
          deadline);
      return isFirst[0];
    }
  }

  private static Metric newest(RecordItem item) {
    return item.metrics().get(item.metrics().size() - 1);
  }

  private static Instant start(RecordItem item) {
    return RecordItem.start(item.key().sort());
  }
}
