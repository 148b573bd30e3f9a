package io.inframetrics.pipeline.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.collect.CollectionResult.Failure;
import io.inframetrics.pipeline.health.CheckPipelineHealth.Request;
import io.inframetrics.pipeline.health.CheckPipelineHealth.Result;
import io.inframetrics.pipeline.health.CheckPipelineHealth.Status;
import io.inframetrics.sink.RunLedger.ProcessedMark;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.memory.InMemoryRunLedger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckPipelineHealthTest {

  private static final MetricType CPU = new MetricType("cpu");

  private final InMemoryRunLedger ledger = new InMemoryRunLedger();
  private final CheckPipelineHealth health = new CheckPipelineHealth(ledger);

  @Test
  void isHealthyWhenEverythingWasCollectedAndProcessed() {
    process("cpu", 0);
    process("disk", 0);

    Result result = check(0, 3, collected("cpu", 5), collected("disk", 5));

    assertThat(result.status()).isEqualTo(Status.HEALTHY);
    assertThat(result.expected()).isEqualTo(2);
    assertThat(result.processed()).isEqualTo(2);
    assertThat(result.missing()).isEmpty();
  }

  @Test
  void namesFilesOfOthersThatAreNotProcessed() {
    process("cpu", 0);
    List<CheckPipelineHealth.DroppedFile> dropped = new ArrayList<>();
    dropped.add(new CheckPipelineHealth.DroppedFile("raw-metrics/cpu.json", "its own file"));
    for (int i = 0; i < 4; i++) {
      dropped.add(new CheckPipelineHealth.DroppedFile("raw-metrics/x" + i, "not\nreadable"));
    }

    Result result =
        health.check(
            new Request("run-1", 0, 3, List.of(collected("cpu", 5)), dropped), Deadlines.never());

    assertThat(result.status()).isEqualTo(Status.DEGRADED);
    assertThat(result.checks())
        .contains(
            new CheckPipelineHealth.Check(
                "dropped",
                false,
                "raw-metrics/x0: not readable; raw-metrics/x1: not readable;"
                    + " raw-metrics/x2: not readable; and 1 more"));
    assertThat(result.subject())
        .isEqualTo(
            "InfraMetrics DEGRADED: 1 of 1 files processed, but not 4 other files, run run-1");
    assertThat(result.summary()).contains("NOT OK dropped: raw-metrics/x0: not readable");
    assertThat(result.missing()).isEmpty();
  }

  @Test
  void waitsForFilesWhileAttemptsAreLeftAndThenDecides() {
    process("cpu", 0);

    assertThat(check(0, 3, collected("cpu", 5), collected("disk", 5)).status())
        .isEqualTo(Status.PENDING);
    assertThat(check(1, 3, collected("cpu", 5), collected("disk", 5)).status())
        .isEqualTo(Status.PENDING);
    Result last = check(2, 3, collected("cpu", 5), collected("disk", 5));
    assertThat(last.status()).isEqualTo(Status.DEGRADED);
    assertThat(last.attempt()).isEqualTo(3);
    assertThat(last.missing()).containsExactly("raw-metrics/disk.json");
    assertThat(last.summary()).contains("not processed: raw-metrics/disk.json");
  }

  @Test
  void isUnhealthyWhenNothingWasProcessedInTheEnd() {
    assertThat(check(2, 3, collected("cpu", 5)).status()).isEqualTo(Status.UNHEALTHY);
  }

  @Test
  void isUnhealthyAtOnceWhenNothingWasCollected() {
    assertThat(check(0, 3, failed("cpu"), failed("disk")).status()).isEqualTo(Status.UNHEALTHY);
    assertThat(check(0, 3).status()).isEqualTo(Status.UNHEALTHY);
    assertThat(check(0, 3, collected("cpu", 0)).status()).isEqualTo(Status.UNHEALTHY);
  }

  @Test
  void isDegradedWhenABranchFailedIsPartialOrHasSinkFailures() {
    process("cpu", 0);
    process("disk", 0);

    assertThat(check(0, 3, collected("cpu", 5), failed("disk")).status())
        .isEqualTo(Status.DEGRADED);
    assertThat(check(0, 3, collected("cpu", 5), branch("disk", true, List.of())).status())
        .isEqualTo(Status.DEGRADED);
    Result result =
        check(
            0,
            3,
            collected("cpu", 5),
            branch("disk", false, List.of(Failure.ofLabel("data_points", "throttled"))));
    assertThat(result.status()).isEqualTo(Status.DEGRADED);
    assertThat(result.summary()).contains("data_points: throttled");
  }

  @Test
  void isDegradedWhenLinesWereRefused() {
    process("cpu", 3);

    Result result = check(0, 3, collected("cpu", 5));

    assertThat(result.status()).isEqualTo(Status.DEGRADED);
    assertThat(result.summary()).contains("NOT OK accepted: 3 lines rejected");
  }

  @ParameterizedTest
  @CsvSource({"0,5", "1,10", "2,20", "3,40", "4,60", "5,60", "1000000,60"})
  void waitsTwiceAsLongEachTimeUpToAMinute(int attempt, long seconds) {
    assertThat(check(attempt, 2_000_000, collected("cpu", 1)).waitSeconds()).isEqualTo(seconds);
  }

  @Test
  void asksForMoreMarksThanOneQuestionHolds() {
    List<CollectedObject> objects =
        IntStream.range(0, 250)
            .mapToObj(i -> new CollectedObject("raw-metrics/" + i, CPU, 1))
            .toList();
    objects.forEach(
        object ->
            ledger.markProcessed(
                new ProcessedMark(object.key(), 1, 0, Instant.EPOCH), Deadlines.never()));

    Result result = check(0, 3, branch("all", objects, false, List.of()));

    assertThat(result.processed()).isEqualTo(250);
    assertThat(result.status()).isEqualTo(Status.HEALTHY);
  }

  @Test
  void keepsSubjectAndSummaryWithinTheirLimitsWhateverWasSaid() {
    List<CollectionResult> branches = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      branches.add(CollectionResult.failed("typeé" + i, "\uD83D\uDE80ü\n".repeat(500)));
    }

    Result result = health.check(new Request("r".repeat(128), 0, 3, branches), Deadlines.never());

    assertThat(result.subject()).hasSize(99).matches("[ -~]+");
    assertThat(result.summary().getBytes(StandardCharsets.UTF_8).length)
        .isLessThanOrEqualTo(4_096)
        .isGreaterThan(4_000);
    assertThat(
            new String(result.summary().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .isEqualTo(result.summary());
  }

  @Test
  void refusesInvalidAttempts() {
    assertThatThrownBy(() -> check(-1, 3)).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> check(0, 0))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("attempt 0 of max_attempts 0 is not valid");
  }

  private Result check(int attempt, int maxAttempts, CollectionResult... branches) {
    return health.check(
        new Request("run-1", attempt, maxAttempts, List.of(branches)), Deadlines.never());
  }

  private void process(String type, long refused) {
    ledger.markProcessed(
        new ProcessedMark("raw-metrics/" + type + ".json", 5, refused, Instant.EPOCH),
        Deadlines.never());
  }

  private static CollectionResult collected(String type, long count) {
    return branch(type, List.of(object(type, count)), false, List.of());
  }

  private static CollectionResult branch(String type, boolean partial, List<Failure> failures) {
    return branch(type, List.of(object(type, 5)), partial, failures);
  }

  private static CollectionResult branch(
      String type, List<CollectedObject> objects, boolean partial, List<Failure> failures) {
    return new CollectionResult(
        type,
        "run-1",
        Instant.EPOCH,
        null,
        partial ? CollectionResult.Status.PARTIAL : CollectionResult.Status.COLLECTED,
        objects,
        failures,
        null);
  }

  private static CollectedObject object(String type, long count) {
    return new CollectedObject("raw-metrics/" + type + ".json", new MetricType(type), count);
  }

  private static CollectionResult failed(String type) {
    return CollectionResult.failed(type, "Timeout");
  }
}
