package io.inframetrics.pipeline;

import io.inframetrics.metric.Metric;
import io.inframetrics.sink.MetricRecordSink.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Cuts a stream of metrics into batches, between two series where it can: a store that packs a
 * series into one item gets it whole. One thread.
 */
final class SeriesBatcher {

  private final Consumer<List<Metric>> consumer;
  private final List<Metric> pending = new ArrayList<>(Batch.MAX_METRICS);

  /** Where the last series in {@link #pending} begins. */
  private int lastSeriesStart;

  SeriesBatcher(Consumer<List<Metric>> consumer) {
    this.consumer = consumer;
  }

  void add(Metric metric) {
    if (pending.size() == Batch.MAX_METRICS) {
      boolean seriesEnds = !isOfLastSeries(metric);
      flush(seriesEnds || lastSeriesStart == 0 ? pending.size() : lastSeriesStart);
    }
    if (pending.isEmpty() || !isOfLastSeries(metric)) {
      lastSeriesStart = pending.size();
    }
    pending.add(metric);
  }

  /** Gives out what is left. */
  void finish() {
    if (!pending.isEmpty()) {
      flush(pending.size());
    }
  }

  private boolean isOfLastSeries(Metric metric) {
    return pending.get(pending.size() - 1).series().equals(metric.series());
  }

  private void flush(int count) {
    List<Metric> head = pending.subList(0, count);
    consumer.accept(List.copyOf(head));
    head.clear();
    lastSeriesStart = 0;
  }
}
