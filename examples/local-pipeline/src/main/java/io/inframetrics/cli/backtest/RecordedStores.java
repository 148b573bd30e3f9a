package io.inframetrics.cli.backtest;

import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The stores that an analysis needs, in memory, for one recorded series: its points, the marks of
 * the run before, and the last report. For one thread.
 */
final class RecordedStores implements MetricHistory, RunLedger, DocumentStore {

  private final Series series;
  private final MetricUnit unit;
  private final List<Point> points;
  private final Map<String, List<AnalysisMark>> marks = new HashMap<>();
  private final Map<String, byte[]> learned = new HashMap<>();
  private byte[] report = new byte[0];

  /** Stores of points in any order, at least one. */
  RecordedStores(Series series, MetricUnit unit, List<Point> points) {
    this.series = series;
    this.unit = unit;
    this.points = new SeriesHistory(series, unit, points).points();
  }

  long oldest() {
    return points.get(0).epochSecond();
  }

  long newest() {
    return points.get(points.size() - 1).epochSecond();
  }

  /** The time of the last point that is not after {@code second}. */
  long lastUntil(long second) {
    return points.get(countUntil(second) - 1).epochSecond();
  }

  /** The time of the first point after {@code second}; that of the last one if there is none. */
  long firstAfter(long second) {
    return points.get(Math.min(points.size() - 1, countUntil(second))).epochSecond();
  }

  /** The report that was written last. */
  byte[] report() {
    return report.clone();
  }

  private int countUntil(long second) {
    int low = 0;
    int high = points.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (points.get(middle).epochSecond() <= second) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public List<KnownSeries> series(MetricType type, Instant since, Deadline deadline) {
    // It may be older: an analysis reads the points to be certain.
    return type.equals(series.type())
        ? List.of(new KnownSeries(series, unit, "recorded"))
        : List.of();
  }

  @Override
  public List<Point> points(Series of, Instant from, Instant to, int limit, Deadline deadline) {
    int end = countUntil(to.getEpochSecond());
    int start = Math.max(countUntil(from.getEpochSecond() - 1), end - limit);
    return points.subList(start, end);
  }

  @Override
  public List<AnalysisMark> analysisMarks(String analysis, Deadline deadline) {
    return marks.getOrDefault(analysis, List.of());
  }

  @Override
  public void replaceAnalysisMarks(String analysis, List<AnalysisMark> all, Deadline deadline) {
    marks.put(analysis, List.copyOf(all));
  }

  @Override
  public Map<String, byte[]> learned(Collection<String> seriesIds, Deadline deadline) {
    return Map.copyOf(learned);
  }

  @Override
  public void learn(Map<String, byte[]> bySeriesId, Deadline deadline) {
    learned.putAll(bySeriesId);
  }

  @Override
  public StagedObject<String> create(String key, Deadline deadline) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    return new StagedObject<>() {
      @Override
      public OutputStream body() {
        return body;
      }

      @Override
      public String commit() {
        report = body.toByteArray();
        return key;
      }

      @Override
      public void close() {
        // Nothing but memory.
      }
    };
  }

  /** Each run is the first try of its report. */
  @Override
  public Optional<StoredObject> open(String key, Deadline deadline) {
    return Optional.empty();
  }

  @Override
  public List<String> list(String prefix, Deadline deadline) {
    return List.of();
  }

  @Override
  public void move(String from, String to, Deadline deadline) {
    throw notAsked();
  }

  @Override
  public void markProcessed(ProcessedMark mark, Deadline deadline) {
    throw notAsked();
  }

  @Override
  public Map<String, ProcessedMark> processed(Collection<String> keys, Deadline deadline) {
    throw notAsked();
  }

  @Override
  public Optional<Instant> collectedUntil(MetricType type, Deadline deadline) {
    throw notAsked();
  }

  @Override
  public void advanceCollectedUntil(MetricType type, Instant until, Deadline deadline) {
    throw notAsked();
  }

  private static UnsupportedOperationException notAsked() {
    return new UnsupportedOperationException("an analysis does not collect, process or move");
  }
}
