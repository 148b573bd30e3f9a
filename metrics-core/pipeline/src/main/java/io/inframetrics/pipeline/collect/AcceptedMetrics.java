package io.inframetrics.pipeline.collect;

import io.inframetrics.metric.Metric;
import io.inframetrics.naming.ObjectKeys.RawFile;
import io.inframetrics.pipeline.rawfile.FileRule;
import io.inframetrics.pipeline.rawfile.RawLines;
import io.inframetrics.pipeline.rawfile.SeriesBatcher;
import io.inframetrics.sink.MetricPublisher.Batches;
import io.inframetrics.sink.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The accepted observations of one raw file, in batches for the record store, as often as they are
 * asked for. Those of a small file stay in memory; a larger one is read anew each time. One thread.
 */
final class AcceptedMetrics implements AutoCloseable {

  private final RawFile file;
  private final Supplier<StoredObject> opener;
  private @Nullable StoredObject opened;
  private @Nullable List<List<Metric>> inMemory;

  /**
   * The observations of a file.
   *
   * @param opened the stored file, if it is open already; closed with this
   * @param inMemory all batches, if they are at hand
   */
  AcceptedMetrics(
      RawFile file,
      @Nullable StoredObject opened,
      Supplier<StoredObject> opener,
      @Nullable List<List<Metric>> inMemory) {
    this.file = file;
    this.opened = opened;
    this.opener = opener;
    this.inMemory = inMemory;
  }

  /** The start of the window that the stored file covers, which the run that wrote it chose. */
  Instant windowStart() {
    if (opened == null) {
      opened = opener.get();
    }
    Instant start = opened.windowStart();
    return start == null ? file.observedAt() : start;
  }

  void forEachBatch(Consumer<List<Metric>> consumer) {
    if (inMemory != null) {
      inMemory.forEach(consumer);
      return;
    }
    Kept kept = new Kept();
    SeriesBatcher batcher = new SeriesBatcher(consumer.andThen(kept::add));
    try (StoredObject object = opened == null ? opener.get() : opened) {
      opened = null;
      RawLines.read(
          object,
          file.observedAt(),
          FileRule.of(file),
          batcher::add,
          bad -> {}); // ProcessRawMetrics sends it to quarantine when the file's event arrives.
    }
    batcher.finish();
    inMemory = kept.batches();
  }

  /** Pushes every batch in parts that a publisher takes. */
  void forEachSmallBatch(Consumer<List<Metric>> consumer) {
    forEachBatch(
        batch -> {
          for (int from = 0; from < batch.size(); from += Batches.MAX_METRICS) {
            int to = Math.min(from + Batches.MAX_METRICS, batch.size());
            consumer.accept(batch.subList(from, to));
          }
        });
  }

  @Override
  public void close() {
    if (opened != null) {
      opened.close();
    }
  }

  /** Keeps batches in memory until they are too many. */
  static final class Kept {

    /** The most observations kept in memory, so that it does not grow with the file. */
    static final int MAX_METRICS = 10_000;

    private @Nullable List<List<Metric>> batches = new ArrayList<>();
    private int metrics;

    void add(List<Metric> batch) {
      metrics += batch.size();
      if (metrics > MAX_METRICS) {
        batches = null;
      } else if (batches != null) {
        batches.add(batch);
      }
    }

    /** All batches; null if they were too many. */
    @Nullable List<List<Metric>> batches() {
      return batches;
    }
  }
}
