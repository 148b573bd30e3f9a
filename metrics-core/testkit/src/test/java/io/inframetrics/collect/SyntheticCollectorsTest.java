package io.inframetrics.collect;

import io.inframetrics.collect.synthetic.SyntheticFleet;
import io.inframetrics.metric.MetricType;
import io.inframetrics.testkit.contract.MetricCollectorContract;
import org.junit.jupiter.api.Nested;

/** The synthetic fleet keeps the contract of collectors, for each type. */
class SyntheticCollectorsTest {

  @Nested
  class Cpu extends MetricCollectorContract {
    @Override
    protected MetricCollector collector() {
      return synthetic(MetricType.CPU_UTILIZATION);
    }
  }

  @Nested
  class Memory extends MetricCollectorContract {
    @Override
    protected MetricCollector collector() {
      return synthetic(MetricType.MEMORY_USAGE);
    }
  }

  @Nested
  class Disk extends MetricCollectorContract {
    @Override
    protected MetricCollector collector() {
      return synthetic(MetricType.DISK_USAGE);
    }
  }

  @Nested
  class Network extends MetricCollectorContract {
    @Override
    protected MetricCollector collector() {
      return synthetic(MetricType.NETWORK_TRAFFIC);
    }
  }

  private static MetricCollector synthetic(MetricType type) {
    return SyntheticFleet.builder().instances(20).build().collectors().stream()
        .filter(collector -> collector.type().equals(type))
        .findFirst()
        .orElseThrow();
  }
}
