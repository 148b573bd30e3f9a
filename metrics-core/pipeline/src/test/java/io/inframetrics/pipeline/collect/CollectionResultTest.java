package io.inframetrics.pipeline.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.collect.CollectionResult.Failure;
import io.inframetrics.pipeline.collect.CollectionResult.Source;
import io.inframetrics.pipeline.collect.CollectionResult.Status;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectionResultTest {

  @ParameterizedTest
  @CsvSource({
    "records, SINK, records",
    "data_points, SINK, data_points",
    "quarantine, QUARANTINE, quarantine",
    "collector oshi host, COLLECTOR, oshi host",
    "cpu_utilization, TYPE, cpu_utilization"
  })
  void readsTheSourceOfAFailureFromItsLabel(String label, Source source, String name) {
    Failure failure = Failure.ofLabel(label, "throttled");

    assertThat(failure).isEqualTo(new Failure(source, name, "throttled"));
    assertThat(failure.label()).isEqualTo(label);
  }

  @Test
  void shortensAReasonPastItsLimitOnly() {
    assertThat(Failure.ofLabel("records", "x".repeat(300)).reason()).isEqualTo("x".repeat(300));
    assertThat(Failure.ofLabel("records", "x".repeat(301)).reason())
        .isEqualTo("x".repeat(297) + "...");
  }

  @Test
  void countsTheObservationsOfAllFiles() {
    CollectionResult result =
        result(
            Status.COLLECTED,
            null,
            new CollectedObject("a", MetricType.CPU_UTILIZATION, 2),
            new CollectedObject("b", MetricType.DISK_USAGE, 3));

    assertThat(result.metricCount()).isEqualTo(5);
  }

  @Test
  void hasAnErrorExactlyIfItFailed() {
    assertThat(CollectionResult.failed("cpu", "Timeout").status()).isEqualTo(Status.FAILED);
    assertThatThrownBy(() -> result(Status.FAILED, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a failed one must have an error, and no other may");
    assertThatThrownBy(() -> result(Status.PARTIAL, "Timeout"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'cpu' is PARTIAL and its error is 'Timeout'");
  }

  private static CollectionResult result(Status status, String error, CollectedObject... objects) {
    return new CollectionResult(
        "cpu", "run-1", Instant.EPOCH, null, status, List.of(objects), List.of(), error);
  }
}
