package io.inframetrics.sink.s3;

import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.testkit.contract.DocumentStoreContract;
import io.inframetrics.testkit.contract.RawMetricSinkContract;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The S3 stores keep the contracts of the ports, over an S3 server in this process. */
class S3ContractsTest {

  @RegisterExtension static final TestBucket BUCKET = new TestBucket();

  private S3Stores stores;

  @BeforeEach
  void over() {
    stores = BUCKET.stores();
  }

  @Nested
  class RawMetrics extends RawMetricSinkContract {
    @Override
    protected RawMetricSink sink() {
      return stores.rawMetricSink();
    }

    @Override
    protected RawMetricSource source() {
      return stores.rawMetricSource();
    }
  }

  @Nested
  class Reports extends DocumentStoreContract {
    @Override
    protected DocumentStore store() {
      return stores.documentStore();
    }
  }
}
