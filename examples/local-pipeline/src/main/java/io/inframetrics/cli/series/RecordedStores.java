package io.inframetrics.cli.series;

import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The stores that analyses and reports need, in memory, for recorded series: their points, the
 * marks of the run before, and the documents since {@link #forgetDocuments}. For one thread.
 */
public final class RecordedStores implements MetricHistory, RunLedger, DocumentStore {

  private final Map<Series, Recording> recordings = new TreeMap<>();
  private final Map<String, List<AnalysisMark>> marks = new HashMap<>();
  private final Map<String, byte[]> learned = new HashMap<>();
  private final Map<String, byte[]> documents = new TreeMap<>();

  /** What a run that had collected {@code type} would have answered. */
  public static CollectionResult collected(MetricType type, String runId, Instant observedAt) {
    return new CollectionResult(
        type.name(),
        runId,
        observedAt,
        null,
        CollectionResult.Status.COLLECTED,
        List.of(new CollectedObject("recorded", type, 1)),
        List.of(),
        null);
  }

  /**
   * A series and all its points.
   *
   * @param points in order, at least one, a single one of a second
   */
  public record Recording(Series series, MetricUnit unit, List<Point> points) {

    /** Points may be in any order; of those of a second, the last one counts. */
    public Recording {
      points = new SeriesHistory(series, unit, points).points();
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

    /** The time of the first point. */
    public long oldest() {
      return points.get(0).epochSecond();
    }

    /** The time of the last point. */
    public long newest() {
      return points.get(points.size() - 1).epochSecond();
    }

    /** The time of the last point that is not after {@code second}. */
    public long lastUntil(long second) {
      return points.get(countUntil(second) - 1).epochSecond();
    }

    /** The time of the first point after {@code second}; that of the last one if there is none. */
    public long firstAfter(long second) {
      return points.get(Math.min(points.size() - 1, countUntil(second))).epochSecond();
    }
  }

  /** Stores of these series, each of which is there once. */
  public RecordedStores(List<Recording> recordings) {
    recordings.forEach(recording -> this.recordings.put(recording.series(), recording));
  }

  /** The types of the series. */
  public Set<MetricType> types() {
    return recordings.keySet().stream()
        .map(Series::type)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Forgets every report, as if each run were the first. */
  public void forgetDocuments() {
    documents.clear();
  }

  @Override
  public List<KnownSeries> series(MetricType type, Instant since, Deadline deadline) {
    // It may be older: an analysis reads the points to be certain.
    return recordings.values().stream()
        .filter(recording -> recording.series().type().equals(type))
        .map(recording -> new KnownSeries(recording.series(), recording.unit(), "recorded"))
        .toList();
  }

  @Override
  public List<Point> points(Series of, Instant from, Instant to, int limit, Deadline deadline) {
    Recording recording = recordings.get(of);
    if (recording == null) {
      return List.of();
    }
    int end = recording.countUntil(to.getEpochSecond());
    int start = Math.max(recording.countUntil(from.getEpochSecond() - 1), end - limit);
    return recording.points().subList(start, end);
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
        documents.put(key, body.toByteArray());
        return key;
      }

      @Override
      public void close() {
        // Nothing but memory.
      }
    };
  }

  @Override
  public Optional<StoredObject> open(String key, Deadline deadline) {
    return Optional.ofNullable(documents.get(key))
        .map(body -> new StoredObject(key, null, null, new ByteArrayInputStream(body)));
  }

  @Override
  public List<String> list(String prefix, Deadline deadline) {
    return documents.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
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
