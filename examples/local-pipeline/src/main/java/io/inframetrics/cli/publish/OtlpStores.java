package io.inframetrics.cli.publish;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.Notifier;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.Stores;
import io.inframetrics.sink.otlp.OtlpMetricPublisher;
import io.inframetrics.sink.otlp.OtlpSettings;
import java.time.Clock;

/** The stores of a run, except that data points go to an OpenTelemetry endpoint. */
public final class OtlpStores implements Stores {

  private final Stores stores;
  private final OtlpSettings settings;
  private final OtlpMetricPublisher publisher;

  OtlpStores(Stores stores, OtlpSettings settings, Clock clock) {
    this.stores = stores;
    this.settings = settings;
    this.publisher = OtlpMetricPublisher.to(settings, AwsCalls.Sleeper.THREAD, clock);
  }

  /** Where data points go, for people. */
  public String whereabouts() {
    return "Data points went to %s by OTLP".formatted(settings.endpoint());
  }

  @Override
  public MetricPublisher metricPublisher() {
    return publisher;
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
  public MetricHistory metricHistory() {
    return stores.metricHistory();
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
