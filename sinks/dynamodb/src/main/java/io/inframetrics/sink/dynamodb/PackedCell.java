package io.inframetrics.sink.dynamodb;

import io.inframetrics.metric.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The points of a series in six hours, so that a reader need not read the items of its runs. It
 * says what those items say, and can be made from them again as long as they are kept.
 *
 * @param start of the six hours, from midnight UTC
 * @param until the end of what it holds: all points from {@code start} to before this
 * @param reach the first start of an item that has points at {@code until} or later
 * @param change how often this cell had been changed when it was packed: see {@link PackingState}
 * @param isFirst whether no item started before this cell when it was packed
 * @param points oldest first
 */
record PackedCell(
    Instant start, Instant until, Instant reach, long change, boolean isFirst, List<Point> points) {

  /** Of five-minute points a cell has 72: together less than a KB, one write unit. */
  static final Duration LENGTH = Duration.ofHours(6);

  /** Sorts after the times of run items, so that readers of these do not meet cells. */
  private static final String PREFIX = "@points#";

  private static final String UNTIL = "until";
  private static final String REACH = "reach";
  private static final String CHANGE = "change";
  private static final String FIRST = "first";

  PackedCell {
    points = List.copyOf(points);
  }

  /** The start of the cell that holds {@code instant}. */
  static Instant startOf(Instant instant) {
    long seconds = LENGTH.toSeconds();
    return Instant.ofEpochSecond(Math.floorDiv(instant.getEpochSecond(), seconds) * seconds);
  }

  static Key key(String series, Instant start) {
    return new Key(series, sort(start));
  }

  static String sort(Instant start) {
    return PREFIX + RecordItem.startText(start);
  }

  Instant end() {
    return start.plus(LENGTH);
  }

  /** Bytes of a cell with so many points of the usual kind: what packing it will cost. */
  static long estimatedBytes(String series, double points) {
    return Math.round(110 + series.length() + 10 * points);
  }

  static boolean isCell(Map<String, AttributeValue> item) {
    return Key.of(item).sort().startsWith(PREFIX);
  }

  static PackedCell of(Map<String, AttributeValue> item) {
    return new PackedCell(
        Instant.parse(Key.of(item).sort().substring(PREFIX.length())),
        Instant.ofEpochSecond(Attributes.number(item, UNTIL)),
        Instant.ofEpochSecond(Attributes.number(item, REACH)),
        Attributes.number(item, CHANGE),
        item.containsKey(FIRST),
        PackedPoints.unpack(Attributes.bytes(item, RecordItem.POINTS)));
  }

  /** The stored form, which expires {@code retention} after its newest point. */
  Map<String, AttributeValue> attributes(String series, Duration retention) {
    Map<String, AttributeValue> item = new HashMap<>(key(series, start).attributes());
    item.put(UNTIL, Attributes.number(until.getEpochSecond()));
    item.put(REACH, Attributes.number(reach.getEpochSecond()));
    item.put(CHANGE, Attributes.number(change));
    if (isFirst) {
      item.put(FIRST, Attributes.number(1));
    }
    item.put(RecordItem.POINTS, Attributes.bytes(PackedPoints.packDense(points)));
    long newest = points.get(points.size() - 1).epochSecond();
    item.put(Attributes.TTL, Attributes.number(newest + retention.toSeconds()));
    return item;
  }
}
