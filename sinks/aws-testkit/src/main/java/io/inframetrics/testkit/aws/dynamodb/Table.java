package io.inframetrics.testkit.aws.dynamodb;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The items of one table, in memory. Thread-safe. */
final class Table {

  /**
   * Bytes of a page, which holds at least one item.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html">Pagination</a>
   */
  static final int PAGE_BYTES = 1024 * 1024;

  final String name;
  final KeySchema keys;
  final Instant created = Instant.now();

  /** How many of a batch's requests to process; the others are left unprocessed. */
  volatile IntUnaryOperator part = IntUnaryOperator.identity();

  /** The attribute by which items expire; null if they do not. */
  volatile @Nullable String ttlAttribute;

  /** Capacity that was consumed, as the service charges it. */
  final DoubleAdder readUnits = new DoubleAdder();

  final DoubleAdder writeUnits = new DoubleAdder();

  private final NavigableMap<Value, NavigableMap<Value, Item>> partitions = new TreeMap<>();

  Table(String name, KeySchema keys) {
    this.name = name;
    this.keys = keys;
  }

  synchronized @Nullable Item get(ItemKey key) {
    return partition(key.hash()).get(key.range());
  }

  /**
   * Replaces an item in one step.
   *
   * @param change from the stored item to the new one, each null if there is none; if it throws,
   *     the item stays as it is
   * @return the size of the larger of the two
   */
  synchronized int change(ItemKey key, UnaryOperator<@Nullable Item> change) {
    Item before = get(key);
    Item after = change.apply(before);
    if (after != null) {
      partitions.computeIfAbsent(key.hash(), hash -> new TreeMap<>()).put(key.range(), after);
    } else {
      partition(key.hash()).remove(key.range());
    }
    return Math.max(before == null ? 0 : before.size(), after == null ? 0 : after.size());
  }

  /** Both bounds are included. */
  record Range(Value low, Value high) {

    boolean contains(Value value) {
      return low.compareTo(value) <= 0 && value.compareTo(high) <= 0;
    }
  }

  /** {@code bytes} of all items; {@code ended} if nothing follows for certain. */
  record Page(List<Item> items, long bytes, boolean ended) {}

  /** Items of one partition in the order of their sort keys, after {@code start}. */
  synchronized Page query(
      Value hash, @Nullable Range range, boolean forward, @Nullable ItemKey start, int limit) {
    NavigableMap<Value, Item> items = partition(hash);
    if (range != null) {
      items = items.subMap(range.low(), true, range.high(), true);
    }
    items = forward ? items : items.descendingMap();
    return page(
        (start == null ? items : items.tailMap(start.range(), false)).values().stream(), limit);
  }

  /** Items of all partitions, after {@code start}. */
  synchronized Page scan(@Nullable ItemKey start, int limit) {
    Stream<Item> rest =
        start == null
            ? Stream.empty()
            : partition(start.hash()).tailMap(start.range(), false).values().stream();
    Stream<Item> others =
        (start == null ? partitions : partitions.tailMap(start.hash(), false))
            .values().stream().flatMap(partition -> partition.values().stream());
    return page(Stream.concat(rest, others), limit);
  }

  private NavigableMap<Value, Item> partition(Value hash) {
    return partitions.getOrDefault(hash, new TreeMap<>());
  }

  private static Page page(Stream<Item> candidates, int limit) {
    List<Item> items = new ArrayList<>();
    long bytes = 0;
    Iterator<Item> left = candidates.iterator();
    while (left.hasNext() && items.size() < limit) {
      Item item = left.next();
      if (!items.isEmpty() && bytes + item.size() > PAGE_BYTES) {
        return new Page(items, bytes, false);
      }
      items.add(item);
      bytes += item.size();
    }
    // A page that ends at the limit names its last item, even if nothing follows.
    return new Page(items, bytes, items.size() < limit);
  }
}
