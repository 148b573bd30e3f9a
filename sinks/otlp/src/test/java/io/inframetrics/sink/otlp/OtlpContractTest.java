package io.inframetrics.sink.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.testkit.contract.MetricPublisherContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The port's contract, in both encodings. */
class OtlpContractTest {

  @Nested
  class Protobuf extends Contract {
    Protobuf() {
      super(false);
    }
  }

  @Nested
  class Json extends Contract {
    Json() {
      super(true);
    }
  }

  abstract static class Contract extends MetricPublisherContract {

    private final StandIn standIn = new StandIn();
    private final OtlpMetricPublisher publisher;

    Contract(boolean json) {
      this.publisher = standIn.publisher(standIn.settings().withJson(json));
    }

    @Override
    protected MetricPublisher publisher() {
      return publisher;
    }

    @AfterEach
    void everyRequestIsWithinTheLimits() {
      standIn.close();
      assertThat(standIn.received)
          .allSatisfy(
              request -> {
                assertThat(request.plainBody()).hasSizeLessThanOrEqualTo(1_000_000);
                assertThat(StandIn.points(request.decoded())).hasSizeBetween(1, 1_000);
              });
    }
  }
}
