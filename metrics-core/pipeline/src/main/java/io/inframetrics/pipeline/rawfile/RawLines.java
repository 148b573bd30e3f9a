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
import java.util.function.Function;

/** Walks through the lines of a stored object and parts them into accepted and refused. */
public final class RawLines {

  private RawLines() {}

  /**
   * Reads all of {@code object} and closes it.
   *
   * @param observedAt the file's own time
   * @param refusal why a well-formed observation is refused
   */
  public static void read(
      StoredObject object,
      Instant observedAt,
      Function<Metric, Optional<String>> refusal,
      Consumer<Metric> accepted,
      Consumer<Line.Bad> refused) {
    try (JsonLinesReader reader =
        new JsonLinesReader(object.body(), owner(object, observedAt), refusal)) {
      Line line;
      while ((line = reader.next()) != null) {
        if (line instanceof Line.Good good) {
          accepted.accept(good.metric());
        } else {
          refused.accept((Line.Bad) line);
        }
      }
    }
  }

  /** Whose lines are that do not say it themselves. */
  private static CollectionRun owner(StoredObject object, Instant observedAt) {
    String runId = object.runId();
    return new CollectionRun(
        runId == null ? "file-" + Sha256.hex(object.key()).substring(0, 16) : runId, observedAt);
  }
}
