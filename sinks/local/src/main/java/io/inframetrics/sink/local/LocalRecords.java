package io.inframetrics.sink.local;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.metric.SeriesId;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.time.Deadline;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/** Records in the database: a batch is one transaction, a series one range of an index. */
final class LocalRecords implements MetricRecordSink, MetricHistory {

  /** Expired series removed with each batch: few, so that no batch takes long. */
  private static final int DEAD_SERIES_A_BATCH = 20;

  /** How far a clock is believed beyond the run before. */
  private static final Duration BELIEVED = Duration.ofDays(1);

  private final Database database;
  private final Duration retention;
  private final Clock clock;

  /**
   * @param retention how long a record is kept, counted from the time of its observation
   */
  LocalRecords(Database database, Duration retention, Clock clock) {
    this.database = database;
    this.retention = retention;
    this.clock = clock;
  }

  @Override
  public WriteResult write(Batch batch, Deadline deadline) {
    List<Failed> rejected = new ArrayList<>();
    Map<Series, NavigableMap<Long, Metric>> bySeries = new LinkedHashMap<>();
    // The database stores UTF-8, in which half a surrogate pair would change.
    CharsetEncoder unicode = StandardCharsets.UTF_8.newEncoder();
    for (Metric metric : batch.metrics()) {
      long second = metric.timestamp().getEpochSecond();
      if (unicode.canEncode(metric.series().id())) {
        bySeries
            .computeIfAbsent(metric.series(), series -> new TreeMap<>())
            .merge(second, metric, BinaryOperator.maxBy(Metric.PRECEDENCE));
      } else {
        rejected.add(
            new Failed(metric.id(), "series id '" + metric.series() + "' is not valid Unicode"));
      }
    }
    if (bySeries.isEmpty()) {
      return new WriteResult(0, 0, rejected, List.of());
    }
    long changed =
        database.write(
            "a batch of records",
            db -> {
              long expired = expired(believed(db, clock.instant()));
              return new BatchWriter(db, expired).write(bySeries);
            });
    long unchanged = batch.metrics().size() - rejected.size() - changed;
    return new WriteResult(changed, unchanged, rejected, List.of());
  }

  /**
   * By which time data is old enough to be deleted: now, but at most a day after the earlier of the
   * last two runs. A clock that is set far forward, perhaps by mistake, deletes nothing before a
   * second run has the same time.
   */
  static Instant believed(Database db, Instant now) throws SQLException {
    List<Long> runs =
        db.rows("SELECT observed_at FROM runs ORDER BY id DESC LIMIT 2", row -> row.getLong(1));
    if (runs.isEmpty()) {
      return now;
    }
    Instant latest = Instant.ofEpochSecond(Collections.min(runs)).plus(BELIEVED);
    return latest.isBefore(now) ? latest : now;
  }

  /** The last second that has expired. */
  private long expired() {
    return expired(clock.instant());
  }

  private long expired(Instant now) {
    return now.minus(retention).getEpochSecond();
  }

  @Override
  public List<KnownSeries> series(MetricType type, Instant since, Deadline deadline) {
    long first = Math.max(firstSecond(since), expired() + 1);
    return database.read(
        "the series of " + type,
        db -> {
          List<KnownSeries> known =
              db.rows(
                  "SELECT series_id, unit, region FROM series WHERE metric_type = ? AND newest >="
                      + " ?",
                  row ->
                      new KnownSeries(
                          SeriesId.parse(row.getString(1)),
                          unit(row.getString(2)),
                          row.getString(3)),
                  type.name(),
                  first);
          known.sort(Comparator.comparing(KnownSeries::series));
          return known;
        });
  }

  private static MetricUnit unit(String wireName) {
    return MetricUnit.ofWireName(wireName)
        .orElseThrow(
            () -> new IllegalStateException("the database names an unknown unit: " + wireName));
  }

  @Override
  public List<Point> points(Series series, Instant from, Instant to, int limit, Deadline deadline) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit of points is %d: use 1 or more".formatted(limit));
    }
    long first = Math.max(firstSecond(from), expired() + 1);
    return database.read(
        "the points of " + series,
        db -> {
          List<Point> points =
              db.rows(
                  "SELECT timestamp, value FROM observations"
                      + " WHERE series = (SELECT id FROM series WHERE series_id = ?)"
                      + " AND timestamp BETWEEN ? AND ? ORDER BY timestamp DESC LIMIT ?",
                  row -> new Point(row.getLong(1), row.getDouble(2)),
                  series.id(),
                  first,
                  to.getEpochSecond(),
                  limit);
          Collections.reverse(points);
          return points;
        });
  }

  private static long firstSecond(Instant from) {
    return from.getEpochSecond() + (from.getNano() > 0 ? 1 : 0);
  }

  /**
   * {@link Metric#PRECEDENCE} in SQL: stores what is new or takes precedence over the stored value.
   * A run that is no longer known yields to any other.
   */
  private static final String UPSERT =
      """
      INSERT INTO observations (series, timestamp, value, run) VALUES (?, ?, ?, ?)
      ON CONFLICT (series, timestamp) DO UPDATE SET value = excluded.value, run = excluded.run
      WHERE CASE
        WHEN run = excluded.run THEN value < excluded.value
        ELSE ifnull(
          (SELECT observed_at, run_id FROM runs WHERE id = observations.run)
            < (SELECT observed_at, run_id FROM runs WHERE id = excluded.run),
          1)
        END\
      """;

  private static final class BatchWriter {

    private final Database db;
    private final long expired;
    private final Map<CollectionRun, Long> runs = new HashMap<>();

    BatchWriter(Database db, long expired) {
      this.db = db;
      this.expired = expired;
    }

    /** Returns how many observations are new or replaced a stored one. */
    long write(Map<Series, NavigableMap<Long, Metric>> bySeries) throws SQLException {
      PreparedStatement upsert = db.statement(UPSERT);
      for (NavigableMap<Long, Metric> points : bySeries.values()) {
        long series = seriesId(points.lastEntry().getValue());
        for (Map.Entry<Long, Metric> point : points.entrySet()) {
          upsert.setLong(1, series);
          upsert.setLong(2, point.getKey());
          upsert.setDouble(3, point.getValue().value());
          upsert.setLong(4, runId(point.getValue().run()));
          upsert.addBatch();
        }
      }
      long changed = 0;
      for (int count : upsert.executeBatch()) {
        changed += count;
      }
      removeDeadSeries();
      return changed;
    }

    private long runId(CollectionRun run) throws SQLException {
      Long known = runs.get(run);
      if (known != null) {
        return known;
      }
      long observedAt = run.observedAt().getEpochSecond();
      db.update(
          "INSERT INTO runs (run_id, observed_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
          run.runId(),
          observedAt);
      long id =
          id("SELECT id FROM runs WHERE run_id = ? AND observed_at = ?", run.runId(), observedAt);
      runs.put(run, id);
      return id;
    }

    private long seriesId(Metric newest) throws SQLException {
      db.update(
          "INSERT INTO series (series_id, metric_type, instance_id, unit, region, newest)"
              + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (series_id)"
              + " DO UPDATE SET unit = excluded.unit, region = excluded.region,"
              + " newest = excluded.newest WHERE excluded.newest > newest",
          newest.series().id(),
          newest.series().type().name(),
          newest.series().instanceId(),
          newest.unit().wireName(),
          newest.region(),
          newest.timestamp().getEpochSecond());
      long id = id("SELECT id FROM series WHERE series_id = ?", newest.series().id());
      db.update("DELETE FROM observations WHERE series = ? AND timestamp <= ?", id, expired);
      return id;
    }

    private void removeDeadSeries() throws SQLException {
      String dead =
          " IN (SELECT id FROM series WHERE newest <= ? ORDER BY newest, id LIMIT "
              + DEAD_SERIES_A_BATCH
              + ")";
      db.update("DELETE FROM observations WHERE series" + dead, expired);
      db.update(
          "DELETE FROM learned WHERE series_id IN (SELECT series_id FROM series WHERE id"
              + dead
              + ")",
          expired);
      db.update("DELETE FROM series WHERE id" + dead, expired);
      // A day longer, because a run may have observations slightly after its own time. The last
      // one stays, so that no other gets its number, which observations may still refer to.
      db.update(
          "DELETE FROM runs WHERE observed_at <= ? AND id < (SELECT max(id) FROM runs)",
          expired - Duration.ofDays(1).toSeconds());
    }

    private long id(String sql, Object... parameters) throws SQLException {
      List<Long> ids = db.rows(sql, row -> row.getLong(1), parameters);
      if (ids.isEmpty()) {
        throw new SQLException("a row that was written just now is missing");
      }
      return ids.get(0);
    }
  }
}
