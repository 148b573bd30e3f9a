package io.inframetrics.testkit.memory;

/** The operations of the in-memory stores that can be made to fail, one for each method. */
public enum Operation {
  /** {@code RawMetricSink.open}. */
  RAW_CREATE,
  RAW_COMMIT,
  RAW_OPEN,
  RAW_LIST,
  RECORDS_WRITE,
  HISTORY_SERIES,
  HISTORY_POINTS,
  /** {@code MetricPublisher.publish}; answered as data, since it never throws. */
  PUBLISH,
  NOTIFY,
  /** {@code RunLedger.markProcessed}. */
  LEDGER_MARK,
  LEDGER_PROCESSED,
  LEDGER_COLLECTED_UNTIL,
  /** {@code RunLedger.advanceCollectedUntil}. */
  LEDGER_ADVANCE,
  /** {@code RunLedger.analysisMarks}. */
  LEDGER_FINDINGS,
  /** {@code RunLedger.replaceAnalysisMarks}. */
  LEDGER_REPLACE_FINDINGS,
  LEDGER_LEARNED,
  LEDGER_LEARN,
  DOCUMENT_CREATE,
  DOCUMENT_COMMIT,
  DOCUMENT_OPEN,
  DOCUMENT_LIST,
  DOCUMENT_MOVE
}
