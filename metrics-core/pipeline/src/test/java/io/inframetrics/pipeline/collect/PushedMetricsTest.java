package io.inframetrics.pipeline.collect;

import static io.inframetrics.pipeline.testing.PipelineUnderTest.CPU_KEY;
import static io.inframetrics.pipeline.testing.PipelineUnderTest.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.collect.CollectMetrics.ReadyMetric;
import io.inframetrics.pipeline.collect.CollectMetrics.Request;
import io.inframetrics.pipeline.testing.PipelineUnderTest;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Observations that come with the request. */
class PushedMetricsTest {

  private final PipelineUnderTest pipeline = new PipelineUnderTest();

  @AfterEach
  void close() {
    pipeline.close();
  }

  private CollectionResult push(String type, ReadyMetric... metrics) {
    return pipeline
        .collect()
        .collect(
            new Request(type, "push-1", NOW, null, Arrays.asList(metrics)), pipeline.deadline());
  }

  private static ReadyMetric metric(String type, String value) {
    return new ReadyMetric(
        type,
        "{\"metric_type\":\"%s\",\"timestamp\":%d,\"value\":%s,\"unit\":\"Count\",\"instance_id\":\"orders\",\"region\":\"eu-west-1\"}"
            .formatted(type, NOW.minusSeconds(3_600).getEpochSecond(), value));
  }

  @Test
  void areStoredAndPublishedByTypeAndMoveNoMark() {
    CollectionResult result =
        push("all", metric("queue_depth", "7"), metric("cpu_utilization", "8.5"));

    assertThat(result.status()).isEqualTo(CollectionResult.Status.COLLECTED);
    assertThat(result.objects()).extracting(CollectedObject::metricCount).containsExactly(1L, 1L);
    assertThat(pipeline.stores.rawMetrics().text(CPU_KEY))
        .contains("\"value\":8.5", "\"run_id\":\"push-1\"");
    assertThat(pipeline.stores.records().metrics()).hasSize(2);
    assertThat(pipeline.stores.publisher().published()).hasSize(2);
    assertThat(
            pipeline
                .stores
                .ledger()
                .collectedUntil(MetricType.CPU_UTILIZATION, pipeline.deadline()))
        .isEmpty();
  }

  @Test
  void aBadOneIsQuarantinedAlone() {
    CollectionResult result =
        push(
            "cpu_utilization",
            metric("cpu_utilization", "1"),
            metric("cpu_utilization", "\"NaN\""),
            new ReadyMetric("cpu_utilization", "{\"metric_type\":\"cpu_utilization\"}"));

    assertThat(result.status()).isEqualTo(CollectionResult.Status.PARTIAL);
    assertThat(result.metricCount()).isEqualTo(1);
    assertThat(result.failures().get(0).reason()).startsWith("2 observations rejected, first of ");
    pipeline.process(CPU_KEY);
    assertThat(pipeline.stores.documents().text("quarantine/" + CPU_KEY).lines()).hasSize(2);
    assertThat(pipeline.stores.records().metrics()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "7",
        "[]",
        "\"{}\"",
        "{\"metric_type\":\"queue_depth\",\"timestamp\":1771496863000,\"value\":1,\"unit\":\"Count\",\"instance_id\":\"in milliseconds\"}",
        "{\"metric_type\":\"queue_depth\",\"timestamp\":1768000000,\"value\":1,\"unit\":\"Count\",\"instance_id\":\"too old\"}",
        "{\"metric_type\":\"queue_depth\",\"timestamp\":1771510000,\"value\":1,\"unit\":\"Count\",\"instance_id\":\"ahead\"}",
        "{\"metric_type\":\"queue_depth\",\"timestamp\":1771496863,\"value\":1,\"unit\":\"Barrels\",\"instance_id\":\"a\"}",
        "{\"metric_type\":\"queue_depth\",\"timestamp\":1771496863,\"value\":1e999,\"unit\":\"Count\",\"instance_id\":\"a\"}",
        "{\"metric_type\":\"queue_depth\",\"timestamp\":1771496863,\"unit\":\"Count\",\"instance_id\":\"no value\"}",
        "{\"metric_type\":\"queue_depth\",\"timestamp\":1771496863,\"value\":1,\"unit\":\"Count\",\"instance_id\":\"\"}",
        "{\"metric_type\":\"queue_depth\",\"metric_id\":\"of#another#1\",\"timestamp\":1771496863,\"value\":1,\"unit\":\"Count\",\"instance_id\":\"a\"}",
        "{\"metric_type\":\"queue_depth\",\"timestamp\":1771496863,\"value\":1,\"unit\":\"Count\",\"instance_id\":\"a\",\"dimensions\":{\"a\":1}}"
      })
  void isQuarantinedAsALineOfAFileWouldBe(String bad) {
    CollectionResult result =
        push("queue_depth", new ReadyMetric("queue_depth", bad), metric("queue_depth", "7"));

    assertThat(result.status()).isEqualTo(CollectionResult.Status.PARTIAL);
    assertThat(result.metricCount()).isEqualTo(1);
    String key = result.objects().get(0).key();
    pipeline.process(key);
    assertThat(pipeline.stores.documents().text("quarantine/" + key).lines()).hasSize(1);
    assertThat(pipeline.stores.records().metrics()).hasSize(1);
    assertThat(pipeline.stores.publisher().published()).hasSize(1);
  }

  @Test
  void aRetryStoresTheSameOnce() {
    push("cpu_utilization", metric("cpu_utilization", "1"));
    push("cpu_utilization", metric("cpu_utilization", "1"));

    assertThat(pipeline.stores.rawMetrics().keys()).containsExactly(CPU_KEY);
    assertThat(pipeline.stores.records().metrics()).hasSize(1);
  }

  @Test
  void aRequestThatCannotBeMetIsRefused() {
    assertRefused("metrics is empty", () -> push("all"));
    assertRefused(
        "metric_type 'null' of metrics[0] is not valid",
        () -> push("all", new ReadyMetric(null, "{}")));
    assertRefused(
        "metrics[1] is of type 'disk_usage' in a request for 'cpu_utilization'",
        () -> push("cpu_utilization", metric("cpu_utilization", "1"), metric("disk_usage", "1")));
  }

  private static void assertRefused(
      String message, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void theirWindowStartsBeforeTheFirst() {
    CollectionResult result = push("cpu_utilization", metric("cpu_utilization", "1"));

    assertThat(result.since()).isEqualTo(NOW.minusSeconds(3_601));
    assertThat(List.of(result.notes())).containsExactly(List.of());
  }
}
