package io.inframetrics.sink.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.testkit.contract.MetricPublisherContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The port's contract, under each policy, through the SDK. */
class CloudWatchContractTest {

  @Nested
  class Fleet extends Contract {
    Fleet() {
      super(DimensionPolicy.FLEET);
    }
  }

  @Nested
  class Instance extends Contract {
    Instance() {
      super(DimensionPolicy.INSTANCE);
    }
  }

  @Nested
  class Both extends Contract {
    Both() {
      super(DimensionPolicy.BOTH);
    }
  }

  abstract static class Contract extends MetricPublisherContract {

    private final StandIn standIn = new StandIn();
    private final CloudWatchSettings settings;

    Contract(DimensionPolicy policy) {
      this.settings = StandIn.SETTINGS.withPolicy(policy).withSeriesBudget(1_000);
    }

    @Override
    protected MetricPublisher publisher() {
      return standIn.publisher(settings);
    }

    @AfterEach
    void nothingWasRefusedByTheService() {
      assertThat(standIn.server.refused()).isEmpty();
      standIn.close();
    }
  }
}
