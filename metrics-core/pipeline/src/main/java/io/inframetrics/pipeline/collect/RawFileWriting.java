package io.inframetrics.pipeline.collect;

import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.detect.ReadableText;
import io.inframetrics.encode.JsonLinesWriter;
import io.inframetrics.encode.Line;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import io.inframetrics.naming.ObjectKeys.RawFile;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.collect.CollectionResult.Failure;
import io.inframetrics.pipeline.collect.CollectionResult.Source;
import io.inframetrics.pipeline.rawfile.FileRule;
import io.inframetrics.pipeline.rawfile.SeriesBatcher;
import io.inframetrics.sink.RawMetricSink.Commit;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.text.Texts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The raw file that the collectors of one type write together. Takes their observations one at a
 * time, from several threads, until it is sealed; keeps the first ones in memory so that a small
 * collection need not be read back. Drops what earlier runs collected with the same value.
 */
final class RawFileWriting implements AutoCloseable {

  /** The most points of a collector that are remembered, which takes 6 MB. */
  static final int MAX_REMEMBERED = 100_000;

  private static final int MAX_NOTE_LENGTH = 300;

  private final CollectionRun run;
  private final MetricType type;
  private final StagedObject<Commit> staged;
  private final JsonLinesWriter lines;
  private final FileRule acceptance;
  private final @Nullable CollectedPoints collected;
  private final Set<String> notes = new LinkedHashSet<>();
  private final AcceptedMetrics.Kept kept = new AcceptedMetrics.Kept();
  private final SeriesBatcher batcher = new SeriesBatcher(kept::add);
  private long pushed;
  private long written;
  private long refused;
  private @Nullable String firstRefusal;
  private @Nullable RuntimeException storeFailure;
  private volatile boolean sealed;

  /**
   * A file of a run.
   *
   * @param collected what is dropped if it is pushed, and gets what is written; null to write all
   */
  RawFileWriting(
      CollectionRun run,
      MetricType type,
      StagedObject<Commit> staged,
      @Nullable CollectedPoints collected) {
    this.collected = collected;
    this.run = run;
    this.type = type;
    this.staged = staged;
    this.lines = new JsonLinesWriter(staged.body());
    this.acceptance = FileRule.of(new RawFile(type, run.observedAt()));
  }

  /** Takes what a collector observed, and returns whether it is good. */
  private boolean take(Observation observation) {
    if (!observation.series().type().equals(type)) {
      throw new IllegalArgumentException(
          "a collector of '%s' pushed an observation of '%s': it may only push its own type"
              .formatted(type, observation.series().type()));
    }
    Series series = observation.series();
    if (collected != null && collected.has(series, observation.timestamp(), observation.value())) {
      pushed++;
      return false;
    }
    try {
      lines.write(observation, run);
    } catch (RuntimeException e) {
      storeFailure = e; // Not the collector's fault; told apart from what it throws itself.
      throw e;
    }
    pushed++;
    written++;
    if (collected != null) {
      collected.add(series, observation.timestamp(), observation.value());
    }
    return judge(observation);
  }

  /** Takes what one collector observes, of each series and second the first good value. */
  OfCollector consumerOf(String collector) {
    return new OfCollector(collector);
  }

  /**
   * What one collector pushes. Points are compared with the last {@value #MAX_REMEMBERED} at most,
   * so that memory does not grow with the collection; in a smaller one, with all.
   */
  final class OfCollector implements MetricConsumer {

    private final String collector;
    private CollectedPoints stored = new CollectedPoints();
    private long repeats;
    private @Nullable Observation firstRepeat;

    private OfCollector(String collector) {
      this.collector = collector;
    }

    @Override
    public void accept(Observation observation) {
      synchronized (RawFileWriting.this) {
        if (sealed) {
          throw new CancellationException("the deadline of this collection has passed");
        }
        if (stored.has(observation.series(), observation.timestamp())) {
          repeats++;
          firstRepeat = firstRepeat == null ? observation : firstRepeat;
        } else if (take(observation)) {
          if (stored.size() == MAX_REMEMBERED) {
            stored = new CollectedPoints();
          }
          stored.add(observation.series(), observation.timestamp(), observation.value());
        }
      }
    }

    @Override
    public void note(String sentence) {
      RawFileWriting.this.note(sentence);
    }

    /** Notes in the file what was left out. */
    void noteRepeats() {
      synchronized (RawFileWriting.this) {
        if (firstRepeat != null) {
          note(
              "collector %s pushed %s of a series and second that it had pushed, such as '%s' at %s: the first one is stored"
                  .formatted(
                      collector,
                      ReadableText.count(repeats, "observation"),
                      firstRepeat.series(),
                      Instant.ofEpochSecond(firstRepeat.timestamp().getEpochSecond())));
        }
      }
    }
  }

  /** Takes a line that is not an observation, for processing to quarantine it with the reason. */
  synchronized void refuse(Line.Bad line) {
    lines.writeLine(new String(line.text(), StandardCharsets.UTF_8));
    pushed++;
    written++;
    refused("line %d: %s".formatted(line.number(), line.reason()));
  }

  synchronized void note(String sentence) {
    if (notes.size() < CollectionResult.MAX_NOTES) {
      notes.add(Texts.oneLine(sentence, MAX_NOTE_LENGTH));
    }
  }

  synchronized List<String> notes() {
    return List.copyOf(notes);
  }

  private boolean judge(Observation observation) {
    Optional<String> refusal;
    try {
      Metric metric =
          new Metric(
              observation.series(),
              observation.timestamp(),
              observation.value(),
              observation.unit(),
              observation.region(),
              run);
      refusal = acceptance.refusal(metric);
      if (refusal.isEmpty()) {
        if (kept.batches() != null) {
          batcher.add(metric);
        }
        return true;
      }
    } catch (IllegalArgumentException e) {
      refusal = Optional.of(Texts.describe(e));
    }
    refused("series '%s': %s".formatted(observation.series(), refusal.get()));
    return false;
  }

  private void refused(String reason) {
    refused++;
    if (firstRefusal == null) {
      firstRefusal = reason;
    }
  }

  /**
   * Takes nothing more; waits for the {@link OfCollector#accept} under way, and later ones fail.
   */
  void seal() {
    sealed = true; // Without the lock: a collector that never stops pushing may hold it.
    synchronized (this) {
      sealed = true;
    }
  }

  /** How many observations were taken, good and bad, with those that were collected before. */
  synchronized long pushed() {
    return pushed;
  }

  /** How many lines the file has. */
  synchronized long written() {
    return written;
  }

  synchronized Optional<Failure> refusals() {
    return refused == 0
        ? Optional.empty()
        : Optional.of(
            new Failure(
                Source.QUARANTINE,
                Failure.QUARANTINE,
                "%s rejected, first of %s"
                    .formatted(ReadableText.count(refused, "observation"), firstRefusal)));
  }

  /** All accepted observations in batches for the record store; null if they are too many. */
  synchronized @Nullable List<List<Metric>> kept() {
    batcher.finish();
    return kept.batches();
  }

  /**
   * Stores the file.
   *
   * @throws RetryableFailureException if that is not possible now
   */
  synchronized Commit commit() {
    RuntimeException failure = storeFailure;
    if (failure == null) {
      try {
        lines.close();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (failure != null) {
      // The writer wraps what the stream threw, in words of its own.
      Throwable reason = failure.getCause() instanceof IOException cause ? cause : failure;
      throw new RetryableFailureException(
          "the raw file of %s could not be written: %s".formatted(type, Texts.describe(reason)),
          failure);
    }
    return staged.commit();
  }

  @Override
  public void close() {
    seal();
    synchronized (this) {
      staged.close();
    }
  }
}
