package io.inframetrics.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.lenient;
import static org.mockito.Mockito.when;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.contract.MetricCollectorContract;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.Mock;
import org.mockito.junit.jupiter.MockitoExtension;

/** The README's example: a collector that reads through a client of its own, which is a mock. */
@ExtendWith(MockitoExtension.class)
class QueueDepthCollectorTest {

  private static final MetricType QUEUE_DEPTH = new MetricType("queue_depth");

  @Mock private QueueClient queue;

  @Nested
  class WithMessages extends MetricCollectorContract {

    @BeforeEach
    void aSampleEveryMinute() {
      // Not every test of the contract collects.
      lenient()
          .when(queue.samples(any(), any()))
          .thenAnswer(call -> everyMinute(call.getArgument(0), call.getArgument(1)));
    }

    @Override
    protected MetricCollector collector() {
      return new QueueDepthCollector(queue);
    }
  }

  @Test
  void aFailureOfTheClientReachesTheCaller() {
    CollectionRequest request =
        new CollectionRequest(SampleMetrics.RUN, SampleMetrics.WINDOW_START, Deadlines.never());
    when(queue.samples(request.since(), request.until()))
        .thenThrow(new RetryableFailureException("the broker does not answer"));
    List<Observation> observations = new ArrayList<>();

    assertThatThrownBy(() -> new QueueDepthCollector(queue).collect(request, observations::add))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessage("the broker does not answer");
    assertThat(observations).isEmpty();
  }

  private static List<Sample> everyMinute(Instant since, Instant until) {
    List<Sample> samples = new ArrayList<>();
    Instant time = since.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
    while (!time.isAfter(until)) {
      samples.add(new Sample(time, time.getEpochSecond() / 60 % 100));
      time = time.plus(1, ChronoUnit.MINUTES);
    }
    return samples;
  }

  /** What a team's own library offers. */
  interface QueueClient {
    List<Sample> samples(Instant since, Instant until);
  }

  record Sample(Instant time, long depth) {}

  record QueueDepthCollector(QueueClient queue) implements MetricCollector {

    @Override
    public MetricType type() {
      return QUEUE_DEPTH;
    }

    @Override
    public void collect(CollectionRequest request, MetricConsumer consumer) {
      Series series = Series.of(type(), "orders-queue");
      for (Sample sample : queue.samples(request.since(), request.until())) {
        consumer.accept(
            new Observation(series, sample.time(), sample.depth(), MetricUnit.COUNT, "eu-west-1"));
      }
    }
  }
}
