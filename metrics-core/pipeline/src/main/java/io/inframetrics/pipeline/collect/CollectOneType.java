package io.inframetrics.pipeline.collect;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.detect.ReadableText;
import io.inframetrics.encode.Line;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.ObjectKeys;
import io.inframetrics.naming.ObjectKeys.RawFile;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.collect.CollectionResult.Failure;
import io.inframetrics.pipeline.collect.CollectionResult.Source;
import io.inframetrics.pipeline.collect.CollectorCalls.Call;
import io.inframetrics.pipeline.collect.CollectorCalls.FailedCall;
import io.inframetrics.pipeline.rawfile.RecordWriting;
import io.inframetrics.sink.DocumentStore;
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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
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
  private final @Nullable Supplier<DocumentStore> documents;

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
    this.documents = null;
  }

  private CollectOneType(CollectOneType other, Supplier<DocumentStore> documents) {
    this.files = other.files;
    this.storedFiles = other.storedFiles;
    this.records = other.records;
    this.publisher = other.publisher;
    this.ledger = other.ledger;
    this.keys = other.keys;
    this.schedule = other.schedule;
    this.calls = other.calls;
    this.documents = documents;
  }

  /**
   * The same, where collectors may look behind; without, none does.
   *
   * @param documents keeps what was collected lately; opened only if a collector looks behind
   */
  public CollectOneType lookingBehind(Supplier<DocumentStore> documents) {
    return new CollectOneType(this, documents);
  }

  /** Collects and stores a window, from the last collection's end if the start is null. */
  CollectionResult collect(
      MetricType type,
      List<MetricCollector> collectors,
      CollectionRun run,
      @Nullable Instant requestedSince,
      Deadline deadline) {
    Optional<Instant> mark =
        requestedSince == null ? ledger.collectedUntil(type, deadline) : Optional.empty();
    boolean passed = mark.filter(until -> !until.isBefore(run.observedAt())).isPresent();
    Instant since =
        schedule.windowStart(
            run.observedAt(),
            requestedSince,
            collectors.stream()
                .map(MetricCollector::firstWindow)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO),
            () -> mark);
    List<Call> asked = new ArrayList<>();
    Deadline reserved = reserve(deadline);
    Instant start = since;
    Duration behind = Duration.ZERO;
    Duration patience = Duration.ZERO;
    for (MetricCollector collector : collectors) {
      Instant from = since;
      if (documents != null) {
        Duration own = schedule.lookBehindOf(collector);
        behind = max(behind, own);
        patience = max(patience, schedule.patience(collector));
        // A window that was asked for is exactly that.
        from =
            requestedSince == null ? schedule.lookFrom(since, run.observedAt(), collector) : since;
      }
      start = from.isBefore(start) ? from : start;
      asked.add(new Call(collector, new CollectionRequest(run, from, reserved)));
    }
    if (requestedSince != null) { // It may end where nothing has come for long.
      patience = max(patience, Duration.between(since, run.observedAt()));
    }
    LookBehind lookBehind =
        documents == null || behind.isZero()
            ? null
            : new LookBehind(documents.get(), type, behind, patience, deadline);
    return collect(
        new Window(type, run, since, start, true, passed), asked, List.of(), lookBehind, deadline);
  }

  /** Stores observations that came with the request, and moves no mark. */
  CollectionResult push(
      MetricType type,
      MetricCollector pushed,
      List<Line.Bad> refused,
      CollectionRun run,
      Instant start,
      Deadline deadline) {
    Call call = new Call(pushed, new CollectionRequest(run, start, reserve(deadline)));
    return collect(
        new Window(type, run, start, start, false, false), List.of(call), refused, null, deadline);
  }

  /**
   * What is collected.
   *
   * @param since the end of the last collection, or what the request says
   * @param start where the first collector starts to look
   * @param marked whether the next window starts at the end of this one
   * @param passed whether the window of an earlier run, or of an earlier try, ended as late
   */
  private record Window(
      MetricType type,
      CollectionRun run,
      Instant since,
      Instant start,
      boolean marked,
      boolean passed) {}

  /** What runs of a type collected lately, and how long that matters. */
  private final class LookBehind {

    private final DocumentStore store;
    private final MetricType type;
    private final Duration behind;
    private final Duration patience;
    private final Deadline deadline;
    private CollectedPoints points;

    LookBehind(
        DocumentStore store,
        MetricType type,
        Duration behind,
        Duration patience,
        Deadline deadline) {
      this.store = store;
      this.type = type;
      this.behind = behind;
      this.patience = patience;
      this.deadline = deadline;
      this.points = CollectedPoints.read(store, type, deadline);
    }

    /** Forgets what this try collected: the file of an earlier try counts. */
    void takeInstead(AcceptedMetrics metrics) {
      CollectedPoints ofEarlierRuns = CollectedPoints.read(store, type, deadline);
      metrics.forEachBatch(
          batch ->
              batch.forEach(
                  metric ->
                      ofEarlierRuns.add(metric.series(), metric.timestamp(), metric.value())));
      points = ofEarlierRuns;
    }

    /** Keeps what the window after {@code next} may find again. */
    void keep(Instant next, Instant until) {
      Instant earliest = until.minus(schedule.maxWindow());
      Instant from = next.minus(behind);
      points.write(store, type, from.isBefore(earliest) ? earliest : from, until, deadline);
    }

    /**
     * Whether a run that has nothing to store had a source all the same: it found what was known,
     * or its last values are not long ago.
     *
     * @param explained whether a note says why there is nothing
     */
    boolean isNothingNew(Instant until, boolean explained) {
      Instant newest = points.newest(until).orElse(Instant.MIN);
      return !explained || newest.isAfter(until.minus(max(schedule.maxWindow(), patience)));
    }

    /** Says so if values are missing for longer than they come late. */
    Optional<Failure> overdue(Instant until) {
      Instant newest = points.newest(until).orElse(null);
      if (newest != null && !newest.isBefore(until.minus(patience))) {
        return Optional.empty();
      }
      return Optional.of(
          new Failure(
              Source.TYPE,
              type.name(),
              newest == null
                  ? "no value has come yet: check what its source reads"
                  : "no new value since %s, although one was due within %s: check what its source reads"
                      .formatted(newest, ReadableText.minutes(patience.toSeconds()))));
    }
  }

  private CollectionResult collect(
      Window window,
      List<Call> collectors,
      List<Line.Bad> refused,
      @Nullable LookBehind lookBehind,
      Deadline deadline) {
    MetricType type = window.type();
    CollectionRun run = window.run();
    RawMetricSink.Spec spec =
        new RawMetricSink.Spec(run, type, window.start(), keys.candidates(type, run));
    try (RawFileWriting file =
        new RawFileWriting(
            run, type, files.open(spec, deadline), lookBehind == null ? null : lookBehind.points)) {
      refused.forEach(file::refuse);
      List<FailedCall> failedCalls = calls.call(collectors, file);
      List<Failure> failures = new ArrayList<>();
      failedCalls.forEach(
          call -> failures.add(new Failure(Source.COLLECTOR, call.collector(), call.reason())));
      StoredObject earlier = null;
      if (hasNothing(file, failedCalls, lookBehind)) {
        earlier = storedBefore(spec, deadline);
        if (earlier == null) {
          return nothingNew(window, file, failedCalls, failures, lookBehind, deadline);
        }
      }
      Commit commit = earlier == null ? file.commit() : new Commit(earlier.key(), false);
      if (commit.created()) {
        file.refusals().ifPresent(failures::add);
      } else {
        failures.clear(); // The file of an earlier try counts.
      }
      try (AcceptedMetrics metrics =
          new AcceptedMetrics(
              new RawFile(type, run.observedAt()),
              earlier,
              () -> open(commit.key(), deadline),
              commit.created() ? file.kept() : null)) {
        Instant windowStart = commit.created() ? window.start() : metrics.windowStart();
        Stored stored = store(metrics, windowStart, !commit.created(), deadline, failures);
        // An earlier try may not have got everything, so its window is collected once more. Marked
        // before data points go out: they must not be sent again because the mark failed.
        boolean complete = stored.safe() && commit.created() && failedCalls.isEmpty();
        if (complete && window.marked()) {
          ledger.advanceCollectedUntil(type, run.observedAt(), deadline);
        }
        if (lookBehind != null) {
          if (!commit.created()) {
            lookBehind.takeInstead(metrics);
          }
          // After the mark, which says what later runs may find again; before data points go out,
          // so that what was published is known.
          lookBehind.keep(complete ? run.observedAt() : window.since(), run.observedAt());
        }
        if (window.passed() && commit.created() && !publisher.leavesOutDuplicates()) {
          LOG.info("no data points of {} are sent: a run of a later time has sent them", type);
        } else {
          publish(metrics, deadline, failures);
        }
        CollectedObject object = new CollectedObject(commit.key(), type, stored.count());
        return CollectionResult.collected(
            type.name(), run, window.since(), List.of(object), failures, file.notes(), false);
      }
    }
  }

  /** Whether there is no line to store, for a reason: it failed, was known, or matched nothing. */
  private static boolean hasNothing(
      RawFileWriting file, List<FailedCall> failedCalls, @Nullable LookBehind lookBehind) {
    return file.written() == 0
        && (!failedCalls.isEmpty() || lookBehind != null || !file.notes().isEmpty());
  }

  private CollectionResult nothingNew(
      Window window,
      RawFileWriting file,
      List<FailedCall> failedCalls,
      List<Failure> failures,
      @Nullable LookBehind lookBehind,
      Deadline deadline) {
    if (!failedCalls.isEmpty() && file.pushed() == 0) {
      throw nothingCollected(window.type(), failedCalls);
    }
    CollectionRun run = window.run();
    if (failedCalls.isEmpty() && window.marked()) {
      ledger.advanceCollectedUntil(window.type(), run.observedAt(), deadline);
    }
    boolean explained = file.pushed() == 0 && !file.notes().isEmpty();
    boolean nothingNew = lookBehind != null && lookBehind.isNothingNew(run.observedAt(), explained);
    if (lookBehind != null && nothingNew) {
      file.note("nothing new of " + window.type() + " since " + window.since());
      lookBehind.overdue(run.observedAt()).ifPresent(failures::add);
    }
    return CollectionResult.collected(
        window.type().name(), run, window.since(), List.of(), failures, file.notes(), nothingNew);
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? b : a;
  }

  private static Deadline reserve(Deadline deadline) {
    Duration half = deadline.remaining().dividedBy(2);
    return deadline.earlierBy(WRITE_RESERVE.compareTo(half) < 0 ? WRITE_RESERVE : half);
  }

  /** The file of an earlier try of the same run, which counts; null if there is none. */
  private @Nullable StoredObject storedBefore(RawMetricSink.Spec spec, Deadline deadline) {
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
    return null;
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
            metric -> {},
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
