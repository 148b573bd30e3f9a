package io.inframetrics.pipeline.rawfile;

import io.inframetrics.metric.Metric;
import io.inframetrics.sink.MetricRecordSink.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Cuts a stream of metrics into batches, between two series where it can and after a multiple of
 * {@link Batch#SERIES_STEP} series where that many fit: a store that packs a series into one item
 * gets it whole, and full calls of them. One thread.
 */
public final class SeriesBatcher {

  private final int maxMetrics;
  private final Consumer<List<Metric>> consumer;
  private final List<Metric> pending = new ArrayList<>();

  /** Where each series in {@link #pending} begins. */
  private final List<Integer> starts = new ArrayList<>();

  /** Batches of the largest size that a record store takes. */
  public SeriesBatcher(Consumer<List<Metric>> consumer) {
    this(Batch.MAX_METRICS, consumer);
  }

  SeriesBatcher(int maxMetrics, Consumer<List<Metric>> consumer) {
    this.maxMetrics = maxMetrics;
    this.consumer = consumer;
  }

  /** Takes the next metric; gives out a batch if it is full. */
  public void add(Metric metric) {
    if (pending.size() == maxMetrics) {
      flush(cut(isOfLastSeries(metric) ? starts.size() - 1 : starts.size()));
    }
    if (pending.isEmpty() || !isOfLastSeries(metric)) {
      starts.add(pending.size());
    }
    pending.add(metric);
  }

  /** Where to cut if {@code wholeSeries} series are complete. */
  private int cut(int wholeSeries) {
    int rest = wholeSeries < Batch.SERIES_STEP ? 0 : wholeSeries % Batch.SERIES_STEP;
    int series = wholeSeries - rest;
    return series == 0 || series == starts.size() ? pending.size() : starts.get(series);
  }

  /** Gives out what is left. */
  public void finish() {
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
    starts.removeIf(start -> start < count);
    starts.replaceAll(start -> start - count);
  }
}
