package io.inframetrics.pipeline.collect;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.ObjectKeys;
import io.inframetrics.naming.ObjectKeys.RawFile;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.collect.CollectorCalls.Failure;
import io.inframetrics.pipeline.rawfile.RecordWriting;
import io.inframetrics.pipeline.rawfile.SeriesBatcher;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.MetricPublisher.Batches;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSink.Commit;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects one metric type of one run into one raw file, then feeds records and data points from
 * what is stored: if an earlier try of the run has stored the file already, that file counts and
 * not what was collected now. Thread-safe.
 */
public final class TypeCollection {

  private static final Logger LOG = LoggerFactory.getLogger(TypeCollection.class);

  private final RawMetricSink files;
  private final RawMetricSource storedFiles;
  private final MetricRecordSink records;
  private final MetricPublisher publisher;
  private final ObjectKeys keys;
  private final PipelineSettings settings;
  private final CollectorCalls calls;

  /**
   * A collection into these stores.
   *
   * @param executor runs collectors; it must start as many threads as are asked of it, for a
   *     collector that hangs keeps one
   */
  public TypeCollection(
      RawMetricSink files,
      RawMetricSource storedFiles,
      MetricRecordSink records,
      MetricPublisher publisher,
      ObjectKeys keys,
      PipelineSettings settings,
      ExecutorService executor) {
    this.files = files;
    this.storedFiles = storedFiles;
    this.records = records;
    this.publisher = publisher;
    this.keys = keys;
    this.settings = settings;
    this.calls = new CollectorCalls(executor);
  }

  /**
   * What became of it.
   *
   * @param object the raw file
   * @param since the start of the window that was collected
   * @param failures what was not done
   */
  record Outcome(CollectedObject object, Instant since, List<SinkFailure> failures) {}

  /**
   * Collects.
   *
   * @param windowIsSafe called when raw file and records have all of the window, so that the next
   *     run may begin where this one ends; before data points go out, which must not be sent again
   *     because of it
   */
  Outcome collect(
      MetricType type,
      List<MetricCollector> collectors,
      CollectionRun run,
      Instant since,
      Deadline deadline,
      Runnable windowIsSafe) {
    CollectionRequest request = new CollectionRequest(run, since, earlier(deadline));
    RawMetricSink.Spec spec = new RawMetricSink.Spec(run, type, since, keys.candidates(type, run));
    List<SinkFailure> failures = new ArrayList<>();
    try (RawFileWriting file = new RawFileWriting(run, type, files.open(spec, deadline))) {
      List<Failure> collectorFailures = calls.call(collectors, request, file);
      Commit commit;
      if (collectorFailures.isEmpty() || file.pushed() > 0) {
        commit = file.commit();
      } else {
        commit =
            storedBefore(spec, deadline)
                .orElseThrow(() -> nothingCollected(type, collectorFailures));
      }
      // Whether an earlier try got everything is not known: its window is asked for once more.
      boolean complete = commit.created() && collectorFailures.isEmpty();
      Batches metrics;
      Instant windowStart = since;
      List<Metric> kept = file.kept();
      if (commit.created()) {
        collectorFailures.forEach(
            failure ->
                failures.add(
                    new SinkFailure("collector " + failure.collector(), failure.reason())));
        file.refusals().ifPresent(failures::add);
      }
      if (commit.created() && kept != null) {
        metrics = inMemory(kept);
      } else {
        StoredMetrics stored =
            new StoredMetrics(
                storedFiles, commit.key(), new RawFile(type, run.observedAt()), deadline);
        metrics = stored;
        windowStart = commit.created() ? since : stored.windowStart();
      }
      Stored stored = store(metrics, windowStart, !commit.created(), deadline, failures);
      if (complete && stored.safe()) {
        windowIsSafe.run();
      }
      publish(metrics, deadline, failures);
      return new Outcome(CollectedObject.of(commit.key(), type, stored.count()), since, failures);
    }
  }

  /** The file of an earlier try of the same run: it counts, even if nothing is collected now. */
  private Optional<Commit> storedBefore(RawMetricSink.Spec spec, Deadline deadline) {
    for (String key : spec.keys()) {
      try (StoredObject held = storedFiles.open(key, deadline).orElse(null)) {
        if (held == null) {
          return Optional.empty();
        }
        if (spec.run().runId().equals(held.runId())) {
          return Optional.of(new Commit(key, false));
        }
      }
    }
    return Optional.empty();
  }

  private record Stored(long count, boolean safe) {}

  /** Writes records; throws if some are left that may be stored by a second try. */
  private Stored store(
      Batches metrics,
      Instant windowStart,
      boolean mayBeStored,
      Deadline deadline,
      List<SinkFailure> failures) {
    long[] count = new long[1];
    List<SinkFailure> rejected = new ArrayList<>();
    RecordWriting writing =
        new RecordWriting(
            records,
            windowStart,
            mayBeStored,
            deadline,
            (metric, reason) -> {
              if (rejected.isEmpty()) {
                rejected.add(
                    new SinkFailure(
                        SinkFailure.RECORDS, "rejected %s: %s".formatted(metric.id(), reason)));
              }
            });
    boolean safe = true;
    try {
      metrics.forEach(
          batch -> {
            count[0] += batch.size();
            batch.forEach(writing::add);
          });
      writing.finish();
    } catch (RetryableFailureException e) {
      throw e;
    } catch (RuntimeException e) {
      // The raw file is safe: what could not be stored is stored when its event is processed.
      LOG.warn("records were not stored", e);
      rejected.add(SinkFailure.of(SinkFailure.RECORDS, e));
      safe = false;
    }
    failures.addAll(rejected);
    return new Stored(count[0], safe);
  }

  private void publish(Batches metrics, Deadline deadline, List<SinkFailure> failures) {
    try {
      WriteResult result = publisher.publish(metrics, deadline);
      if (!result.isComplete()) {
        failures.add(SinkFailure.of(SinkFailure.DATA_POINTS, result));
      }
    } catch (RuntimeException e) {
      LOG.warn("data points were not published", e);
      failures.add(SinkFailure.of(SinkFailure.DATA_POINTS, e));
    }
  }

  private static Batches inMemory(List<Metric> metrics) {
    return consumer -> {
      SeriesBatcher batcher = new SeriesBatcher(Batches.MAX_METRICS, consumer);
      metrics.forEach(batcher::add);
      batcher.finish();
    };
  }

  private Deadline earlier(Deadline deadline) {
    Duration half = deadline.remaining().dividedBy(2);
    Duration reserve = settings.writeReserve();
    return deadline.earlierBy(reserve.compareTo(half) < 0 ? reserve : half);
  }

  private static RuntimeException nothingCollected(MetricType type, List<Failure> failures) {
    Failure first = failures.get(0);
    String message =
        "nothing of %s was collected: collector %s: %s"
            .formatted(type, first.collector(), first.reason());
    boolean hopeless =
        failures.stream().allMatch(f -> f.exception() instanceof InvalidRequestException);
    return hopeless
        ? new InvalidRequestException(message, first.exception())
        : new RetryableFailureException(message, first.exception());
  }
}
