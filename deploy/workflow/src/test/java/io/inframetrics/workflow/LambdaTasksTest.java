package io.inframetrics.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.testing.ExecutionAssert;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Java functions in the place of Lambda functions and a topic. */
class LambdaTasksTest {

  private static final String ARN = "arn:aws:lambda:eu-west-1:000000000000:function:double";

  private static ExecutionResult run(String task, LambdaTasks tasks) {
    return StateMachine.parse(
            "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Task\",\"End\":true,"
                + task.replace("'", "\"")
                + "}}}",
            Map.of())
        .execution()
        .input("{\"n\":21}")
        .tasks(tasks)
        .run();
  }

  private static JsonNode twice(JsonNode payload) {
    return Json.NODES.numberNode(2 * payload.get("n").intValue());
  }

  @Test
  void aFunctionIsFoundByNameAliasOrArn() {
    LambdaTasks byName = LambdaTasks.builder().function("double", LambdaTasksTest::twice).build();
    LambdaTasks byArn =
        LambdaTasks.builder().function(ARN + ":live", LambdaTasksTest::twice).build();

    ExecutionAssert.assertThat(run("'Resource':'" + ARN + "'", byName)).succeeded().output("42");
    ExecutionAssert.assertThat(run("'Resource':'" + ARN + ":live'", byName))
        .succeeded()
        .output("42");
    ExecutionAssert.assertThat(run("'Resource':'" + ARN + ":live'", byArn))
        .succeeded()
        .output("42");
    ExecutionAssert.assertThat(run("'Resource':'" + ARN + "'", byArn))
        .failedWith("Lambda.ResourceNotFoundException");
  }

  @Test
  void invokeAnswersAnEnvelope() {
    LambdaTasks tasks = LambdaTasks.builder().function("double", LambdaTasksTest::twice).build();

    ExecutionAssert.assertThat(
            run(
                "'Resource':'arn:aws:states:::lambda:invoke','Parameters':{'FunctionName':'double:live','Payload.$':'$'}",
                tasks))
        .succeeded()
        .output("$.Payload", "42")
        .output("$.StatusCode", "200")
        .output("$.ExecutedVersion", "\"$LATEST\"");
  }

  /** The three forms that Lambda's Invoke takes for FunctionName, each with a version or alias. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "double",
        "double:live",
        "000000000000:function:double",
        "000000000000:function:double:7",
        ARN,
        ARN + ":$LATEST"
      })
  void invokeFindsAFunctionByEveryFormOfItsName(String name) {
    LambdaTasks tasks = LambdaTasks.builder().function("double", LambdaTasksTest::twice).build();

    ExecutionAssert.assertThat(
            run(
                "'Resource':'arn:aws:states:::lambda:invoke','Parameters':{'FunctionName':'"
                    + name
                    + "','Payload.$':'$'}",
                tasks))
        .succeeded()
        .output("$.Payload", "42");
  }

  @Test
  void aThrownExceptionIsReportedAsLambdaReportsIt() {
    LambdaTasks tasks =
        LambdaTasks.builder()
            .function(
                "double",
                payload -> {
                  throw new IllegalArgumentException("n is missing");
                })
            .build();

    ExecutionResult result = run("'Resource':'" + ARN + "'", tasks);

    ExecutionAssert.assertThat(result).failedWith("java.lang.IllegalArgumentException");
    assertThat(result.cause())
        .isEqualTo(
            "{\"errorMessage\":\"n is missing\",\"errorType\":\"java.lang.IllegalArgumentException\"}");
  }

  @Test
  void aResultThatIsTooLargeIsTheTasksOwnFailure() {
    LambdaTasks tasks =
        LambdaTasks.builder()
            .function(
                "double", payload -> Json.NODES.stringNode("x".repeat(SizeLimit.MAX_BYTES - 1)))
            .build();

    ExecutionResult result = run("'Resource':'" + ARN + "'", tasks);

    ExecutionAssert.assertThat(result).failedWith("States.DataLimitExceeded");
    assertThat(result.cause())
        .startsWith("The state/task '" + ARN + "' returned a result with a size exceeding");
  }

  @Test
  void aResultAtTheLimitIsNot() {
    String text = "x".repeat(SizeLimit.MAX_BYTES - 2);
    LambdaTasks tasks =
        LambdaTasks.builder().function("double", payload -> Json.NODES.stringNode(text)).build();

    ExecutionResult result = run("'Resource':'" + ARN + "'", tasks);

    assertThat(Objects.requireNonNull(result.output()).stringValue()).isEqualTo(text);
  }

  @Test
  void publishingWithoutATopicFails() {
    ExecutionAssert.assertThat(
            run(
                "'Resource':'arn:aws:states:::sns:publish','Parameters':{'Message':'hello'}",
                LambdaTasks.builder().build()))
        .failedWith("SNS.NotFoundException");
  }
}
