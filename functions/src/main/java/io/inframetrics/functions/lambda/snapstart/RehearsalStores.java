package io.inframetrics.functions.lambda.snapstart;

import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.Notifier;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.Stores;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.List;

/**
 * Stores of which the history asks as ever and then answers with points of its own, so that there
 * is something to analyse.
 */
record RehearsalStores(Stores stores, Series series, List<Observation> points) implements Stores {

  @Override
  public MetricHistory metricHistory() {
    MetricHistory empty = stores.metricHistory();
    return new MetricHistory() {
      @Override
      public List<KnownSeries> series(MetricType type, Instant since, Deadline deadline) {
        empty.series(type, since, deadline);
        return List.of(new KnownSeries(series, MetricUnit.PERCENT, "rehearsal"));
      }

      @Override
      public List<Point> points(
          Series asked, Instant from, Instant to, int limit, Deadline deadline) {
        empty.points(asked, from, to, limit, deadline);
        return points.stream()
            .map(point -> new Point(point.timestamp().getEpochSecond(), point.value()))
            .toList();
      }
    };
  }

  @Override
  public RawMetricSink rawMetricSink() {
    return stores.rawMetricSink();
  }

  @Override
  public RawMetricSource rawMetricSource() {
    return stores.rawMetricSource();
  }

  @Override
  public MetricRecordSink metricRecordSink() {
    return stores.metricRecordSink();
  }

  @Override
  public MetricPublisher metricPublisher() {
    return stores.metricPublisher();
  }

  @Override
  public RunLedger runLedger() {
    return stores.runLedger();
  }

  @Override
  public DocumentStore documentStore() {
    return stores.documentStore();
  }

  @Override
  public Notifier notifier() {
    return stores.notifier();
  }
}
