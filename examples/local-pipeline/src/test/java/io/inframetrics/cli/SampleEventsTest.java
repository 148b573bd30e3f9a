package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.synthetic.SyntheticFleet;
import io.inframetrics.functions.FunctionsContext;
import io.inframetrics.functions.VerbBeans;
import io.inframetrics.functions.VerbMetrics;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.collect.CollectionSchedule;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.memory.InMemoryStores;
import io.inframetrics.workflow.LambdaTasks;
import io.inframetrics.workflow.StateMachine;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.testing.ExecutionAssert;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample events of {@code deploy/events}, each as the input of a task in the runner. */
class SampleEventsTest {

  private static final Path EVENTS = VirtualContext.REPOSITORY.resolve("deploy/events");
  private static final String ARN = "arn:aws:lambda:eu-west-1:000000000000:function:";

  private final ManualClock clock = ManualClock.at(VirtualContext.NOW);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final FunctionsContext functions =
      FunctionsContext.start(
          new VerbBeans(
              new InMemoryStores(),
              CollectorRegistry.of(SyntheticFleet.builder().build().collectors()),
              new DatedObjectKeys(),
              CollectionSchedule.DEFAULTS,
              AnalysisSettings.DEFAULTS,
              threads,
              VerbMetrics.NONE,
              clock));

  @AfterEach
  void close() {
    functions.close();
    threads.shutdownNow();
  }

  private ExecutionResult run(String bean, String event) {
    String definition =
        """
        {"StartAt": "Call", "States": {"Call": {"Type": "Task", "Resource": "%s", "End": true}}}
        """
            .formatted(ARN + bean + ":live");
    return StateMachine.parse(definition, Map.of())
        .execution()
        .input(InputFile.text(EVENTS.resolve(event + ".json")))
        .tasks(
            LambdaTasks.builder()
                .function(
                    bean,
                    payload ->
                        InputFile.JSON.readTree(
                            functions.call(bean, InputFile.JSON.writeValueAsBytes(payload))))
                .build())
        .run();
  }

  @ParameterizedTest
  @CsvSource({
    "collect, collect-one, $.status, COLLECTED",
    "collect, collect-all, $.metric_type, all",
    "healthCheck, health-healthy, $.status, PENDING",
    "healthCheck, health-pending, $.status, PENDING",
    "healthCheck, health-unhealthy, $.status, UNHEALTHY",
    "analyze, analyze-anomalies, $.analysis, anomalies",
    "analyze, analyze-forecast, $.analysis, forecast",
    "analyze, analyze-report, $.severity, none",
  })
  void areAnswered(String bean, String event, String path, String expected) {
    ExecutionAssert.assertThat(run(bean, event)).succeeded().output(path, "\"" + expected + "\"");
  }

  /** The file that they tell of is not there: a refusal by name, which is never retried. */
  @ParameterizedTest
  @ValueSource(strings = {"process-s3", "process-eventbridge"})
  void ofRawFilesThatAreNotThereAreRefused(String event) {
    ExecutionResult result = run("process", event);

    ExecutionAssert.assertThat(result)
        .failedWith("io.inframetrics.pipeline.InvalidRequestException");
    assertThat(result.cause()).contains("there is no object 'raw-metrics/2026/02/19/");
  }

  @Test
  void ofAQueueAreHandedBackOneByOne() {
    ExecutionAssert.assertThat(run("process", "process-sqs"))
        .succeeded()
        .output("$.batchItemFailures[*].itemIdentifier", "[\"m-1\",\"m-2\",\"m-3\"]");
    ExecutionAssert.assertThat(run("process", "process-s3-test-event"))
        .succeeded()
        .output("$.files_processed", "0");
  }

  @Test
  void thereIsNoOtherBean() {
    for (String bean : List.of("notify", "Collect", "")) {
      assertThatThrownBy(() -> functions.call(bean, "{}"))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(Deployment.FUNCTIONS.keySet())
        .allSatisfy(
            bean ->
                assertThatThrownBy(() -> functions.call(bean, "[]"))
                    .hasMessageNotContaining("there is no function"));
  }
}
