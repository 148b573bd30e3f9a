package io.inframetrics.pipeline.process;

import io.inframetrics.encode.JsonLinesWriter;
import io.inframetrics.encode.Line;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.naming.ObjectKeys;
import io.inframetrics.naming.ObjectKeys.RawFile;
import io.inframetrics.naming.QuarantineKeys;
import io.inframetrics.naming.Sha256;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.rawfile.FileRule;
import io.inframetrics.pipeline.rawfile.Quarantine;
import io.inframetrics.pipeline.rawfile.RawLines;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSink.Commit;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives refused lines another chance, after they or the rules were fixed: those that are good now
 * become a raw file of their own, which is processed like any other; the others stay in quarantine
 * under that file's name. The old entry moves to {@code quarantine/replayed/}. Safe to repeat.
 * Thread-safe.
 */
public final class ReplayQuarantine {

  private final RawMetricSink files;
  private final RawMetricSource storedFiles;
  private final DocumentStore documents;
  private final ObjectKeys keys;
  private final Clock clock;

  public ReplayQuarantine(
      RawMetricSink files,
      RawMetricSource storedFiles,
      DocumentStore documents,
      ObjectKeys keys,
      Clock clock) {
    this.files = files;
    this.storedFiles = storedFiles;
    this.documents = documents;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * What became of an entry.
   *
   * @param rawKey the new raw file; null if no line is good, and then nothing was changed
   * @param accepted lines that are good now
   * @param refused lines that are still bad
   * @param firstReason why the first of these is bad; null if all are good
   */
  public record Result(
      String quarantineKey,
      @Nullable String rawKey,
      long accepted,
      long refused,
      @Nullable String firstReason) {}

  /** The entries that wait, sorted. */
  public List<String> waiting(Deadline deadline) {
    return documents.list(QuarantineKeys.PREFIX + ObjectKeys.PREFIX, deadline).stream()
        .filter(QuarantineKeys::isWaiting)
        .toList();
  }

  /**
   * Replays one entry.
   *
   * @param key of the refused lines, or of the raw file that they were in
   * @throws InvalidRequestException if there is no such entry
   */
  public Result replay(String key, Deadline deadline) {
    String quarantineKey = key.startsWith(QuarantineKeys.PREFIX) ? key : QuarantineKeys.lines(key);
    if (!QuarantineKeys.isWaiting(quarantineKey)) {
      throw new InvalidRequestException(
          "'%s' is not a key of rejected lines: use a key such as quarantine/raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463.json"
              .formatted(key));
    }
    String rawKey = QuarantineKeys.rawKey(quarantineKey);
    Optional<RawFile> file = keys.parse(rawKey);
    Entry entry = new Entry(quarantineKey, rawKey, file, deadline);

    Tally tally = new Tally();
    read(entry, tally::accept, tally::refuse);
    if (tally.accepted == 0 || file.isEmpty()) {
      return new Result(quarantineKey, null, 0, tally.refused, tally.firstReason);
    }
    String newKey = store(entry, file.get(), tally.contentHash());
    if (tally.refused > 0) {
      try (Quarantine still = new Quarantine(newKey, documents, deadline)) {
        read(entry, metric -> {}, still::add);
        still.commit();
      }
    }
    // Lines last: until they are moved, the replay can be repeated.
    String reasons = QuarantineKeys.reasons(rawKey);
    documents.move(reasons, QuarantineKeys.replayed(reasons), deadline);
    documents.move(quarantineKey, QuarantineKeys.replayed(quarantineKey), deadline);
    return new Result(quarantineKey, newKey, tally.accepted, tally.refused, tally.firstReason);
  }

  private String store(Entry entry, RawFile file, String hash) {
    // The content names the run, so a replay that is repeated finds its own file.
    CollectionRun run = new CollectionRun("replay-" + hash.substring(0, 32), file.observedAt());
    RawMetricSink.Spec spec =
        new RawMetricSink.Spec(
            run,
            file.type(),
            windowStart(entry.rawKey(), file, entry.deadline()),
            List.of(keys.replayed(entry.rawKey(), hash)));
    try (StagedObject<Commit> staged = files.open(spec, entry.deadline())) {
      try (JsonLinesWriter writer = new JsonLinesWriter(staged.body())) {
        read(entry, writer::write, bad -> {});
      }
      return staged.commit().key();
    }
  }

  private Instant windowStart(String rawKey, RawFile file, Deadline deadline) {
    try (StoredObject original = storedFiles.open(rawKey, deadline).orElse(null)) {
      return original == null || original.windowStart() == null
          ? file.observedAt()
          : original.windowStart();
    }
  }

  private record Entry(
      String quarantineKey, String rawKey, Optional<RawFile> file, Deadline deadline) {}

  private void read(Entry entry, Consumer<Metric> accepted, Consumer<Line.Bad> refused) {
    StoredObject lines =
        documents
            .open(entry.quarantineKey(), entry.deadline())
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        "there are no rejected lines under '%s'".formatted(entry.quarantineKey())));
    RawLines.read(
        lines,
        entry.file().map(RawFile::observedAt).orElse(Instant.EPOCH),
        FileRule.of(entry.rawKey(), entry.file(), clock.instant()),
        accepted,
        refused);
  }

  /** Counts lines and hashes what the good ones will be written as. */
  private static final class Tally {
    private final MessageDigest digest = Sha256.newDigest();
    private final JsonLinesWriter writer =
        new JsonLinesWriter(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    private long accepted;
    private long refused;
    private @Nullable String firstReason;

    void accept(Metric metric) {
      writer.write(metric);
      accepted++;
    }

    void refuse(Line.Bad line) {
      if (firstReason == null) {
        firstReason = line.reason();
      }
      refused++;
    }

    String contentHash() {
      writer.close();
      return Sha256.hex(digest.digest());
    }
  }
}
