package io.inframetrics.testkit.memory;

/** What can be asked of the in-memory stores, and so can be made to fail: one for each method. */
public enum Operation {
  /** {@code RawMetricSink.open}. */
  RAW_CREATE,
  /** {@code commit} of a staged raw file. */
  RAW_COMMIT,
  /** {@code RawMetricSource.open}. */
  RAW_OPEN,
  /** {@code RawMetricSource.list}. */
  RAW_LIST,
  /** {@code MetricRecordSink.write}. */
  RECORDS_WRITE,
  /** {@code MetricHistory.series}. */
  HISTORY_SERIES,
  /** {@code MetricHistory.points}. */
  HISTORY_POINTS,
  /** {@code MetricPublisher.publish}; answered as data, since it never throws. */
  PUBLISH,
  /** {@code Notifier.send}. */
  NOTIFY,
  /** {@code RunLedger.markProcessed}. */
  LEDGER_MARK,
  /** {@code RunLedger.processed}. */
  LEDGER_PROCESSED,
  /** {@code RunLedger.collectedUntil}. */
  LEDGER_COLLECTED_UNTIL,
  /** {@code RunLedger.advanceCollectedUntil}. */
  LEDGER_ADVANCE,
  /** {@code RunLedger.analysisMarks}. */
  LEDGER_FINDINGS,
  /** {@code RunLedger.replaceAnalysisMarks}. */
  LEDGER_REPLACE_FINDINGS,
  /** {@code DocumentStore.create}. */
  DOCUMENT_CREATE,
  /** {@code commit} of a staged report. */
  DOCUMENT_COMMIT,
  /** {@code DocumentStore.open}. */
  DOCUMENT_OPEN,
  /** {@code DocumentStore.list}. */
  DOCUMENT_LIST,
  /** {@code DocumentStore.move}. */
  DOCUMENT_MOVE
}
