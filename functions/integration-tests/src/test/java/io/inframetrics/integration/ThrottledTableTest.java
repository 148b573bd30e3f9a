package io.inframetrics.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.Fault;
import io.inframetrics.testkit.aws.FaultPlan;
import io.inframetrics.testkit.aws.ProxiedRequest;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.testing.ExecutionAssert;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The table is throttled for ten minutes of a run; the next run is three hours later. Every wait is
 * on a virtual clock, but each try of a call is a request.
 */
@Tag("soak")
@Timeout(300)
class ThrottledTableTest {

  private static final Duration PERIOD = Duration.ofHours(3);
  private static final Instant LAST = SampleMetrics.RUN.observedAt();
  private static final Instant TROUBLED = LAST.minus(PERIOD);
  private static final Instant FIRST = TROUBLED.minus(PERIOD);

  private static final Fault THROTTLED =
      Fault.answer(
          400,
          Map.of("Content-Type", "application/x-amz-json-1.0", "x-amzn-RequestId", "r"),
          "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ThrottlingException\",\"message\":\"slow down\"}"
              .getBytes(StandardCharsets.UTF_8));

  /** From the beginning of the run, or when everything is collected. */
  @ParameterizedTest
  @CsvSource({
    "all, 0, PipelineUnhealthy",
    "writes, 0, PipelineUnhealthy",
    "all, 1, io.inframetrics.pipeline.RetryableFailureException",
  })
  void losesNothingAndSendsNothingTwice(String operations, int second, String error)
      throws Exception {
    Instant from = TROUBLED.plusSeconds(second);
    Instant until = from.plus(Duration.ofMinutes(10));
    ManualClock clock = ManualClock.at(FIRST);
    Installed installed = Installed.fresh();
    FaultPlan plan =
        FaultPlan.deciding(
            request ->
                request.service().equals("dynamodb")
                        && (operations.equals("all") || isWrite(request))
                        && !clock.instant().isBefore(from)
                        && clock.instant().isBefore(until)
                    ? THROTTLED
                    : Fault.PASS);
    try (VirtualRuns runs = new VirtualRuns(installed, new Wire(plan), clock)) {
      ExecutionAssert.assertThat(runs.run("first", FIRST)).succeeded();
      ExecutionResult troubled = runs.run("troubled", TROUBLED);

      ExecutionAssert.assertThat(troubled).entered("HandleError", "FailState");
      assertThat(troubled.error()).isEqualTo(error);
      if (second == 0) {
        for (String type : List.of("CPU", "Memory", "Disk", "Network")) {
          ExecutionAssert.assertThat(troubled)
              .retriedAfter("Collect%sMetrics".formatted(type), 10, 20, 40)
              .entered("%sCollectionFailed".formatted(type));
        }
      } else {
        ExecutionAssert.assertThat(troubled).retriedAfter("CheckPipelineHealth", 10, 20, 40);
      }
      assertThat(runs.published()).hasSize(2);
      assertThat(runs.published().get(1).toString())
          .contains("a pipeline run failed", "ThrottlingException (400): slow down", "FAILED");

      ExecutionAssert.assertThat(runs.run("last", LAST))
          .succeeded()
          .output("$.health.status", "\"HEALTHY\"");
      runs.replayDeadLetters();
    }
    Installed undisturbed = undisturbed();
    assertThat(VirtualRuns.points(installed))
        .isNotEmpty()
        .isEqualTo(VirtualRuns.points(undisturbed));
    assertThat(VirtualRuns.sent(installed)).isNotEmpty().isEqualTo(VirtualRuns.sent(undisturbed));
  }

  private static boolean isWrite(ProxiedRequest request) {
    return request.target().matches(".*(UpdateItem|PutItem|BatchWriteItem|DeleteItem)");
  }

  private static Installed undisturbed() throws Exception {
    ManualClock clock = ManualClock.at(FIRST);
    Installed installed = Installed.fresh();
    try (VirtualRuns runs = new VirtualRuns(installed, new Wire(FaultPlan.passing()), clock)) {
      ExecutionAssert.assertThat(runs.run("first", FIRST)).succeeded();
      ExecutionAssert.assertThat(runs.run("troubled", TROUBLED)).succeeded();
      ExecutionAssert.assertThat(runs.run("last", LAST)).succeeded();
    }
    return installed;
  }
}
