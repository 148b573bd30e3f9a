package io.inframetrics.testkit.memory;

import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.Stores;

/**
 * Every port in memory, and one plan of failures for all of them. Thread-safe.
 *
 * <pre>{@code
 * InMemoryStores stores = new InMemoryStores();
 * stores.rawMetrics().onCommitted(key -> process.accept(key)); // what a storage event does
 * stores.faults().failNext(2, Operation.RAW_COMMIT, Faults.When.AFTER);
 * stores.records().reject(metric -> metric.value() > 100, "over 100");
 * }</pre>
 */
public final class InMemoryStores implements Stores {

  private final Faults faults = new Faults();
  private final InMemoryRawMetrics rawMetrics = new InMemoryRawMetrics(faults);
  private final InMemoryRecords records = new InMemoryRecords(faults);
  private final InMemoryPublisher publisher = new InMemoryPublisher(faults);
  private final InMemoryNotifier notifier = new InMemoryNotifier(faults);
  private final InMemoryRunLedger ledger = new InMemoryRunLedger(faults);
  private final InMemoryDocuments documents = new InMemoryDocuments(faults);

  public Faults faults() {
    return faults;
  }

  public InMemoryRawMetrics rawMetrics() {
    return rawMetrics;
  }

  public InMemoryRecords records() {
    return records;
  }

  public InMemoryPublisher publisher() {
    return publisher;
  }

  @Override
  public InMemoryNotifier notifier() {
    return notifier;
  }

  public InMemoryRunLedger ledger() {
    return ledger;
  }

  public InMemoryDocuments documents() {
    return documents;
  }

  @Override
  public RawMetricSink rawMetricSink() {
    return rawMetrics;
  }

  @Override
  public RawMetricSource rawMetricSource() {
    return rawMetrics;
  }

  @Override
  public MetricRecordSink metricRecordSink() {
    return records;
  }

  @Override
  public MetricHistory metricHistory() {
    return records;
  }

  @Override
  public MetricPublisher metricPublisher() {
    return publisher;
  }

  @Override
  public RunLedger runLedger() {
    return ledger;
  }

  @Override
  public DocumentStore documentStore() {
    return documents;
  }
}
