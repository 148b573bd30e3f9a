package io.inframetrics.testkit.memory;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.Notifier;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.testkit.contract.DocumentStoreContract;
import io.inframetrics.testkit.contract.MetricCollectorContract;
import io.inframetrics.testkit.contract.MetricPublisherContract;
import io.inframetrics.testkit.contract.MetricRecordSinkContract;
import io.inframetrics.testkit.contract.NotifierContract;
import io.inframetrics.testkit.contract.RawMetricSinkContract;
import io.inframetrics.testkit.contract.RunLedgerContract;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** The in-memory fakes keep the contracts, or tests that use them would prove nothing. */
class InMemoryContractsTest {

  private final InMemoryStores stores = new InMemoryStores();

  @Nested
  class RawMetrics extends RawMetricSinkContract {
    @Override
    protected RawMetricSink sink() {
      return stores.rawMetrics();
    }

    @Override
    protected RawMetricSource source() {
      return stores.rawMetrics();
    }
  }

  @Nested
  class Records extends MetricRecordSinkContract {
    @Override
    protected MetricRecordSink sink() {
      return stores.records();
    }

    @Override
    protected MetricHistory history() {
      return stores.records();
    }
  }

  @Nested
  class Publisher extends MetricPublisherContract {
    @Override
    protected MetricPublisher publisher() {
      return stores.publisher();
    }
  }

  @Nested
  class Notifications extends NotifierContract {
    @Override
    protected Notifier notifier() {
      return stores.notifier();
    }

    @Override
    protected List<Notifier.Notification> arrived() {
      return stores.notifier().sent();
    }
  }

  @Nested
  class Ledger extends RunLedgerContract {
    @Override
    protected RunLedger ledger() {
      return stores.ledger();
    }
  }

  @Nested
  class Reports extends DocumentStoreContract {
    @Override
    protected DocumentStore store() {
      return stores.documents();
    }
  }

  @Nested
  class Collector extends MetricCollectorContract {
    @Override
    protected MetricCollector collector() {
      return new EveryMinute();
    }
  }

  /** A collector as the Javadoc of the interface describes one. */
  static class EveryMinute implements MetricCollector {

    @Override
    public MetricType type() {
      return MetricType.CPU_UTILIZATION;
    }

    @Override
    public void collect(CollectionRequest request, MetricConsumer consumer) throws Exception {
      for (String instance : List.of("i-1", "i-2")) {
        Series series = Series.of(type(), instance);
        long first = request.since().getEpochSecond() / 60 * 60 + 60;
        for (long t = first; t <= request.until().getEpochSecond(); t += 60) {
          consumer.accept(
              new Observation(
                  series, Instant.ofEpochSecond(t), t % 100, MetricUnit.PERCENT, "local"));
        }
      }
    }
  }
}
