package io.inframetrics.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.ExecutionStatus;
import io.inframetrics.workflow.execution.TaskFailure;
import io.inframetrics.workflow.execution.TaskHandler;
import io.inframetrics.workflow.execution.TaskTokens;
import io.inframetrics.workflow.execution.Trace;
import io.inframetrics.workflow.history.HistoryEvent;
import io.inframetrics.workflow.testing.ExecutionAssert;
import io.inframetrics.workflow.testing.ScriptedTasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class TaskResourcesTest {

  private static final String APPROVAL =
      """
      {"StartAt":"Ask","States":{"Ask":{"Type":"Task",
        "Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters":{"QueueUrl":"https://queue","MessageBody":{"token.$":"$$.Task.Token"}},
        "TimeoutSeconds":600,"HeartbeatSeconds":60,"End":true}}}
      """;

  private static ExecutionResult run(String definition, TaskHandler tasks) {
    return StateMachine.parse(definition, Map.of()).execution().tasks(tasks).run();
  }

  private static String task(String resource) {
    return "{\"StartAt\":\"T\",\"States\":{\"T\":{\"Type\":\"Task\",\"Resource\":\""
        + resource
        + "\",\"End\":true}}}";
  }

  private static List<String> events(ExecutionResult result) {
    return result.trace().events().stream().map(HistoryEvent::type).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:states:::aws-sdk:dynamodb:putItem",
        "arn:aws:states:::aws-sdk:sfn:startSyncExecution",
        "arn:aws:states:::aws-sdk:ecs:runTask.waitForTaskToken",
        "arn:aws:states:::states:startExecution.sync:2",
        "arn:aws:states:::states:startExecution.sync",
        "arn:aws:states:::glue:startJobRun.sync",
        "arn:aws:states:::eks:call",
        "arn:aws:states:::http:invoke",
        "arn:aws-us-gov:states:::events:putEvents",
        "arn:aws:states:eu-west-1:123456789012:activity:approve",
        "arn:aws:lambda:eu-west-1:123456789012:function:collect:live",
      })
  void aHandlerAnswersForAnyResource(String resource) {
    ExecutionResult result =
        run(task(resource), call -> Json.NODES.stringNode(call.resource() + call.input()));

    ExecutionAssert.assertThat(result).succeeded().output("\"" + resource + "{}\"");
  }

  @Test
  void theRouterAsksTheStateThenTheResourceThenTheOthers() {
    TaskHandler handler =
        TaskRouter.builder()
            .state("T", call -> Json.NODES.stringNode("state"))
            .resource("ecs:runTask.sync", call -> Json.NODES.stringNode("job"))
            .resource("ecs:runTask", call -> Json.NODES.stringNode("any"))
            .build();
    TaskHandler withOthers =
        TaskRouter.builder().others(call -> Json.NODES.stringNode("others")).build();
    String other =
        """
        {"StartAt":"U","States":{"U":{"Type":"Task","Resource":"arn:aws:states:::ecs:runTask%s","End":true}}}
        """;

    ExecutionAssert.assertThat(run(task("arn:aws:states:::ecs:runTask.sync"), handler))
        .output("\"state\"");
    ExecutionAssert.assertThat(run(other.formatted(".sync"), handler)).output("\"job\"");
    ExecutionAssert.assertThat(run(other.formatted(".waitForTaskToken"), handler))
        .output("\"any\"");
    ExecutionAssert.assertThat(run(other.formatted(""), withOthers)).output("\"others\"");
    ExecutionAssert.assertThat(run(other.formatted(""), TaskRouter.builder().build()))
        .failedWith(ScriptedTasks.NO_RESULT);
  }

  @Test
  void aCallbackWaitsForItsTokenAndForHeartbeats() {
    List<JsonNode> messages = new ArrayList<>();
    ExecutionResult result =
        run(
            APPROVAL,
            call -> {
              messages.add(call.input().at("/MessageBody/token"));
              String token = call.awaitToken();
              TaskTokens tokens = call.tokens();
              tokens.after(Duration.ofSeconds(50), () -> tokens.heartbeat(token));
              tokens.after(
                  Duration.ofSeconds(100),
                  () -> tokens.succeed(token, Json.parse("{\"approved\":true}")));
              return Json.parse("{\"MessageId\":\"m-1\"}");
            });

    ExecutionAssert.assertThat(result)
        .succeeded()
        .output("{\"approved\":true}")
        .took(Duration.ofSeconds(100));
    assertThat(messages).singleElement().matches(token -> token.stringValue().length() > 40);
    assertThat(events(result))
        .containsExactly(
            "ExecutionStarted",
            "TaskStateEntered",
            "TaskScheduled",
            "TaskStarted",
            "TaskSubmitted",
            "TaskSucceeded",
            "TaskStateExited",
            "ExecutionSucceeded");
  }

  @Test
  void aTokenCanFailItsTaskAndIsThenUnknown() {
    List<Boolean> known = new ArrayList<>();
    ExecutionResult result =
        run(
            APPROVAL,
            call -> {
              String token = call.awaitToken();
              known.add(call.tokens().fail(token, "Rejected", "too expensive"));
              known.add(call.tokens().succeed(token, Json.NODES.objectNode()));
              known.add(call.tokens().heartbeat("other"));
              return Json.NODES.objectNode();
            });

    ExecutionAssert.assertThat(result).failedWith("Rejected");
    assertThat(result.cause()).isEqualTo("too expensive");
    assertThat(known).containsExactly(true, false, false);
  }

  @Test
  void aSilentCallbackMissesItsHeartbeatAndABusyOneItsTimeout() {
    ExecutionResult silent =
        run(
            APPROVAL,
            call -> {
              call.awaitToken();
              return Json.NODES.objectNode();
            });
    ExecutionResult busy =
        run(
            APPROVAL,
            call -> {
              String token = call.awaitToken();
              for (int i = 1; i < 100; i++) {
                call.tokens()
                    .after(Duration.ofSeconds(30L * i), () -> call.tokens().heartbeat(token));
              }
              return Json.NODES.objectNode();
            });

    ExecutionAssert.assertThat(silent).failedWith("States.Timeout").took(Duration.ofSeconds(60));
    ExecutionAssert.assertThat(busy).failedWith("States.Timeout").took(Duration.ofSeconds(600));
  }

  @Test
  void aRetryOfACallbackGetsANewToken() {
    List<String> tokens = new ArrayList<>();
    String definition =
        APPROVAL.replace(
            "\"End\":true", "\"Retry\":[{\"ErrorEquals\":[\"States.Timeout\"]}],\"End\":true");
    ExecutionResult result =
        run(
            definition,
            call -> {
              tokens.add(call.awaitToken());
              if (tokens.size() == 2) {
                call.tokens().succeed(tokens.get(0), Json.NODES.numberNode(1));
                call.tokens().succeed(tokens.get(1), Json.NODES.numberNode(2));
              }
              return Json.NODES.objectNode();
            });

    ExecutionAssert.assertThat(result).output("2").retriedAfter("Ask", 1);
    assertThat(tokens).doesNotHaveDuplicates();
  }

  /**
   * Recorded: a missed heartbeat is reported as States.Timeout. It can be caught by either name.
   */
  @ParameterizedTest
  @CsvSource({
    "States.HeartbeatTimeout, true",
    "States.Timeout,          true",
    "States.ALL,              true",
    "States.TaskFailed,       false",
  })
  void aMissedHeartbeatIsCaughtByEitherName(String name, boolean caught) {
    String definition =
        APPROVAL.replace(
            "\"End\":true",
            "\"Catch\":[{\"ErrorEquals\":[\"" + name + "\"],\"Next\":\"Late\"}],\"End\":true");
    ExecutionResult result =
        run(
            definition.substring(0, definition.lastIndexOf("}}"))
                + ",\"Late\":{\"Type\":\"Pass\",\"OutputPath\":\"$.Error\",\"End\":true}}}",
            call -> {
              call.awaitToken();
              return Json.NODES.objectNode();
            });

    assertThat(result.succeeded()).isEqualTo(caught);
    assertThat(caught ? result.output().stringValue() : result.error()).isEqualTo("States.Timeout");
  }

  @Test
  void aTokenThatNobodyReturnsEndsWithTheExecution() {
    ExecutionResult result =
        run(
            task("arn:aws:states:::sns:publish.waitForTaskToken"),
            call -> {
              call.awaitToken();
              return Json.NODES.objectNode();
            });

    assertThat(result.status()).isEqualTo(ExecutionStatus.TIMED_OUT);
  }

  @Test
  void anActivityHasATokenButCannotReadIt() {
    String activity =
        """
        {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:us-east-1:1:activity:a",
          "HeartbeatSeconds":10,"Parameters":{"x.$":"$$.Task"},"End":true}}}
        """;
    assertThat(run(activity, call -> Json.NODES.objectNode()).error()).isEqualTo("States.Runtime");

    ExecutionResult slow =
        run(
            activity.replace("$$.Task", "$$.State.Name"),
            call -> {
              call.takes(Duration.ofSeconds(11));
              return Json.NODES.objectNode();
            });
    ExecutionAssert.assertThat(slow).failedWith("States.Timeout");
    assertThat(events(slow)).contains("ActivityScheduled", "ActivityStarted", "ActivityTimedOut");
  }

  @Test
  void onlyATaskWithATokenCanWaitForIt() {
    assertThatThrownBy(
            () ->
                run(
                    task("arn:aws:states:::sqs:sendMessage"),
                    call -> {
                      try {
                        return Json.NODES.stringNode(call.awaitToken());
                      } catch (IllegalStateException e) {
                        throw new AssertionError(e.getMessage(), e);
                      }
                    }))
        .hasMessageContaining("has no task token");
  }

  @Test
  void aFunctionWithACallbackWaits() {
    ExecutionResult result =
        run(
            """
            {"StartAt":"L","States":{"L":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
              "Parameters":{"FunctionName":"f","Payload":{"token.$":"$$.Task.Token"}},"TimeoutSeconds":5,"End":true}}}
            """,
            LambdaTasks.builder().function("f", payload -> payload).build());

    ExecutionAssert.assertThat(result).failedWith("States.Timeout");
  }

  @Test
  void anHttpTaskHasItsEnvelopeOrTheErrorOfItsStatus() {
    String definition =
        """
        {"StartAt":"H","States":{"H":{"Type":"Task","Resource":"arn:aws:states:::http:invoke",
          "Parameters":{"ApiEndpoint":"https://api.example.com/orders","Method":"GET",
            "Authentication":{"ConnectionArn":"arn:aws:events:us-east-1:1:connection/c/1"}},"End":true}}}
        """;

    ExecutionAssert.assertThat(
            run(
                definition,
                new HttpTasks(request -> HttpTasks.Response.ok(request.get("ApiEndpoint")))))
        .output(
            """
            {"Headers":{"content-type":["application/json"]},"ResponseBody":"https://api.example.com/orders",
             "StatusCode":200,"StatusText":"OK"}
            """);
    ExecutionAssert.assertThat(
            run(
                definition,
                new HttpTasks(
                    request ->
                        new HttpTasks.Response(
                            404, "Not Found", Map.of(), Json.parse("{\"id\":7}")))))
        .failedWith("States.Http.StatusCode.404");
  }

  @Test
  void aHistoryIsReplayedAndWrittenAgain() {
    String definition =
        """
        {"StartAt":"Each","States":{"Each":{"Type":"Map","ItemProcessor":{"StartAt":"Read","States":{
            "Read":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:getItem",
              "Parameters":{"Key.$":"$"},"Next":"Ask"},
            "Ask":{"Type":"Task","Resource":"arn:aws:states:us-east-1:1:activity:ask","End":true,
              "Retry":[{"ErrorEquals":["Busy"]}]}}},"Next":"Last"},
          "Last":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:1:function:last","End":true}}}
        """;
    StateMachine machine = StateMachine.parse(definition, Map.of());
    boolean[] busy = {true};
    ExecutionResult recorded =
        machine
            .execution()
            .input("[3,1,2]")
            .tasks(
                call -> {
                  int key = call.input().path("Key").asInt(0);
                  call.takes(Duration.ofMillis(1_500L * key));
                  if (call.state().equals("Ask") && busy[0]) {
                    busy[0] = false;
                    throw new TaskFailure("Busy", "try later");
                  }
                  return call.input();
                })
            .run();
    ObjectNode history = recorded.trace().history();
    ScriptedTasks script = ScriptedTasks.replay(Json.parse(Json.text(history)));
    ExecutionResult replayed = machine.execution().input("[3,1,2]").tasks(script).run();

    assertThat(script.unused()).isZero();
    assertThat(replayed.output()).isEqualTo(recorded.output());
    assertThat(replayed.trace().history()).isEqualTo(history);
    assertThat(replayed.trace().duration()).isEqualTo(recorded.trace().duration());
    assertThat(Json.text(history.at("/events/5")))
        .isEqualTo(
            "{\"timestamp\":\"2026-01-01T00:00:00Z\",\"type\":\"MapIterationStarted\",\"id\":6,"
                + "\"previousEventId\":3,\"mapIterationStartedEventDetails\":{\"name\":\"Each\",\"index\":2}}");
    assertThat(recorded.trace().visits("Ask"))
        .extracting(Trace.Visited::place)
        .containsExactly("Each[1]", "Each[2]", "Each[0]");
  }

  @Test
  void aHistoryOfTheCommandLineIsReplayedWithItsTimes() {
    JsonNode history =
        Json.parse(
            """
            {"events":[
              {"id":5,"previousEventId":4,"type":"TaskTimedOut","timestamp":"2026-03-01T10:00:07.500000+02:00",
               "taskTimedOutEventDetails":{"resourceType":"sqs","resource":"sendMessage.waitForTaskToken","error":"States.Timeout"}},
              {"id":2,"previousEventId":0,"type":"TaskStateEntered","timestamp":"2026-03-01T10:00:00.000000+02:00",
               "stateEnteredEventDetails":{"name":"T","input":"{}"}},
              {"id":3,"previousEventId":2,"type":"TaskScheduled","timestamp":"2026-03-01T10:00:00.000000+02:00",
               "taskScheduledEventDetails":{"resourceType":"sqs","resource":"sendMessage.waitForTaskToken","parameters":"{}"}},
              {"id":4,"previousEventId":3,"type":"TaskStarted","timestamp":"2026-03-01T10:00:00.000000+02:00"}]}
            """);

    ExecutionResult result =
        run(
            task("arn:aws:states:::sqs:sendMessage.waitForTaskToken"),
            ScriptedTasks.replay(history));

    ExecutionAssert.assertThat(result).failedWith("States.Timeout").took(Duration.ofMillis(7_500));
    assertThatThrownBy(() -> ScriptedTasks.replay(Json.parse("[]")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("called events");
  }
}
