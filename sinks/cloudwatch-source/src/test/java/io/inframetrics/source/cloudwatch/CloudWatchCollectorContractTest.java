package io.inframetrics.source.cloudwatch;

import io.inframetrics.collect.MetricCollector;
import io.inframetrics.metric.MetricType;
import io.inframetrics.testkit.contract.MetricCollectorContract;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/** The collectors of the source keep the contract of every collector. */
@Timeout(60)
class CloudWatchCollectorContractTest {

  @Nested
  class Cpu extends OfAType {
    Cpu() {
      super(MetricType.CPU_UTILIZATION);
    }
  }

  @Nested
  class Memory extends OfAType {
    Memory() {
      super(MetricType.MEMORY_USAGE);
    }
  }

  @Nested
  class Disk extends OfAType {
    Disk() {
      super(MetricType.DISK_USAGE);
    }
  }

  @Nested
  class Network extends OfAType {
    Network() {
      super(MetricType.NETWORK_TRAFFIC);
    }
  }

  abstract static class OfAType extends MetricCollectorContract {

    private final MetricType type;
    private Account account;

    OfAType(MetricType type) {
      this.type = type;
    }

    @BeforeEach
    void startAnAccount() {
      account = new Account();
      for (String id : new String[] {"i-1", "i-2", "i-3"}) {
        account.ec2(id, at -> at / 60 % 100);
        account.memory(Map.of("InstanceId", id), 50);
        account.disk(Map.of("InstanceId", id, "path", "/", "device", "xvda1", "fstype", "xfs"), 40);
      }
    }

    @AfterEach
    void stopIt() {
      account.close();
    }

    @Override
    protected MetricCollector collector() {
      return account.collector(type);
    }
  }
}
