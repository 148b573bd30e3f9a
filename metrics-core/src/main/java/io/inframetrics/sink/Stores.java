package io.inframetrics.sink;

/**
 * Every port of one installation. Each method answers the same object whenever it is called; an
 * implementation may build it at the first call, so that what is not used costs nothing.
 */
public interface Stores {

  /** Where raw files are written. */
  RawMetricSink rawMetricSink();

  /** Where raw files are read. */
  RawMetricSource rawMetricSource();

  /** Where records are written. */
  MetricRecordSink metricRecordSink();

  /** Where records are read. */
  MetricHistory metricHistory();

  /** Where data points go. */
  MetricPublisher metricPublisher();

  /** What runs remember. */
  RunLedger runLedger();

  /** Quarantine and reports. */
  DocumentStore documentStore();

  /** Who tells people. */
  Notifier notifier();
}
