package io.inframetrics.sink.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.sink.MetricPublisher.Batches;
import io.inframetrics.sink.PublishOutcome;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.ServiceFault;
import io.inframetrics.time.Deadline;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.junit.jupiter.MockitoExtension;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;

@ExtendWith(MockitoExtension.class)
class FailuresTest {

  private static final CloudWatchSettings INSTANCE =
      StandIn.SETTINGS.withPolicy(DimensionPolicy.INSTANCE).withSeriesBudget(3_000);
  private static final List<Metric> THREE_REQUESTS =
      SampleMetrics.fleet(MetricType.CPU_UTILIZATION, 2_500, 1);

  private final StandIn standIn = new StandIn();

  @AfterEach
  void close() {
    standIn.close();
  }

  @Test
  void aRequestThatFailsIsNotSentAgainAndDoesNotStopTheNext() {
    standIn.server.failNext(1, ServiceFault.BROKEN);

    WriteResult result = standIn.publish(INSTANCE, THREE_REQUESTS);

    assertThat(standIn.server.calls()).isEqualTo(3);
    assertThat(result.written()).isEqualTo(1_500);
    assertThat(result.rejected()).isEmpty();
    assertThat(result.retryable()).hasSize(PublishOutcome.MAX_NAMED + 1);
    assertThat(result.retryable().get(PublishOutcome.MAX_NAMED).reason()).startsWith("980 more");
    assertThat(result.retryable().get(0).reason()).contains("PutMetricData");
  }

  @Test
  void aThrottleIsNotTriedAgain() {
    standIn.server.failNext(3, ServiceFault.THROTTLED);

    WriteResult result = standIn.publish(INSTANCE, THREE_REQUESTS);

    assertThat(standIn.server.calls()).isEqualTo(3);
    assertThat(result.written()).isZero();
    assertThat(result.retryable()).isNotEmpty();
    assertThat(result.rejected()).isEmpty();
  }

  @Test
  void whatTheServiceRefusesForGoodIsRejectedWithItsReason() {
    standIn.server.failNext(1, ServiceFault.DENIED);

    WriteResult result = standIn.publish(INSTANCE, SampleMetrics.EXAMPLE);

    assertThat(result.retryable()).isEmpty();
    assertThat(result.rejected()).hasSize(1);
    assertThat(result.rejected().get(0).reason()).contains("is not authorized");
  }

  @Test
  void nobodyListening() {
    standIn.server.close();

    WriteResult result = standIn.publish(INSTANCE, SampleMetrics.EXAMPLE);

    assertThat(result.written()).isZero();
    assertThat(result.retryable()).hasSize(1);
  }

  @Test
  void aClientThatThrowsAnythingIsAFailureAndNoMore() {
    CloudWatchClient broken = mock();
    when(broken.putMetricData(any(PutMetricDataRequest.class)))
        .thenThrow(new UnsupportedOperationException("not that"));

    WriteResult result =
        new CloudWatchMetricPublisher(broken, INSTANCE, standIn.calls, standIn.clock)
            .publish(StandIn.batches(THREE_REQUESTS), Deadlines.never());

    assertThat(result.written()).isZero();
    assertThat(result.retryable().get(0).reason()).contains("not that");
  }

  @Test
  void whatCouldBeReadIsPublished() {
    Batches breaking =
        consumer -> {
          consumer.accept(List.of(SampleMetrics.EXAMPLE));
          throw new IllegalStateException("the raw file is gone");
        };

    WriteResult result = standIn.publisher(StandIn.SETTINGS).publish(breaking, Deadlines.never());

    assertThat(result.written()).isEqualTo(1);
    assertThat(result.retryable()).hasSize(1);
    assertThat(result.retryable().get(0).reason())
        .contains("could not be read")
        .contains("the raw file is gone");
    assertThat(standIn.data()).hasSize(1);
  }

  @Test
  void nothingIsPublishedWhenTheSeriesCannotBeCounted() {
    Batches breaking =
        consumer -> {
          throw new IllegalStateException("the raw file is gone");
        };

    WriteResult result = standIn.publisher(INSTANCE).publish(breaking, Deadlines.never());

    assertThat(result.written()).isZero();
    assertThat(result.retryable()).hasSize(1);
    assertThat(standIn.server.calls()).isZero();
  }

  @Test
  void readingStopsWhenTheDeadlinePasses() {
    Deadline deadline = Deadline.after(Duration.ofSeconds(30), standIn.clock);
    int[] read = {0};
    Batches slow =
        consumer -> {
          for (int i = 0; i < 10; i++) {
            read[0]++;
            consumer.accept(THREE_REQUESTS.subList(i, i + 1));
            standIn.clock.advance(Duration.ofSeconds(20));
          }
        };

    WriteResult result = standIn.publisher(StandIn.SETTINGS).publish(slow, deadline);

    assertThat(read[0]).isEqualTo(3);
    assertThat(standIn.server.calls()).isZero();
    assertThat(result.written()).isZero();
    assertThat(result.retryable()).anyMatch(failed -> failed.reason().contains("deadline"));
  }
}
