package io.inframetrics.sink.dynamodb;

import io.inframetrics.metric.Point;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads the newest points of one series, from now backwards: of cells where there are valid ones,
 * of the items of runs where there are none. Used once.
 */
final class SeriesReader {

  /** Items of runs to read first: enough where each has many points. */
  private static final int FIRST_PAGE = 64;

  /**
   * Items to read per page beyond one for each requested point: items that start up to a day before
   * the oldest point must be read too, and an hourly run makes 24 of them.
   */
  private static final int MARGIN = 32;

  /** Most items of a page; 1 MB has fewer. */
  private static final int MAX_PAGE = 10_000;

  /** Points of a cell below which most are not: with them, one page has all cells. */
  private static final int POINTS_OF_A_CELL = 60;

  private final Table table;
  private final String series;
  private final Instant first;
  private final Instant end;
  private final int limit;
  private final Instant now;
  private final Deadline deadline;
  private final List<Point> newestFirst = new ArrayList<>();

  /** Everything from here on was read. */
  private Instant unread;

  SeriesReader(
      Table table,
      String series,
      Instant first,
      Instant last,
      int limit,
      Instant now,
      Deadline deadline) {
    this.table = table;
    this.series = series;
    this.first = first;
    this.end = last.plusSeconds(1);
    this.limit = limit;
    this.now = now;
    this.deadline = deadline;
    this.unread = end;
  }

  /** The points, oldest first. */
  List<Point> read(boolean isPacked) {
    if (isPacked) {
      readCells();
    }
    if (!isEnough() && first.isBefore(unread)) {
      readRuns();
    }
    List<Point> points =
        new ArrayList<>(newestFirst.subList(0, Math.min(limit, newestFirst.size())));
    Collections.reverse(points);
    return points;
  }

  private boolean isEnough() {
    return newestFirst.size() >= limit;
  }

  private void readCells() {
    Instant lastCell = PackedCell.startOf(end.minusSeconds(1));
    PackingState[] state = {null};
    String high = PackingState.SORT;
    if (lastCell.plus(PackedCell.LENGTH).isBefore(now)) {
      // Newer cells lie between: reads past them.
      state[0] =
          table.get(List.of(PackingState.key(series)), false, deadline).stream()
              .map(PackingState::of)
              .findFirst()
              .orElse(null);
      if (state[0] == null) {
        return;
      }
      high = PackedCell.sort(lastCell);
    }
    String low = PackedCell.sort(PackedCell.startOf(first));
    String to = high;
    int items = 2 + Math.min(limit, MAX_PAGE) / POINTS_OF_A_CELL;
    table.query(
        query -> Table.between(query, series, low, to).scanIndexForward(false).limit(items),
        page -> {
          for (Map<String, AttributeValue> item : page) {
            if (PackedCell.isCell(item)) {
              take(item, Objects.requireNonNullElse(state[0], PackingState.NONE));
            } else {
              state[0] = PackingState.of(item);
            }
          }
          return !isEnough() && first.isBefore(unread);
        },
        deadline);
  }

  private void take(Map<String, AttributeValue> item, PackingState state) {
    PackedCell cell = Attributes.isExpired(item, now) ? null : PackedCell.of(item);
    if (cell == null
        || !state.isValid(cell)
        || isEnough()
        || !cell.start().isBefore(unread)
        || !first.isBefore(unread)) {
      return;
    }
    if (cell.until().isBefore(unread)) {
      RunPoints runs = new RunPoints(later(cell.until(), first), unread);
      table
          .range(
              series,
              RecordItem.startText(cell.reach()),
              RecordItem.startText(unread),
              false,
              deadline)
          .forEach(runs::add);
      newestFirst.addAll(runs.newestFirst());
    }
    List<Point> points = cell.points();
    for (int i = points.size() - 1; i >= 0; i--) {
      Instant at = Instant.ofEpochSecond(points.get(i).epochSecond());
      if (at.isBefore(unread) && !at.isBefore(first)) {
        newestFirst.add(points.get(i));
      }
    }
    unread = state.isOldest(cell) ? first : cell.start();
  }

  private static Instant later(Instant one, Instant other) {
    return one.isBefore(other) ? other : one;
  }

  private void readRuns() {
    int wanted = limit - newestFirst.size();
    RunPoints runs = new RunPoints(first, unread);
    int[] items = {0};
    table.query(
        query ->
            Table.between(
                    query,
                    series,
                    RecordItem.startText(first.minus(RecordItem.MAX_SPAN)),
                    RecordItem.startText(unread))
                .scanIndexForward(false)
                .limit(Math.min(FIRST_PAGE, Math.min(wanted, MAX_PAGE) + MARGIN)),
        page -> {
          page.forEach(runs::add);
          items[0] += page.size();
          return page.isEmpty() || mayBeBeaten(page.get(page.size() - 1), runs, wanted);
        },
        () -> pageFor(wanted, runs.size(), items[0]),
        deadline);
    newestFirst.addAll(runs.newestFirst());
  }

  /** Items that have what is missing if they have as many points each as those that were read. */
  private static @Nullable Integer pageFor(int wanted, int points, int items) {
    double pointsAnItem = Math.max(1, (double) points / Math.max(1, items));
    double missing = Math.max(0, wanted - points) / pointsAnItem;
    return (int) Math.min(missing, MAX_PAGE) + MARGIN;
  }

  /** Whether items that start no later than {@code lastRead} may change the result. */
  private static boolean mayBeBeaten(
      Map<String, AttributeValue> lastRead, RunPoints runs, int wanted) {
    if (runs.size() < wanted) {
      return true;
    }
    Instant start = RecordItem.start(Key.of(lastRead).sort());
    return !start.plus(RecordItem.MAX_SPAN).isBefore(runs.timeOf(wanted));
  }
}
