package io.inframetrics.sink;

/**
 * Every port of one installation. Each method always returns the same object; an implementation may
 * build it at the first call, so that an unused port costs nothing.
 */
public interface Stores {

  RawMetricSink rawMetricSink();

  RawMetricSource rawMetricSource();

  MetricRecordSink metricRecordSink();

  MetricHistory metricHistory();

  MetricPublisher metricPublisher();

  RunLedger runLedger();

  DocumentStore documentStore();

  Notifier notifier();
}
