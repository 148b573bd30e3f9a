package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What {@code --fail} shows: one failed collection, several, all. */
@Timeout(60)
class FailedCollectionTest {

  private static final List<String> STATES_AFTER_COLLECTION =
      List.of(
          "WaitForProcessing",
          "CheckPipelineHealth",
          "IsPipelineHealthy",
          "ParallelAnalytics",
          "DetectAnomalies",
          "ForecastCapacity",
          "ComposeReport",
          "NotifySuccess");

  @TempDir Path folder;

  private DataFolder data;

  @BeforeEach
  void nameTheFolder() {
    data = new DataFolder(folder.resolve("data"));
  }

  private Executed run(String... failing) {
    List<Object> arguments =
        new ArrayList<>(
            List.of("run", "--verbose", "--source", "synthetic", "--data", data.root()));
    Stream.of(failing).forEach(type -> arguments.addAll(List.of("--fail", type)));
    return Executed.command(arguments.toArray());
  }

  @Test
  void isRetriedAfter10And20And40SecondsAndThenLeftOut() {
    Executed run = run("cpu_utilization").succeeded();

    assertThat(delays())
        .containsExactly(
            "CollectCPUMetrics retry 10.0",
            "CollectCPUMetrics retry 20.0",
            "CollectCPUMetrics retry 40.0",
            "WaitForProcessing wait 1.0");
    assertThat(run.out())
        .contains("CollectCPUMetrics failed with RetryableFailureException, retry 3 in 40.0 s")
        .contains("CollectCPUMetrics failed, caught after 70.0 s")
        .contains("cpu_utilization  FAILED: no observations of cpu_utilization were collected")
        .containsPattern("run \\S+ SUCCEEDED, DEGRADED, in 71.0 s, 17 state transitions");
    assertThat(states())
        .containsOnlyOnce("CPUCollectionFailed")
        .endsWith(STATES_AFTER_COLLECTION.toArray(String[]::new));
  }

  @Test
  void leavesTheOtherThreeCollectedAndTheRunDegraded() {
    run("cpu_utilization").succeeded();

    JsonNode run = data.onlyRun();
    assertThat(run.path("status").stringValue()).isEqualTo("SUCCEEDED");
    assertThat(run.path("health").stringValue()).isEqualTo("DEGRADED");
    assertThat(data.keys("raw-metrics"))
        .hasSize(3)
        .noneMatch(key -> key.contains("cpu_utilization"))
        .isEqualTo(data.processed());
    assertThat(data.records()).isEqualTo(data.observations());
    JsonNode failed = run.path("output").path("collections").path(0);
    assertThat(failed.propertyNames()).containsExactly("metric_type", "status", "error");
    assertThat(failed.path("error").path("Error").stringValue())
        .isEqualTo("io.inframetrics.pipeline.RetryableFailureException");
    assertThat(run.path("output").path("health").path("failed_branches"))
        .hasToString("[\"cpu_utilization\"]");
    assertThat(data.text(data.keys("notifications").get(0)))
        .startsWith("Subject: InfraMetrics DEGRADED: 1 failed: cpu_utilization, run ");
  }

  @Test
  void ofTwoTypesLeavesTwo() {
    run("memory_usage", "network_traffic").succeeded();

    assertThat(data.onlyRun().path("health").stringValue()).isEqualTo("DEGRADED");
    assertThat(states()).contains("MemoryCollectionFailed", "NetworkCollectionFailed");
    assertThat(data.keys("raw-metrics")).hasSize(2).isEqualTo(data.processed());
    assertThat(data.onlyRun().path("seconds").doubleValue())
        .as("retries of both overlap")
        .isEqualTo(71);
  }

  @Test
  void ofThreeTypesLeavesOne() {
    run("cpu_utilization", "memory_usage", "network_traffic").succeeded();

    assertThat(data.onlyRun().path("health").stringValue()).isEqualTo("DEGRADED");
    assertThat(data.keys("raw-metrics"))
        .containsExactly("raw-metrics/2026/02/19/metrics-disk_usage-1771500463.json");
  }

  @Test
  void ofAllTypesFailsTheRunThroughItsErrorHandler() {
    Executed run = run("cpu_utilization", "memory_usage", "disk_usage", "network_traffic");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .containsPattern("run \\S+ FAILED, UNHEALTHY, in 71.0 s")
        .contains("PipelineUnhealthy")
        .containsPattern(
            "(?m)^    NOT OK collected: 0 of 4 branches complete, 0 partial, 4 failed$")
        .containsPattern("(?m)^    cpu_utilization failed: ")
        .doesNotContain("\\n");
    assertThat(states())
        .endsWith(
            "WaitForProcessing",
            "CheckPipelineHealth",
            "IsPipelineHealthy",
            "PipelineUnhealthy",
            "HandleError",
            "FailState");
    JsonNode record = data.onlyRun();
    assertThat(record.path("status").stringValue()).isEqualTo("FAILED");
    assertThat(record.path("error").stringValue()).isEqualTo("PipelineUnhealthy");
    assertThat(record.has("output")).isFalse();
    assertThat(data.keys("raw-metrics")).isEmpty();
    assertThat(data.keys(".staging")).isEmpty();
    assertThat(data.keys("notifications")).hasSize(1);
    assertThat(data.text(data.keys("notifications").get(0)))
        .startsWith("Subject: InfraMetrics: a pipeline run failed\n")
        .contains("status: FAILED");
  }

  private List<String> states() {
    return StreamSupport.stream(data.onlyRun().path("states").spliterator(), false)
        .map(state -> state.path("state").stringValue())
        .toList();
  }

  private List<String> delays() {
    return StreamSupport.stream(data.onlyRun().path("delays").spliterator(), false)
        .map(
            delay ->
                "%s %s %s"
                    .formatted(
                        delay.path("state").stringValue(),
                        delay.path("kind").stringValue(),
                        delay.path("seconds").doubleValue()))
        .toList();
  }
}
