package io.inframetrics.pipeline.analysis;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The ports that an analysis uses, in memory, with what a test wants to go wrong. */
final class AnalyzeMetricsFakes {

  private AnalyzeMetricsFakes() {}

  /** Points by series; reading takes time and may fail. */
  static final class History implements MetricHistory {

    final Map<Series, List<Point>> points = new TreeMap<>();
    final Map<MetricType, MetricUnit> units =
        new HashMap<>(Map.of(MetricType.NETWORK_TRAFFIC, MetricUnit.MEGABITS_PER_SECOND));
    final Map<String, RuntimeException> failures = new HashMap<>();
    final List<String> reads = Collections.synchronizedList(new ArrayList<>());
    final Set<Integer> limits = ConcurrentHashMap.newKeySet();
    final TickingClock clock;
    Duration perRead = Duration.ZERO;
    Duration slack = Duration.ZERO;

    History(TickingClock clock) {
      this.clock = clock;
    }

    @Override
    public List<KnownSeries> series(MetricType type, Instant since, Deadline deadline) {
      fail(type.name());
      return points.keySet().stream()
          .filter(series -> series.type().equals(type))
          .filter(
              series ->
                  points.get(series).stream()
                      .anyMatch(
                          point -> point.epochSecond() >= since.minus(slack).getEpochSecond()))
          .map(
              series ->
                  new KnownSeries(
                      series, units.getOrDefault(type, MetricUnit.PERCENT), "eu-west-1"))
          .toList();
    }

    @Override
    public List<Point> points(
        Series series, Instant from, Instant to, int limit, Deadline deadline) {
      reads.add(series.id());
      limits.add(limit);
      clock.advance(perRead);
      fail(series.id());
      List<Point> all =
          points.get(series).stream()
              .filter(
                  point ->
                      point.epochSecond() >= from.getEpochSecond()
                          && point.epochSecond() <= to.getEpochSecond())
              .toList();
      return all.subList(Math.max(0, all.size() - limit), all.size());
    }

    private void fail(String what) {
      RuntimeException failure = failures.get(what);
      if (failure != null) {
        throw failure;
      }
    }
  }

  /** What each analysis left for its next run; nothing else is asked of it. */
  static final class Ledger implements RunLedger {

    final Map<String, List<AnalysisMark>> open = new HashMap<>();
    final Map<String, byte[]> learned = new HashMap<>();
    boolean failsToReplace;

    /** Without the marks of how far series were analyzed. */
    List<AnalysisMark> findings(String analysis) {
      return open.get(analysis).stream()
          .filter(one -> one.kind() != AnalysisMark.Kind.ANALYZED_UNTIL)
          .toList();
    }

    @Override
    public List<AnalysisMark> analysisMarks(String analysis, Deadline deadline) {
      return open.getOrDefault(analysis, List.of());
    }

    @Override
    public void replaceAnalysisMarks(
        String analysis, List<AnalysisMark> findings, Deadline deadline) {
      if (failsToReplace) {
        throw new RetryableFailureException("the ledger is away");
      }
      open.put(analysis, List.copyOf(findings));
    }

    @Override
    public Map<String, byte[]> learned(Collection<String> seriesIds, Deadline deadline) {
      Map<String, byte[]> found = new HashMap<>(learned);
      found.keySet().retainAll(seriesIds);
      return found;
    }

    @Override
    public void learn(Map<String, byte[]> bySeriesId, Deadline deadline) {
      learned.putAll(bySeriesId);
    }

    @Override
    public void markProcessed(ProcessedMark mark, Deadline deadline) {
      throw new UnsupportedOperationException("an analysis processes no files");
    }

    @Override
    public Map<String, ProcessedMark> processed(Collection<String> keys, Deadline deadline) {
      throw new UnsupportedOperationException("an analysis processes no files");
    }

    @Override
    public Optional<Instant> collectedUntil(MetricType type, Deadline deadline) {
      throw new UnsupportedOperationException("an analysis collects nothing");
    }

    @Override
    public void advanceCollectedUntil(MetricType type, Instant until, Deadline deadline) {
      throw new UnsupportedOperationException("an analysis collects nothing");
    }
  }

  /** Committed objects as text, by key. */
  static final class Reports implements DocumentStore {

    final Map<String, String> objects = new TreeMap<>();
    boolean failsToWrite;
    boolean failsToRead;

    @Override
    public StagedObject<String> create(String key, Deadline deadline) {
      OutputStream body =
          failsToWrite
              ? new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                  throw new IOException("disk full");
                }
              }
              : new ByteArrayOutputStream();
      return new StagedObject<>() {
        @Override
        public OutputStream body() {
          return body;
        }

        @Override
        public String commit() {
          objects.put(key, ((ByteArrayOutputStream) body).toString(StandardCharsets.UTF_8));
          return key;
        }

        @Override
        public void close() {
          // Nothing is held outside memory.
        }
      };
    }

    @Override
    public Optional<StoredObject> open(String key, Deadline deadline) {
      if (failsToRead) {
        InputStream broken =
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("connection reset");
              }
            };
        return Optional.of(new StoredObject(key, null, null, broken));
      }
      return Optional.ofNullable(objects.get(key))
          .map(
              text ->
                  new StoredObject(
                      key,
                      null,
                      null,
                      new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
    }

    @Override
    public List<String> list(String prefix, Deadline deadline) {
      return objects.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    }

    @Override
    public void move(String from, String to, Deadline deadline) {
      throw new UnsupportedOperationException("an analysis moves nothing");
    }
  }

  /** Stands still until it is told to go on. */
  static final class TickingClock extends Clock {

    private Instant now;

    TickingClock(Instant now) {
      this.now = now;
    }

    void advance(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("this clock is UTC");
    }
  }
}
