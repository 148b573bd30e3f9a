package io.inframetrics.sink.s3;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.sink.RawMetricSink.Commit;
import io.inframetrics.sink.RawMetricSink.Spec;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import java.io.IOException;
import java.util.List;
import java.util.Random;

/** Writes and reads the same raw file, or its rival's. */
final class RawFiles {

  static final CollectionRun RUN = SampleMetrics.RUN;
  static final CollectionRun RIVAL = SampleMetrics.RIVAL_RUN;

  private RawFiles() {}

  static List<String> keys(CollectionRun run) {
    return new DatedObjectKeys().candidates(MetricType.CPU_UTILIZATION, run);
  }

  /** The key that {@link #RUN} and {@link #RIVAL} both want. */
  static String key() {
    return keys(RUN).get(0);
  }

  static Spec spec(CollectionRun run) {
    return new Spec(run, MetricType.CPU_UTILIZATION, SampleMetrics.WINDOW_START, keys(run));
  }

  static Commit store(S3Stores stores, CollectionRun run, byte[] content) throws IOException {
    try (StagedObject<Commit> staged = stores.rawMetricSink().open(spec(run), Deadlines.never())) {
      staged.body().write(content);
      return staged.commit();
    }
  }

  static byte[] read(S3Stores stores, String key) throws IOException {
    try (StoredObject object =
        stores.rawMetricSource().open(key, Deadlines.never()).orElseThrow()) {
      return object.body().readAllBytes();
    }
  }

  /** So many bytes, the same each time. */
  static byte[] content(int bytes) {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return content;
  }
}
