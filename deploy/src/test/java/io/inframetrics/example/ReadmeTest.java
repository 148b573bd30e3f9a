package io.inframetrics.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.workflow.LambdaTasks;
import io.inframetrics.workflow.StateMachine;
import io.inframetrics.workflow.execution.TaskFailure;
import io.inframetrics.workflow.execution.TaskHandler;
import io.inframetrics.workflow.testing.ExecutionAssert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The README's example compiles, passes and is the one in the README. */
class ReadmeTest {

  private static final JsonMapper JSON = new JsonMapper();

  private static final String FUNCTION = "arn:aws:lambda:eu-west-1:000000000000:function:";

  private static final Map<String, String> SUBSTITUTIONS =
      Map.of(
          "CollectFunctionArn",
          FUNCTION + "collect",
          "HealthCheckFunctionArn",
          FUNCTION + "healthCheck",
          "AnalyzeFunctionArn",
          FUNCTION + "analyze",
          "NotificationTopicArn",
          "arn:aws:sns:eu-west-1:000000000000:pipeline",
          "AlarmTopicArn",
          "arn:aws:sns:eu-west-1:000000000000:alarms",
          "MessageFormat",
          "text",
          "PublishResource",
          "arn:aws:states:::sns:publish",
          "MetricSource",
          "synthetic");

  private final TaskHandler others =
      LambdaTasks.builder()
          .function("collect", payload -> JSON.readTree("{\"status\":\"COLLECTED\"}"))
          .function(
              "healthCheck",
              payload ->
                  JSON.readTree(
                      """
                      {"status":"DEGRADED","attempt":1,"wait_seconds":5,"subject":"s","summary":"s"}
                      """))
          .function(
              "analyze",
              payload ->
                  JSON.readTree(
                      """
                      {"subject":"s","summary":"s","severity":"none","changed":"false"}
                      """))
          .publisher(parameters -> "message")
          .build();

  @Test
  void aThrottledCollectorIsRetriedThreeTimesAndThenLeftOut() throws IOException {
    StateMachine machine =
        StateMachine.load(Path.of("statemachine/pipeline.asl.json"), SUBSTITUTIONS);
    TaskHandler tasks =
        call -> {
          if (call.state().equals("CollectCPUMetrics")) {
            throw new TaskFailure("Throttled", "try later");
          }
          return others.handle(call);
        };

    ExecutionAssert.assertThat(machine.execution().input("{}").tasks(tasks).run())
        .succeeded()
        .retriedAfter("CollectCPUMetrics", 10, 20, 40)
        .entered("CPUCollectionFailed", "NotifySuccess");
  }

  @Test
  void theExampleIsTheOneInTheReadme() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/io/inframetrics/example/ReadmeTest.java"));
    String readme = Files.readString(Path.of("README.md"));
    int from = readme.indexOf("```java") + "```java".length();
    String example = readme.substring(from, readme.indexOf("```", from));

    assertThat(source.replaceAll("\\s", "")).contains(example.replaceAll("\\s", ""));
  }
}
