package io.inframetrics.pipeline.rawfile;

import io.inframetrics.encode.JsonLinesReader;
import io.inframetrics.encode.Line;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.naming.Sha256;
import io.inframetrics.sink.StoredObject;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads the lines of a stored object. {@link JsonLinesReader}, with its {@code LineDecoder},
 * refuses a line that is not an observation, {@link FileRule} an observation that does not belong
 * into the file.
 */
public final class RawLines {

  private RawLines() {}

  /**
   * Reads all of {@code object} and closes it.
   *
   * @param observedAt the file's own time
   */
  public static void read(
      StoredObject object,
      Instant observedAt,
      FileRule acceptance,
      Consumer<Metric> accepted,
      Consumer<Line.Bad> refused) {
    try (JsonLinesReader reader = new JsonLinesReader(object.body(), owner(object, observedAt))) {
      Line line;
      while ((line = reader.next()) != null) {
        if (line instanceof Line.Good good) {
          Optional<String> refusal = acceptance.refusal(good.metric());
          if (refusal.isEmpty()) {
            accepted.accept(good.metric());
          } else {
            refused.accept(reader.refuse(refusal.get()));
          }
        } else {
          refused.accept((Line.Bad) line);
        }
      }
    }
  }

  /** The run that lines without a {@code run_id} belong to. */
  private static CollectionRun owner(StoredObject object, Instant observedAt) {
    String runId = object.runId();
    return new CollectionRun(
        runId == null ? "file-" + Sha256.hex(object.key()).substring(0, 16) : runId, observedAt);
  }
}
