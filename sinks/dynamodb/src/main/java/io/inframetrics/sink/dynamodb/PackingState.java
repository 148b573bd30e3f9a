package io.inframetrics.sink.dynamodb;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How far a series may be packed, and which of its cells changed afterwards.
 *
 * @param until the cells of the series end here at the latest
 * @param writes how often {@code changes} was written
 * @param changes how often items of runs came too late for a cell, by its start. A cell that was
 *     packed before the last change is not valid
 */
record PackingState(Instant until, long writes, SortedMap<Instant, Long> changes) {

  static final PackingState NONE = new PackingState(Instant.EPOCH, 0, new TreeMap<>());

  /** Sorts directly after the cells, so that one query reads both, and this first. */
  static final String SORT = "@points$";

  static final String UNTIL = "until";
  static final String WRITES = "writes";
  static final String CHANGES = "changes";

  static Key key(String series) {
    return new Key(series, SORT);
  }

  static PackingState of(Map<String, AttributeValue> item) {
    SortedMap<Instant, Long> changes = new TreeMap<>();
    if (item.containsKey(CHANGES)) {
      item.get(CHANGES)
          .m()
          .forEach((cell, count) -> changes.put(Instant.parse(cell), Long.parseLong(count.n())));
    }
    return new PackingState(
        item.containsKey(UNTIL)
            ? Instant.ofEpochSecond(Attributes.number(item, UNTIL))
            : Instant.EPOCH,
        item.containsKey(WRITES) ? Attributes.number(item, WRITES) : 0,
        changes);
  }

  long change(Instant cell) {
    return changes.getOrDefault(cell, 0L);
  }

  boolean isValid(PackedCell cell) {
    return cell.change() == change(cell.start());
  }

  /** Whether nothing is older than the cell; what came late for the time before it was marked. */
  boolean isOldest(PackedCell cell) {
    return cell.isFirst() && changes.headMap(cell.start()).isEmpty();
  }

  /** The changes after one more of {@code cells}, without those before {@code forgotten}. */
  SortedMap<Instant, Long> changed(Set<Instant> cells, Instant forgotten) {
    SortedMap<Instant, Long> after = new TreeMap<>(changes.tailMap(forgotten));
    cells.forEach(cell -> after.merge(cell, 1L, Long::sum));
    return after;
  }

  static AttributeValue stored(Map<Instant, Long> changes) {
    Map<String, AttributeValue> stored = new HashMap<>();
    changes.forEach(
        (cell, count) -> stored.put(RecordItem.startText(cell), Attributes.number(count)));
    return AttributeValue.fromM(stored);
  }
}
