package io.inframetrics.sink.dynamodb;

import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.contract.MetricRecordSinkContract;
import io.inframetrics.testkit.contract.RunLedgerContract;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The DynamoDB stores keep the contracts of the ports. */
class DynamoDbContractsTest {

  private final LocalTable table = new LocalTable();

  @AfterEach
  void close() {
    table.close();
  }

  @Nested
  class Records extends MetricRecordSinkContract {
    private final DynamoDbStores stores = table.stores(clock);

    @Override
    protected MetricRecordSink sink() {
      return stores.metricRecordSink();
    }

    @Override
    protected MetricHistory history() {
      return stores.metricHistory();
    }

    @Override
    protected Optional<Duration> retention() {
      return Optional.of(DynamoDbSettings.DEFAULTS.retention());
    }

    @Override
    protected boolean canHold(double value) {
      double magnitude = Math.abs(value);
      return magnitude == 0 || (magnitude >= 1e-130 && magnitude < 1e126);
    }
  }

  @Nested
  class Ledger extends RunLedgerContract {
    private final RunLedger ledger =
        table.stores(ManualClock.at(SampleMetrics.RUN.observedAt())).runLedger();

    @Override
    protected RunLedger ledger() {
      return ledger;
    }
  }
}
