package io.inframetrics.pipeline.collect;

import io.inframetrics.collect.Observation;
import io.inframetrics.detect.ReadableText;
import io.inframetrics.encode.JsonLinesWriter;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The raw file that the collectors of one type write together. Takes their observations one at a
 * time, from several threads, until it is sealed; keeps the first ones in memory so that a small
 * collection need not be read back.
 */
final class RawFileWriting implements AutoCloseable {

  private final CollectionRun run;
  private final MetricType type;
  private final StagedObject<Commit> staged;
  private final JsonLinesWriter lines;
  private final FileRule acceptance;
  private final AcceptedMetrics.Kept kept = new AcceptedMetrics.Kept();
  private final SeriesBatcher batcher = new SeriesBatcher(kept::add);
  private long pushed;
  private long refused;
  private @Nullable String firstRefusal;
  private @Nullable RuntimeException storeFailure;
  private volatile boolean sealed;

  RawFileWriting(CollectionRun run, MetricType type, StagedObject<Commit> staged) {
    this.run = run;
    this.type = type;
    this.staged = staged;
    this.lines = new JsonLinesWriter(staged.body());
    this.acceptance = FileRule.of(new RawFile(type, run.observedAt()));
  }

  /** Takes what a collector observed, good or bad. */
  synchronized void add(Observation observation) {
    if (sealed) {
      throw new CancellationException("the deadline of this collection has passed");
    }
    if (!observation.series().type().equals(type)) {
      throw new IllegalArgumentException(
          "a collector of '%s' pushed an observation of '%s': it may only push its own type"
              .formatted(type, observation.series().type()));
    }
    try {
      lines.write(observation, run);
    } catch (RuntimeException e) {
      storeFailure = e; // Not the collector's fault; told apart from what it throws itself.
      throw e;
    }
    pushed++;
    judge(observation);
  }

  private void judge(Observation observation) {
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
        return;
      }
    } catch (IllegalArgumentException e) {
      refusal = Optional.of(Texts.describe(e));
    }
    refused++;
    if (firstRefusal == null) {
      firstRefusal = "series '%s': %s".formatted(observation.series(), refusal.get());
    }
  }

  /** Takes nothing more; waits for the {@link #add} under way, and later ones fail. */
  void seal() {
    sealed = true; // Without the lock: a collector that never stops pushing may hold it.
    synchronized (this) {
      sealed = true;
    }
  }

  /** How many observations were taken, good and bad. */
  synchronized long pushed() {
    return pushed;
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
