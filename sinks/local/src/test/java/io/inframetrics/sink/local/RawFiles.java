package io.inframetrics.sink.local;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.sink.RawMetricSink.Commit;
import io.inframetrics.sink.RawMetricSink.Spec;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Stores raw files in tests. */
final class RawFiles {

  static final String DAY = "raw-metrics/2026/02/19/";
  static final String KEY = DAY + "metrics-cpu_utilization-1771500463.json";

  private RawFiles() {}

  static Commit store(LocalStores stores, CollectionRun run, String key, String content) {
    Spec spec = new Spec(run, MetricType.CPU_UTILIZATION, SampleMetrics.WINDOW_START, List.of(key));
    try (StagedObject<Commit> staged = stores.rawMetricSink().open(spec, Deadlines.never())) {
      staged.body().write(content.getBytes(StandardCharsets.UTF_8));
      return staged.commit();
    } catch (IOException e) {
      throw new UncheckedIOException("raw file could not be written", e);
    }
  }
}
