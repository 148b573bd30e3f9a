package io.inframetrics.pipeline.process;

import io.inframetrics.detect.ReadableText;
import io.inframetrics.naming.AcceptedKeys;
import io.inframetrics.naming.ObjectKeys;
import io.inframetrics.naming.ObjectKeys.RawFile;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.rawfile.AcceptedCopy;
import io.inframetrics.pipeline.rawfile.FileRule;
import io.inframetrics.pipeline.rawfile.Quarantine;
import io.inframetrics.pipeline.rawfile.RawLines;
import io.inframetrics.pipeline.rawfile.RecordWriting;
import io.inframetrics.pipeline.rawfile.SeriesBatcher;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.RunLedger.ProcessedMark;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Turns raw files that have landed into records: good lines are stored, bad ones go to quarantine
 * with their reasons, and the file is marked. Repeating it, in any order and several at once, leads
 * to the same result. Thread-safe.
 */
public final class ProcessRawMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessRawMetrics.class);

  // Fields of the log lines while a file is processed.
  private static final String METRIC_TYPE = "metric_type";
  private static final String RUN_ID = "run_id";

  private final RawMetricSource source;
  private final MetricRecordSink records;
  private final DocumentStore documents;
  private final RunLedger ledger;
  private final ObjectKeys keys;
  private final Clock clock;
  private final boolean copiesAccepted;

  public ProcessRawMetrics(
      RawMetricSource source,
      MetricRecordSink records,
      DocumentStore documents,
      RunLedger ledger,
      ObjectKeys keys,
      Clock clock) {
    this(source, records, documents, ledger, keys, clock, false);
  }

  private ProcessRawMetrics(
      RawMetricSource source,
      MetricRecordSink records,
      DocumentStore documents,
      RunLedger ledger,
      ObjectKeys keys,
      Clock clock,
      boolean copiesAccepted) {
    this.source = source;
    this.records = records;
    this.documents = documents;
    this.ledger = ledger;
    this.keys = keys;
    this.clock = clock;
    this.copiesAccepted = copiesAccepted;
  }

  /**
   * Returns the same verb that also leaves a copy of each file with only its accepted lines, {@link
   * AcceptedKeys}: what a query engine may read without checking each line itself.
   */
  public ProcessRawMetrics copyingAccepted() {
    return new ProcessRawMetrics(source, records, documents, ledger, keys, clock, true);
  }

  /**
   * Says that a file has landed.
   *
   * @param itemId the queue message that must come again if the file fails; null if the whole event
   *     comes again
   * @param key of the raw file, decoded
   */
  public record Delivery(@Nullable String itemId, String key) {}

  /**
   * What became of the files.
   *
   * @param filesProcessed files that are marked now
   * @param metricsProcessed observations that are records now
   * @param metricsFailed lines that were refused
   * @param quarantined keys of the refused lines
   * @param failedItemIds messages that must come again
   */
  public record Result(
      int filesProcessed,
      long metricsProcessed,
      long metricsFailed,
      List<String> quarantined,
      List<String> failedItemIds) {

    public Result {
      quarantined = List.copyOf(quarantined);
      failedItemIds = List.copyOf(failedItemIds);
    }
  }

  /**
   * Processes every file, also after one that fails, until the deadline.
   *
   * @throws RetryableFailureException if a file without an {@code itemId} failed, or there was no
   *     time for it; the others are processed all the same
   * @throws InvalidRequestException likewise, if no second try can help
   */
  public Result process(List<Delivery> deliveries, Deadline deadline) {
    int files = 0;
    long accepted = 0;
    long refused = 0;
    List<String> quarantined = new ArrayList<>();
    Set<String> failedItems = new LinkedHashSet<>();
    RuntimeException failure = null;
    int begun = 0;
    for (Delivery delivery : deliveries) {
      if (deadline.hasPassed()) {
        break;
      }
      begun++;
      try {
        Processed processed = process(delivery.key(), deadline);
        files++;
        accepted += processed.accepted();
        refused += processed.refused();
        if (processed.quarantineKey() != null) {
          quarantined.add(processed.quarantineKey());
        }
      } catch (RuntimeException e) {
        LOG.warn("raw file {} could not be processed", delivery.key(), e);
        if (delivery.itemId() != null) {
          failedItems.add(delivery.itemId());
        } else if (failure == null || failure instanceof InvalidRequestException) {
          failure = e; // A failure that may heal outweighs one that cannot.
        }
      } finally {
        MDC.remove(METRIC_TYPE);
        MDC.remove(RUN_ID);
      }
    }
    if (begun < deliveries.size()) {
      failure =
          leave(
              deliveries.subList(begun, deliveries.size()),
              deliveries.size(),
              failedItems,
              failure);
    }
    if (failure != null) {
      throw failure;
    }
    return new Result(files, accepted, refused, quarantined, List.copyOf(failedItems));
  }

  /**
   * Leaves files for which there is no time, all of them at once: thousands of failures of their
   * own would take longer than is left.
   */
  private static @Nullable RuntimeException leave(
      List<Delivery> left, int all, Set<String> failedItems, @Nullable RuntimeException failure) {
    String message =
        String.format(
            Locale.ROOT,
            "there was no time for %,d of %s, the first %s: send fewer in one event",
            left.size(),
            ReadableText.count(all, "raw file"),
            left.get(0).key());
    LOG.warn(message);
    boolean wholeEvent = false;
    for (Delivery delivery : left) {
      if (delivery.itemId() == null) {
        wholeEvent = true;
      } else {
        failedItems.add(delivery.itemId());
      }
    }
    return wholeEvent ? new RetryableFailureException(message) : failure;
  }

  private Processed process(String key, Deadline deadline) {
    if (!key.startsWith(ObjectKeys.PREFIX)) {
      throw new InvalidRequestException(
          "object '%s' is not a raw file: keys start with %s".formatted(key, ObjectKeys.PREFIX));
    }
    Optional<RawFile> file = keys.parse(key);
    file.ifPresent(raw -> MDC.put(METRIC_TYPE, raw.type().name()));
    Instant observedAt = file.map(RawFile::observedAt).orElse(Instant.EPOCH);
    StoredObject object =
        source
            .open(key, deadline)
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        "there is no object '%s': it was deleted or never written".formatted(key)));
    if (object.runId() != null) {
      MDC.put(RUN_ID, object.runId());
    }
    try (object;
        Quarantine quarantine = new Quarantine(key, documents, deadline);
        AcceptedCopy copy = new AcceptedCopy(key, documents, deadline)) {
      RecordWriting writing =
          new RecordWriting(
              records,
              Objects.requireNonNullElse(object.windowStart(), observedAt),
              true, // by the collector itself, as a rule
              deadline,
              copiesAccepted ? copy::add : accepted -> {},
              quarantine::add);
      SeriesBatcher batcher = new SeriesBatcher(writing::write);
      RawLines.read(
          object,
          observedAt,
          FileRule.of(key, file, clock.instant()),
          batcher::add,
          quarantine::add);
      batcher.finish();
      long accepted = writing.finish();
      String quarantineKey = quarantine.commit();
      copy.commit();
      ledger.markProcessed(
          new ProcessedMark(key, accepted, quarantine.count(), clock.instant()), deadline);
      LOG.info(
          "processed {}: {}, {} rejected",
          key,
          ReadableText.count(accepted, "record"),
          ReadableText.count(quarantine.count(), "line"));
      return new Processed(accepted, quarantine.count(), quarantineKey);
    }
  }

  private record Processed(long accepted, long refused, @Nullable String quarantineKey) {}
}
