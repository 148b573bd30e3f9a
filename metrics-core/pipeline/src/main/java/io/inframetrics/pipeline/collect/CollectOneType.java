package io.inframetrics.pipeline.collect;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.ObjectKeys;
import io.inframetrics.naming.ObjectKeys.RawFile;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.collect.CollectionResult.Failure;
import io.inframetrics.pipeline.collect.CollectionResult.Source;
import io.inframetrics.pipeline.collect.CollectorCalls.FailedCall;
import io.inframetrics.pipeline.rawfile.RecordWriting;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSink.Commit;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects one metric type of one run into one raw file, then feeds records and data points from
 * what is stored: if an earlier try of the run has stored the file already, that file counts and
 * not what was collected now. Thread-safe.
 */
public final class CollectOneType {

  private static final Logger LOG = LoggerFactory.getLogger(CollectOneType.class);

  /** Time for writing that collectors leave of an invocation; never more than half of it. */
  private static final Duration WRITE_RESERVE = Duration.ofSeconds(10);

  private final RawMetricSink files;
  private final RawMetricSource storedFiles;
  private final MetricRecordSink records;
  private final MetricPublisher publisher;
  private final RunLedger ledger;
  private final ObjectKeys keys;
  private final CollectionSchedule schedule;
  private final CollectorCalls calls;

  /**
   * Collects into these stores.
   *
   * @param executor runs collectors; it must start as many threads as are asked of it, for a
   *     collector that hangs keeps one
   */
  public CollectOneType(
      RawMetricSink files,
      RawMetricSource storedFiles,
      MetricRecordSink records,
      MetricPublisher publisher,
      RunLedger ledger,
      ObjectKeys keys,
      CollectionSchedule schedule,
      ExecutorService executor) {
    this.files = files;
    this.storedFiles = storedFiles;
    this.records = records;
    this.publisher = publisher;
    this.ledger = ledger;
    this.keys = keys;
    this.schedule = schedule;
    this.calls = new CollectorCalls(executor);
  }

  /** Collects and stores a window, from the last collection's end if the start is null. */
  CollectionResult collect(
      MetricType type,
      List<MetricCollector> collectors,
      CollectionRun run,
      @Nullable Instant requestedSince,
      Deadline deadline) {
    Instant since =
        schedule.windowStart(
            run.observedAt(), requestedSince, () -> ledger.collectedUntil(type, deadline));
    RawMetricSink.Spec spec = new RawMetricSink.Spec(run, type, since, keys.candidates(type, run));
    try (RawFileWriting file = new RawFileWriting(run, type, files.open(spec, deadline))) {
      List<FailedCall> failedCalls =
          calls.call(collectors, new CollectionRequest(run, since, reserve(deadline)), file);
      StoredObject earlier =
          failedCalls.isEmpty() || file.pushed() > 0
              ? null
              : storedBefore(spec, failedCalls, deadline);
      Commit commit = earlier == null ? file.commit() : new Commit(earlier.key(), false);
      List<Failure> failures = new ArrayList<>();
      if (commit.created()) {
        failedCalls.forEach(
            call -> failures.add(new Failure(Source.COLLECTOR, call.collector(), call.reason())));
        file.refusals().ifPresent(failures::add);
      }
      try (AcceptedMetrics metrics =
          new AcceptedMetrics(
              new RawFile(type, run.observedAt()),
              earlier,
              () -> open(commit.key(), deadline),
              commit.created() ? file.kept() : null)) {
        Instant windowStart = commit.created() ? since : metrics.windowStart();
        Stored stored = store(metrics, windowStart, !commit.created(), deadline, failures);
        // An earlier try may not have got everything, so its window is collected once more. Marked
        // before data points go out: they must not be sent again because the mark failed.
        if (stored.safe() && commit.created() && failedCalls.isEmpty()) {
          ledger.advanceCollectedUntil(type, run.observedAt(), deadline);
        }
        publish(metrics, deadline, failures);
        CollectedObject object = new CollectedObject(commit.key(), type, stored.count());
        return CollectionResult.collected(type.name(), run, since, List.of(object), failures);
      }
    }
  }

  private static Deadline reserve(Deadline deadline) {
    Duration half = deadline.remaining().dividedBy(2);
    return deadline.earlierBy(WRITE_RESERVE.compareTo(half) < 0 ? WRITE_RESERVE : half);
  }

  /** The file of an earlier try of the same run: it counts, even if nothing is collected now. */
  private StoredObject storedBefore(
      RawMetricSink.Spec spec, List<FailedCall> failedCalls, Deadline deadline) {
    for (String key : spec.keys()) {
      StoredObject held = storedFiles.open(key, deadline).orElse(null);
      if (held == null) {
        break;
      }
      if (spec.run().runId().equals(held.runId())) {
        return held;
      }
      held.close();
    }
    throw nothingCollected(spec.type(), failedCalls);
  }

  private StoredObject open(String key, Deadline deadline) {
    return storedFiles
        .open(key, deadline)
        .orElseThrow(
            () ->
                new RetryableFailureException(
                    "raw file '%s' was just stored but cannot be read".formatted(key)));
  }

  private record Stored(long count, boolean safe) {}

  /** Writes records; throws if some are left that may be stored by a second try. */
  private Stored store(
      AcceptedMetrics metrics,
      Instant windowStart,
      boolean mayBeStored,
      Deadline deadline,
      List<Failure> failures) {
    long[] count = new long[1];
    List<Failure> rejected = new ArrayList<>();
    RecordWriting writing =
        new RecordWriting(
            records,
            windowStart,
            mayBeStored,
            deadline,
            (metric, reason) -> {
              if (rejected.isEmpty()) {
                rejected.add(records("rejected %s: %s".formatted(metric.id(), reason)));
              }
            });
    boolean safe = true;
    try {
      metrics.forEachBatch(
          batch -> {
            count[0] += batch.size();
            writing.write(batch);
          });
      writing.finish();
    } catch (RetryableFailureException e) {
      throw e;
    } catch (RuntimeException e) {
      // The raw file is safe: what could not be stored is stored when its event is processed.
      LOG.warn("records were not stored", e);
      rejected.add(records(Texts.describe(e)));
      safe = false;
    }
    failures.addAll(rejected);
    return new Stored(count[0], safe);
  }

  private static Failure records(String reason) {
    return new Failure(Source.SINK, Failure.RECORDS, reason);
  }

  private void publish(AcceptedMetrics metrics, Deadline deadline, List<Failure> failures) {
    String reason;
    try {
      WriteResult result = publisher.publish(metrics::forEachSmallBatch, deadline);
      if (result.isComplete()) {
        return;
      }
      List<Failed> failed =
          Stream.concat(result.rejected().stream(), result.retryable().stream()).toList();
      Failed first = failed.get(0);
      reason = "%d not stored, first %s: %s".formatted(failed.size(), first.id(), first.reason());
    } catch (RuntimeException e) {
      LOG.warn("data points were not published", e);
      reason = Texts.describe(e);
    }
    failures.add(new Failure(Source.SINK, Failure.DATA_POINTS, reason));
  }

  private static RuntimeException nothingCollected(MetricType type, List<FailedCall> calls) {
    FailedCall first = calls.get(0);
    String message =
        "no observations of %s were collected: collector %s: %s"
            .formatted(type, first.collector(), first.reason());
    boolean hopeless =
        calls.stream().allMatch(call -> call.exception() instanceof InvalidRequestException);
    return hopeless
        ? new InvalidRequestException(message, first.exception())
        : new RetryableFailureException(message, first.exception());
  }
}
