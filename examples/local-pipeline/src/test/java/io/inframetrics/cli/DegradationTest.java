package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.Stores;
import io.inframetrics.sink.local.LocalStores;
import io.inframetrics.sink.local.RawFileEvents;
import io.inframetrics.workflow.execution.TaskFailure;
import io.inframetrics.workflow.execution.TaskHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rows of the table in deploy/README.md: the real definition, functions and local stores, one
 * fault at a time. Failed collections are in {@link FailedCollectionTest}.
 */
@Timeout(60)
class DegradationTest {

  private static final String RETRYABLE = "io.inframetrics.pipeline.RetryableFailureException";

  /** What the branches of the definition collect: a further type is a further branch. */
  private static final List<String> TYPES = types();

  @TempDir Path folder;

  private DataFolder data;

  @BeforeEach
  void nameTheFolder() {
    data = new DataFolder(folder.resolve("data"));
  }

  /** CommandContext in which some states always fail. */
  private static class Failing extends VirtualContext {

    private final Set<String> states;

    Failing(String... states) {
      this.states = Set.of(states);
    }

    @Override
    public TaskHandler tasks(TaskHandler tasks) {
      TaskHandler sound = super.tasks(tasks);
      return call -> {
        if (states.contains(call.state())) {
          throw new TaskFailure(RETRYABLE, "{\"errorMessage\":\"throttled\"}");
        }
        return sound.handle(call);
      };
    }
  }

  /** CommandContext in which raw files of some types are not processed. */
  private static class ProcessorDown extends VirtualContext {

    private final Set<String> types;

    ProcessorDown(String... types) {
      this.types = Set.of(types);
    }

    @Override
    public RawFileEvents deliver(LocalStores stores, RawFileEvents.Listener listener) {
      return super.deliver(
          stores,
          key -> {
            if (types.stream().noneMatch(key::contains)) {
              listener.rawFileLanded(key);
            }
          });
    }
  }

  private Executed run(CommandContext around, String... failing) {
    List<Object> arguments =
        new ArrayList<>(List.of("run", "--source", "synthetic", "--data", data.root()));
    List.of(failing).forEach(type -> arguments.addAll(List.of("--fail", type)));
    return Executed.command(around, arguments.toArray());
  }

  private JsonNode record() {
    return data.onlyRun();
  }

  private List<String> states() {
    return StreamSupport.stream(record().path("states").spliterator(), false)
        .map(state -> state.path("state").stringValue())
        .toList();
  }

  private static List<String> types() {
    try (InputStream definition =
        DegradationTest.class.getResourceAsStream(
            "/io/inframetrics/statemachine/pipeline.asl.json")) {
      List<String> types = new ArrayList<>();
      for (JsonNode branch :
          JsonMapper.shared().readTree(definition).at("/States/ParallelDataCollection/Branches")) {
        types.add(
            branch
                .path("States")
                .path(branch.path("StartAt").stringValue())
                .at("/Parameters/metric_type")
                .stringValue());
      }
      return types;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Double> waits() {
    return StreamSupport.stream(record().path("delays").spliterator(), false)
        .filter(delay -> delay.path("kind").stringValue().equals("wait"))
        .map(delay -> delay.path("seconds").doubleValue())
        .toList();
  }

  private String onlyNotification() {
    assertThat(data.keys("notifications")).hasSize(1);
    return data.text(data.keys("notifications").get(0));
  }

  @ParameterizedTest
  @CsvSource({
    "cpu_utilization, CPUCollectionFailed",
    "memory_usage, MemoryCollectionFailed",
    "disk_usage, DiskCollectionFailed",
    "network_traffic, NetworkCollectionFailed"
  })
  void oneCollectorFailing(String type, String failed) {
    assertThat(run(new VirtualContext(), type).exitCode()).isZero();

    assertThat(states()).contains(failed, "NotifySuccess").doesNotContain("HandleError");
    assertThat(record().path("health").stringValue()).isEqualTo("DEGRADED");
    assertThat(onlyNotification())
        .startsWith("Subject: InfraMetrics DEGRADED: 1 failed: " + type)
        .contains("Source of the metrics: synthetic.");
  }

  @Test
  void theProcessorDownIsWaitedForAndThenFailsTheRunWithTheFilesNamed() {
    ProcessorDown around = new ProcessorDown(TYPES.toArray(String[]::new));

    assertThat(run(around).exitCode()).isEqualTo(1);

    assertThat(waits()).containsExactly(1.0, 5.0, 10.0, 20.0, 40.0, 60.0);
    assertThat(waits().stream().mapToDouble(seconds -> seconds).sum())
        .as("events may be over a minute late")
        .isGreaterThan(120);
    assertThat(record().path("error").stringValue()).isEqualTo("PipelineUnhealthy");
    assertThat(states()).endsWith("PipelineUnhealthy", "HandleError", "FailState");
    assertThat(onlyNotification())
        .startsWith("Subject: InfraMetrics: a pipeline run failed")
        .contains(
            TYPES.stream()
                .map(
                    type ->
                        "not processed: raw-metrics/2026/02/19/metrics-%s-1771500463.json"
                            .formatted(type))
                .toList());
  }

  @Test
  void oneFileThatIsNotProcessedDegradesTheRunAndIsNamed() {
    assertThat(run(new ProcessorDown("disk_usage")).exitCode()).isZero();

    assertThat(waits()).hasSize(6);
    assertThat(record().path("health").stringValue()).isEqualTo("DEGRADED");
    assertThat(record().at("/output/health/missing").toString())
        .isEqualTo("[\"raw-metrics/2026/02/19/metrics-disk_usage-1771500463.json\"]");
    assertThat(onlyNotification())
        .contains("%d of %d files processed".formatted(TYPES.size() - 1, TYPES.size()))
        .contains("not processed: raw-metrics/2026/02/19/metrics-disk_usage-1771500463.json");
  }

  @Test
  void dataPointsThatAreRefusedDegradeTheRunAndAreNamed() {
    MetricPublisher refusing =
        (metrics, deadline) -> {
          throw new IllegalStateException("cloudwatch:PutMetricData is not allowed");
        };
    VirtualContext around =
        new VirtualContext() {
          @Override
          public Stores stores(LocalStores stores) {
            return (Stores)
                Proxy.newProxyInstance(
                    Stores.class.getClassLoader(),
                    new Class<?>[] {Stores.class},
                    (proxy, method, arguments) ->
                        method.getName().equals("metricPublisher")
                            ? refusing
                            : method.invoke(stores, arguments));
          }
        };

    assertThat(run(around).exitCode()).isZero();

    assertThat(record().path("health").stringValue()).isEqualTo("DEGRADED");
    assertThat(onlyNotification())
        .contains(
            "NOT OK sinks: %d sink failures".formatted(TYPES.size()),
            "cloudwatch:PutMetricData is not allowed");
    assertThat(data.processed()).hasSize(TYPES.size());
  }

  @Test
  void theHealthCheckFailingFailsTheRun() {
    assertThat(run(new Failing("CheckPipelineHealth")).exitCode()).isEqualTo(1);

    assertThat(record().path("error").stringValue()).isEqualTo(RETRYABLE);
    assertThat(states())
        .endsWith("CheckPipelineHealth", "HandleError", "FailState")
        .doesNotContain("NotifySuccess");
    assertThat(onlyNotification()).contains("throttled", "Source of the metrics: synthetic.");
    assertThat(data.keys("raw-metrics")).as("nothing is lost").hasSize(TYPES.size());
  }

  @ParameterizedTest
  @CsvSource({
    "DetectAnomalies, AnomalyDetectionFailed, anomalies, Anomaly detection failed, Capacity at",
    "ForecastCapacity, CapacityForecastFailed, forecast, Capacity forecast failed, Anomalies at"
  })
  void oneAnalysisFailingLeavesTheOther(
      String state, String failed, String analysis, String told, String other) {
    assertThat(run(new Failing(state)).exitCode()).isZero();

    assertThat(states()).contains(failed).endsWith("NotifySuccess");
    assertThat(onlyNotification())
        .startsWith("Subject: InfraMetrics DEGRADED: " + analysis + " failed, run ")
        .contains(told + ": " + RETRYABLE + ". throttled", other);
    assertThat(record().path("health").stringValue()).isEqualTo("DEGRADED");
  }

  @Test
  void bothAnalysesFailingAreBothTold() {
    assertThat(run(new Failing("DetectAnomalies", "ForecastCapacity")).exitCode()).isZero();

    assertThat(onlyNotification()).contains("Anomaly detection failed", "Capacity forecast failed");
  }

  @Test
  void theTopicRefusingFailsTheRunSoThatTheAlarmTellsIt() {
    assertThat(run(new Failing("NotifySuccess", "HandleError")).exitCode()).isEqualTo(1);

    assertThat(record().path("status").stringValue()).isEqualTo("FAILED");
    assertThat(record().path("error").stringValue()).isEqualTo(RETRYABLE);
    assertThat(states()).endsWith("NotifySuccess", "HandleError", "FailState");
    assertThat(data.keys("notifications")).isEmpty();
    assertThat(data.processed()).as("the data is all there").hasSize(TYPES.size());
  }

  @Test
  void aReportThatIsRefusedIsToldAsAFailure() {
    assertThat(run(new Failing("NotifySuccess")).exitCode()).isEqualTo(1);

    assertThat(onlyNotification()).startsWith("Subject: InfraMetrics: a pipeline run failed");
  }

  @Test
  void nothingCollectedNeverSucceeds() {
    assertThat(
            run(new Failing("DetectAnomalies", "NotifySuccess"), TYPES.toArray(String[]::new))
                .exitCode())
        .isEqualTo(1);
    assertThat(record().path("error").stringValue()).isEqualTo("PipelineUnhealthy");
  }
}
