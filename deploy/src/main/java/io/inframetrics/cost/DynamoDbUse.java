package io.inframetrics.cost;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one run asks of the table, one {@link Request} for each kind. It follows the layout of the
 * DynamoDB sink; a test compares it with the units that real runs consume.
 */
final class DynamoDbUse {

  private static final double WRITE_UNIT_BYTES = 1_024;
  private static final double READ_UNIT_BYTES = 4_096;
  private static final double DAY = Duration.ofDays(1).toSeconds();
  private static final double TWO_WEEKS = 14 * DAY;

  /** As in the analysis: points that are read of a series, in a small fleet and in a large one. */
  private static final int SMALL_FLEET = 300;

  /** As in the analysis: memory and disks. */
  private static final double TYPES_WITH_A_CAPACITY = 2;

  /** As in the analysis: how much more of its points' time is read in a large fleet, by time. */
  private static final double ENOUGH = 1.25;

  /** As in the analysis: of how many series one is stored in a run, at most. */
  private static final double SERIES_A_STORED_ONE = 16;

  private static final double FEW_POINTS = 240;
  private static final double MANY_POINTS = 4_032;
  private static final double DENSE_POINTS = 20_160;

  /** As in the analysis: for how many series it asks at once what was learned. */
  private static final double LEARNED_A_QUERY = 100;

  /** As in the sink: the item that has what an analysis leaves, without this. */
  private static final double MARKS_BYTES = 200;

  /** As in the sink: how points are packed. */
  private static final double CELL = Duration.ofHours(6).toSeconds();

  private static final double[] PACKING_PERIODS = {900, 1_800, 3_600, 7_200, 10_800, CELL};
  private static final double ITEMS_A_WRITE_UNIT = 11.5;
  private static final double PACKING_SLACK = Duration.ofMinutes(15).toSeconds();
  private static final double POINTS_OF_A_CELL = 60;

  /** As in the sink: items of runs that are read at once. */
  private static final double FIRST_PAGE = 64;

  private static final double MARGIN = 32;

  /** Units of one kind of request in one run; reading units if not {@code writes}. */
  record Request(String what, boolean writes, double units) {}

  private final Assumptions assumed;
  private final double period;
  private final double types;
  private final double series;
  private final double historySeconds;
  private final @Nullable Instant at;
  private final double spacing;
  private final double pointsAnItem;
  private final double idBytes;
  private final double itemBytes;
  private final double packingPeriod;
  private final List<Request> requests = new ArrayList<>();

  /**
   * Counts the requests of one run.
   *
   * @param withCapacity series that the forecast reads
   * @param historyDays how long there have been runs, at most as long as records are kept
   * @param at when the run is; null for one of all times, on average
   */
  DynamoDbUse(
      Assumptions assumed,
      Duration period,
      double types,
      double series,
      double withCapacity,
      double historyDays,
      @Nullable Instant at) {
    this.assumed = assumed;
    this.period = period.toSeconds();
    this.types = types;
    this.series = series;
    this.historySeconds = historyDays * DAY;
    this.at = at;
    this.spacing = Math.min(this.period, assumed.of("seconds_between_points"));
    this.pointsAnItem = this.period / spacing;
    this.idBytes = assumed.of("series_id_bytes");
    this.itemBytes =
        assumed.of("item_bytes") + 2 * idBytes + pointsAnItem * assumed.of("point_bytes");
    this.packingPeriod = packingPeriod();
    collect();
    process();
    pack();
    health();
    analyze("anomalies", series, types);
    analyze("forecast", withCapacity, TYPES_WITH_A_CAPACITY);
    learned();
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  double readUnits() {
    return requests.stream().filter(one -> !one.writes()).mapToDouble(Request::units).sum();
  }

  double writeUnits() {
    return requests.stream().filter(Request::writes).mapToDouble(Request::units).sum();
  }

  /** Bytes that stay for each series and run. */
  double itemBytes() {
    return itemBytes;
  }

  private void reads(String what, double units) {
    requests.add(new Request(what, false, units));
  }

  private void writes(String what, double units) {
    requests.add(new Request(what, true, units));
  }

  /** Eventually consistent, at half the price. */
  private static double readUnits(double bytes) {
    return 0.5 * Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES));
  }

  private static double writeUnits(double bytes) {
    return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
  }

  private double batches() {
    return types * Math.ceil(series / types * pointsAnItem / assumed.of("points_a_batch"));
  }

  private double indexUnits() {
    double shards = assumed.of("index_shards");
    return types * shards * readUnits(series / types / shards * assumed.of("index_entry_bytes"));
  }

  private void collect() {
    reads("where the window starts", types);
    reads("the list of series, when collecting", indexUnits());
    writes("records", series * writeUnits(itemBytes));
    reads("how far records are packed", 2 * batches());
    writes("where the window ends", types);
    double shards = types * assumed.of("index_shards");
    double perShard = series / shards * assumed.of("index_entry_bytes");
    writes(
        "series that are new in the week",
        Math.min(series, shards) * writeUnits(perShard) * period / (7 * DAY));
  }

  private void process() {
    reads("the list of series, when processing", indexUnits());
    reads("records that are stored", series * readUnits(itemBytes));
    writes("that the file is processed", types);
  }

  private void health() {
    reads("what is processed, when checking the health", types);
  }

  private boolean isPacked() {
    return packingPeriod > 0 && historySeconds > packingPeriod + PACKING_SLACK;
  }

  private double pointsOfACell() {
    return CELL / spacing;
  }

  /** How often a series is packed; 0 if runs are too rare. */
  private double packingPeriod() {
    double bytes = 110 + idBytes + 10 * pointsOfACell();
    double least = ITEMS_A_WRITE_UNIT * Math.ceil(bytes / WRITE_UNIT_BYTES) * period;
    for (double one : PACKING_PERIODS) {
      if (one >= least) {
        return one;
      }
    }
    return 0;
  }

  private double cellBytes(double share) {
    return emptyCellBytes() + share * pointBytesOfACell();
  }

  private double pointBytesOfACell() {
    return pointsOfACell() * assumed.of("packed_point_bytes");
  }

  private void pack() {
    if (packingPeriod == 0) {
      return;
    }
    double share = period / packingPeriod;
    double times = CELL / packingPeriod;
    double units = 0;
    for (int i = 1; i <= times; i++) {
      units += writeUnits(cellBytes(i / times)) / times;
    }
    writes("packed points", share * series * units);
    writes("that points will be packed", share * types + series * period / (7 * DAY));
    double read = packingPeriod / period * itemBytes;
    // Its state, three cells, and the items, all consistent.
    reads("records to pack", share * series * (4 + 2 * readUnits(read)));
  }

  private double limit(double count) {
    return count <= SMALL_FLEET ? MANY_POINTS : FEW_POINTS;
  }

  /** Weeks of which series are listed: a day before and a day after now count too. */
  private double weeks() {
    EnumSet<DayOfWeek> inTwo = EnumSet.of(DayOfWeek.SUNDAY, DayOfWeek.MONDAY);
    if (at == null) {
      return 1 + inTwo.size() / 7.0;
    }
    return inTwo.contains(at.atOffset(ZoneOffset.UTC).getDayOfWeek()) ? 2 : 1;
  }

  private void analyze(String analysis, double count, double ofTypes) {
    reads("the list of series for " + analysis, weeks() * indexUnits() * ofTypes / types);
    double limit = limit(count);
    double units = limit == FEW_POINTS ? unitsByTime(limit) : pointUnits(limit);
    boolean anomalies = analysis.equals("anomalies");
    if (anomalies && limit == MANY_POINTS && limit * spacing < TWO_WEEKS - 3_600) {
      double more = Math.min(DENSE_POINTS - limit, TWO_WEEKS / spacing - limit);
      more = Math.min(more, historySeconds / spacing - limit);
      units += more <= 0 ? 0 : olderUnits(more);
    }
    reads("points for " + analysis, count * units);
    double marks = MARKS_BYTES + count * assumed.of("mark_bytes_a_series");
    // To compare with, and before they are replaced, both consistent.
    reads("findings of the run before, for " + analysis, 4 * readUnits(marks));
    writes("findings of " + analysis, writeUnits(marks));
  }

  private void learned() {
    double queries = types + Math.floor(series / LEARNED_A_QUERY);
    reads(
        "what was learned",
        queries * readUnits(series / queries * assumed.of("learned_bytes_a_series")));
    double limit = limit(series);
    double span = limit == FEW_POINTS ? limit * spacing : Math.max(TWO_WEEKS, limit * spacing);
    double often;
    if (limit == FEW_POINTS) {
      // Once its points have moved on beyond what is stored.
      often = historySeconds < span ? 0 : period / span;
    } else if (historySeconds < span) {
      // Whenever the time that is known has doubled.
      often = period / historySeconds / Math.log(2);
    } else {
      often = 2 * period / span;
    }
    double most = Math.max(1, Math.floor(series / SERIES_A_STORED_ONE));
    writes("what is learned", Math.min(most, series * often));
  }

  /** Units for the newest {@code limit} points of a series. */
  private double pointUnits(double limit) {
    return isPacked() ? packedUnits(limit) : runUnits(Math.min(historySeconds, 30 * DAY), limit);
  }

  /** Units for the points of a series in a time in which the newest {@code limit} are. */
  private double unitsByTime(double limit) {
    double seconds = ENOUGH * limit * spacing;
    if (historySeconds < limit * spacing) {
      return pointUnits(limit);
    }
    if (!isPacked()) {
      double items = Math.min(seconds + DAY, historySeconds) / period + 1;
      return readUnits(items * itemBytes);
    }
    return readUnits(
            cellsSince(Math.min(seconds, historySeconds)) * cellBytes(1) + emptyCellBytes())
        + tailUnits();
  }

  /** Units for points that are older than those of the cells that were read before. */
  private double olderUnits(double points) {
    if (!isPacked()) {
      return runUnits(points * spacing, points);
    }
    double cells = Math.ceil(points / pointsOfACell());
    return 0.5 + readUnits(cells * cellBytes(1));
  }

  /** What an item of packed points has besides them, and the item that says how far they go. */
  private double emptyCellBytes() {
    return assumed.of("cell_bytes") + idBytes;
  }

  /** Cells that have points of the last seconds. */
  private double cellsSince(double seconds) {
    if (at == null) {
      return seconds / CELL + 0.5;
    }
    double now = at.getEpochSecond();
    return Math.floor((now - PACKING_SLACK) / CELL) - Math.floor((now - seconds) / CELL) + 1;
  }

  private double runUnits(double seconds, double limit) {
    double there = Math.max(1, Math.floor(seconds / period));
    double needed = limit / pointsAnItem + DAY / period + 1;
    double read = Math.min(there, Math.min(FIRST_PAGE, limit + MARGIN));
    double units = readUnits(read * itemBytes);
    while (read < there && read < needed) {
      double page = Math.min(there - read, Math.max(0, limit / pointsAnItem - read) + MARGIN);
      units += readUnits(page * itemBytes);
      read += page;
    }
    return units;
  }

  private double packedUnits(double limit) {
    // The newest points, of half the time between two packings, are in no cell yet.
    double cells = (historySeconds - PACKING_SLACK - packingPeriod / 2) / CELL;
    double page = Math.max(1 + limit / POINTS_OF_A_CELL, 1 + limit / pointsOfACell());
    double read = Math.max(0, Math.min(cells, page));
    return readUnits(
            Math.ceil(read) * emptyCellBytes() + read * pointBytesOfACell() + emptyCellBytes())
        + tailUnits();
  }

  /** Units for the items after the newest cell, on average of all turns in packing. */
  private double tailUnits() {
    int tails = (int) Math.ceil(packingPeriod / period);
    double turns =
        Math.max(
            1,
            Math.min(
                Math.floor(packingPeriod / period),
                Math.min(series / types, assumed.of("points_a_batch") / pointsAnItem)));
    double units = 0;
    for (int turn = 0; turn < (int) turns; turn++) {
      if (at != null) {
        double now = at.getEpochSecond();
        double in = now - PACKING_SLACK - turn * period;
        double packed = Math.floor(in / packingPeriod) * packingPeriod;
        units += readUnits(Math.ceil((now - packed) / period) * itemBytes);
      } else {
        for (int i = 0; i < tails; i++) {
          units += readUnits((PACKING_SLACK / period + 1 + i + turn) * itemBytes) / tails;
        }
      }
    }
    return units / (int) turns;
  }
}
