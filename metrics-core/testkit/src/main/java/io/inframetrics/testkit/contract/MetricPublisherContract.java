package io.inframetrics.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.MetricPublisher.Batches;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link MetricPublisher} must do. */
@DisplayName("Metric publisher")
public abstract class MetricPublisherContract {

  /** The publisher under test; a clock in it should show {@link SampleMetrics#RUN}'s instant. */
  protected abstract MetricPublisher publisher();

  @Test
  void publishesEverythingThatIsInOrder() {
    for (Metric metric : SampleMetrics.oneOfEachType()) {
      WriteResult result = publish(List.of(metric));

      assertThat(result).isEqualTo(WriteResult.written(1));
    }
  }

  @Test
  void accountsForEveryDataPointOfManyBatches() {
    List<Metric> metrics = SampleMetrics.fleet(MetricType.CPU_UTILIZATION, 500, 5);

    WriteResult result = publish(metrics);

    assertThat(result.isComplete()).as("result " + result).isTrue();
    assertThat(result.written()).isPositive();
    assertAddsUp(result, metrics.size());
  }

  @Test
  void doesNothingForNothing() {
    assertThat(publisher().publish(batch -> {}, Deadlines.never())).isEqualTo(WriteResult.NOTHING);
    assertThat(publisher().publish(batch -> batch.accept(List.of()), Deadlines.never()))
        .isEqualTo(WriteResult.NOTHING);
  }

  @Test
  void refusesBadPointsAloneWithTheirReasons() {
    Instant now = SampleMetrics.RUN.observedAt();
    List<Metric> metrics = new ArrayList<>(SampleMetrics.awkward());
    Series series = Series.of(MetricType.DISK_USAGE, "i-extreme");
    metrics.add(SampleMetrics.metric(series, now.minusSeconds(1), Double.MAX_VALUE));
    metrics.add(SampleMetrics.metric(series, now.minusSeconds(2), -Double.MAX_VALUE));
    metrics.add(SampleMetrics.metric(series, now.minusSeconds(3), Double.MIN_VALUE));
    metrics.add(SampleMetrics.metric(series, now.minusSeconds(4), -0.0));
    metrics.add(SampleMetrics.metric(series, now.minus(Duration.ofDays(400)), 1));
    metrics.add(SampleMetrics.metric(series, now.plus(Duration.ofDays(400)), 1));
    metrics.add(manyDimensions(now));

    WriteResult result = publish(metrics);

    assertThat(result.written()).as("good points of " + result).isPositive();
    assertThat(result.retryable()).isEmpty();
    assertThat(result.rejected())
        .allSatisfy(failed -> assertThat(failed.reason()).isNotBlank())
        .extracting(Failed::id)
        .doesNotContain("");
    assertAddsUp(result, metrics.size());
  }

  @Test
  void neverThrowsWhenNoTimeIsLeft() {
    List<Metric> metrics = SampleMetrics.oneOfEachType().subList(0, 1);

    WriteResult result = publisher().publish(batches(metrics), Deadlines.passed());

    assertAddsUp(result, metrics.size());
  }

  @Test
  void neverThrowsWhenTheMetricsCannotBeRead() {
    WriteResult result =
        publisher()
            .publish(
                batch -> {
                  batch.accept(List.of(SampleMetrics.EXAMPLE));
                  throw new IllegalStateException("the raw file is gone");
                },
                Deadlines.never());

    assertThat(result.isComplete()).as("a failure is reported: " + result).isFalse();
  }

  @Test
  void takesSeveralTypesAtOnce() {
    List<WriteResult> results =
        Together.run(
            MetricType.builtIn(),
            type ->
                publish(
                    IntStream.range(0, 100)
                        .mapToObj(
                            i ->
                                SampleMetrics.metric(
                                    type, "i-" + i, SampleMetrics.RUN.observedAt(), i))
                        .toList()));

    assertThat(results).allMatch(WriteResult::isComplete);
  }

  private static Metric manyDimensions(Instant now) {
    Map<String, String> dimensions = new TreeMap<>();
    for (int i = 0; i < Series.MAX_DIMENSIONS; i++) {
      dimensions.put("dimension-" + i, "value-" + i);
    }
    return new Metric(
        Series.of(MetricType.DISK_USAGE, "i-many", dimensions),
        now,
        5,
        MetricUnit.PERCENT,
        SampleMetrics.REGION,
        SampleMetrics.RUN);
  }

  private WriteResult publish(List<Metric> metrics) {
    return publisher().publish(batches(metrics), Deadlines.never());
  }

  private static Batches batches(List<Metric> metrics) {
    return consumer ->
        SampleMetrics.batches(metrics).stream().map(Batch::metrics).forEach(consumer);
  }

  private static void assertAddsUp(WriteResult result, int metrics) {
    long points =
        result.written()
            + result.duplicate()
            + result.rejected().size()
            + result.retryable().size();
    assertThat(points).as("data points of " + result).isBetween(1L, (long) metrics);
  }
}
