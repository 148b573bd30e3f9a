package io.inframetrics.integration.athena;

import io.inframetrics.metric.Metric;
import io.inframetrics.naming.AcceptedKeys;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.naming.ObjectKeys;
import io.inframetrics.naming.QuarantineKeys;
import io.inframetrics.pipeline.process.ProcessRawMetrics;
import io.inframetrics.pipeline.process.ProcessRawMetrics.Delivery;
import io.inframetrics.pipeline.process.ReplayQuarantine;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.memory.InMemoryStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/** Raw files that are processed as in a deployed stack, and what is left of them. */
final class ProcessedFiles {

  /** The time at which everything happens. */
  static final Instant NOW = SampleMetrics.RUN.observedAt();

  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private final InMemoryStores stores = new InMemoryStores();
  private final ObjectKeys keys = new DatedObjectKeys();
  private final ProcessRawMetrics process =
      new ProcessRawMetrics(
              stores.rawMetrics(),
              stores.records(),
              stores.documents(),
              stores.ledger(),
              keys,
              CLOCK)
          .copyingAccepted();

  ProcessedFiles() {
    stores.records().reject(metric -> !fitsDynamoDb(metric), "no DynamoDB item can have it");
  }

  /** What the table of a deployed stack takes; {@code RecordItems} has the limits. */
  private static boolean fitsDynamoDb(Metric metric) {
    double magnitude = Math.abs(metric.value());
    return (magnitude == 0 || (magnitude >= 1e-130 && magnitude < 1e126))
        && StandardCharsets.UTF_8.newEncoder().canEncode(metric.series().id() + metric.region());
  }

  static String key(String type, Instant observedAt) {
    return "raw-metrics/%tY/%<tm/%<td/metrics-%s-%d.json"
        .formatted(observedAt.atOffset(ZoneOffset.UTC), type, observedAt.getEpochSecond());
  }

  /** Drops a raw file and processes it. */
  void process(String key, String content) {
    stores.rawMetrics().drop(key, content);
    process(key);
  }

  private void process(String key) {
    process.process(List.of(new Delivery(null, key)), Deadlines.never());
  }

  /** Replays what was rejected of a raw file after its lines were replaced by {@code mended}. */
  void mend(String key, String mended) {
    try (StagedObject<String> lines =
        stores.documents().create(QuarantineKeys.lines(key), Deadlines.never())) {
      lines.body().write(mended.getBytes(StandardCharsets.UTF_8));
      lines.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String replayed =
        new ReplayQuarantine(
                stores.rawMetrics(), stores.rawMetrics(), stores.documents(), keys, CLOCK)
            .replay(key, Deadlines.never())
            .rawKey();
    if (replayed != null) {
      process(replayed);
    }
  }

  List<Metric> records() {
    return stores.records().metrics();
  }

  /** The unzipped copies of accepted lines, by the day in their keys. */
  SortedMap<String, byte[]> copiesByDay() {
    SortedMap<String, byte[]> days = new TreeMap<>();
    for (String key : stores.documents().keys()) {
      if (key.startsWith(AcceptedKeys.PREFIX)) {
        int start = AcceptedKeys.PREFIX.length();
        days.merge(
            key.substring(start, start + "yyyy/MM/dd".length()),
            unzipped(key),
            ProcessedFiles::join);
      }
    }
    return days;
  }

  /** The rows of these copies, read without Trino. */
  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    copiesByDay().forEach((day, lines) -> rows.addAll(Row.of(lines, day)));
    return rows;
  }

  private byte[] unzipped(String key) {
    try (StoredObject object = stores.documents().open(key, Deadlines.never()).orElseThrow();
        GZIPInputStream content = new GZIPInputStream(object.body())) {
      return content.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("'" + key + "' is not a gzipped file", e);
    }
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
