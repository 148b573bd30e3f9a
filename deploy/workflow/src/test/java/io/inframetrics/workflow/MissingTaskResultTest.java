package io.inframetrics.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.execution.Execution;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.TaskHandler;
import io.inframetrics.workflow.testing.ScriptedTasks;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A test that gives no result for a task must not pass because a Catch handles that. */
class MissingTaskResultTest {

  private static final String HANDLED =
      """
      "Retry":[{"ErrorEquals":["States.ALL"]}],
      "Catch":[{"ErrorEquals":["States.ALL"],"Next":"Caught"}],"End":true
      """;

  private static ExecutionResult run(String state, @Nullable TaskHandler tasks) {
    Execution execution =
        StateMachine.parse(
                """
                {"StartAt":"S","States":{"S":{%s,%s},"Caught":{"Type":"Pass","End":true}}}
                """
                    .formatted(state, HANDLED),
                Map.of())
            .execution()
            .input("[1,2]");
    return (tasks == null ? execution : execution.tasks(tasks)).run();
  }

  private static @Nullable TaskHandler tasks(String kind) {
    return switch (kind) {
      case "no tasks" -> null;
      case "returns null" -> call -> null;
      case "empty script" -> ScriptedTasks.of(Json.NODES.arrayNode());
      case "empty router" -> TaskRouter.builder().build();
      case "function returns null" -> LambdaTasks.builder().function("f", payload -> null).build();
      case "publisher returns null" -> LambdaTasks.builder().publisher(parameters -> null).build();
      case "endpoint returns null" -> new HttpTasks(request -> null);
      case "token gets null" ->
          call -> {
            call.tokens().succeed(call.awaitToken(), null);
            return call.input();
          };
      default -> throw new IllegalArgumentException(kind);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "no tasks, arn:aws:lambda:us-east-1:1:function:f",
    "returns null, arn:aws:lambda:us-east-1:1:function:f",
    "empty script, arn:aws:lambda:us-east-1:1:function:f",
    "empty router, arn:aws:lambda:us-east-1:1:function:f",
    "function returns null, arn:aws:lambda:us-east-1:1:function:f",
    "function returns null, arn:aws:states:::lambda:invoke",
    "publisher returns null, arn:aws:states:::sns:publish",
    "endpoint returns null, arn:aws:states:::http:invoke",
    "token gets null, arn:aws:states:::sqs:sendMessage.waitForTaskToken",
  })
  void aTaskWithoutAResultEndsTheExecution(String kind, String resource) {
    ExecutionResult result =
        run(
            "\"Type\":\"Task\",\"Resource\":\"%s\",\"Parameters\":{\"FunctionName\":\"f\"}"
                .formatted(resource),
            tasks(kind));

    assertThat(result.error()).as("%s", result.output()).isEqualTo(ScriptedTasks.NO_RESULT);
    assertThat(result.cause()).containsAnyOf("state 'S'", "a task's token");
    assertThat(result.trace().transitions()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'Type':'Parallel','Branches':[INNER]",
        "'Type':'Map','ItemProcessor':INNER",
        "'Type':'Map','ItemProcessor':DISTRIBUTED",
        "'Type':'Map','ItemProcessor':DISTRIBUTED,'ToleratedFailurePercentage':100",
        "'Type':'Map','ItemProcessor':DISTRIBUTED,'ItemBatcher':{'MaxItemsPerBatch':2},'ToleratedFailureCount':9",
      })
  void andSoDoesOneInABranchOrAnItem(String state) {
    String states =
        "'StartAt':'T','States':{'T':{'Type':'Task','Resource':'arn:aws:lambda:us-east-1:1:function:f','End':true}}}";

    ExecutionResult result =
        run(
            state
                .replace("INNER", "{" + states)
                .replace(
                    "DISTRIBUTED",
                    "{'ProcessorConfig':{'Mode':'DISTRIBUTED','ExecutionType':'STANDARD'},"
                        + states)
                .replace('\'', '"'),
            null);

    assertThat(result.error()).as("%s", result.output()).isEqualTo(ScriptedTasks.NO_RESULT);
    assertThat(result.cause()).contains("state 'T'");
    assertThat(result.trace().states()).doesNotContain("Caught");
  }
}
