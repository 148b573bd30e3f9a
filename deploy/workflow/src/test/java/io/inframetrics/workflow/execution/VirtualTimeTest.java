package io.inframetrics.workflow.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.workflow.StateMachine;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.testing.ExecutionAssert;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.NumericNode;

/**
 * Concurrency, cancellation and retries on the virtual clock. Sources: the specification's
 * Parallel, Map and "Errors" sections (https://states-language.net/spec.html) and
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html.
 */
class VirtualTimeTest {

  private static final String FUNCTION = "\"arn:aws:lambda:us-east-1:000000000000:function:f\"";

  private static StateMachine machine(String definition) {
    return StateMachine.parse(definition.replace("FUNCTION", FUNCTION), Map.of());
  }

  private static TaskHandler taking(Map<String, Long> seconds) {
    return call -> {
      call.takes(Duration.ofSeconds(seconds.getOrDefault(call.state(), 0L)));
      return call.input();
    };
  }

  private static Execution retried() {
    return machine(
            """
            {"StartAt":"Try","States":{
              "Try":{"Type":"Task","Resource":FUNCTION,
                "Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":60,"MaxAttempts":3}],
                "Catch":[{"ErrorEquals":["States.ALL"],"Next":"GivenUp"}],"End":true},
              "GivenUp":{"Type":"Wait","Seconds":2,"End":true}}}
            """)
        .execution()
        .tasks(
            call -> {
              throw new TaskFailure("Down", "c");
            });
  }

  @Test
  void aTaskThatWaitsForItsRetryIsCaughtAtOnceWhenRetriesEnd() {
    Execution execution = retried();

    ExecutionResult result =
        execution
            .listener(
                new ExecutionListener() {
                  @Override
                  public void onRetryScheduled(
                      String state, String error, int attempt, Duration delay) {
                    if (attempt == 2) {
                      execution.endRetries();
                    }
                  }
                })
            .run();

    ExecutionAssert.assertThat(result)
        .succeeded()
        .took(Duration.ofSeconds(62))
        .enteredExactly("Try", "GivenUp");
    assertThat(result.output().path("Error").stringValue()).isEqualTo("Down");
  }

  @Test
  void anExecutionWhoseRetriesHaveEndedBeforeItStartsTriesOnce() {
    Execution execution = retried();
    execution.endRetries();
    execution.endRetries();

    ExecutionAssert.assertThat(execution.run())
        .succeeded()
        .took(Duration.ofSeconds(2))
        .enteredExactly("Try", "GivenUp");
  }

  /** Spec, Parallel: "all the branches are terminated" when one fails. */
  @Test
  void aFailingBranchStopsItsSiblingsWhereTheyAre() {
    ExecutionResult result =
        machine(
                """
                {"StartAt":"Both","States":{"Both":{"Type":"Parallel","End":true,"Branches":[
                  {"StartAt":"Doomed","States":{
                    "Doomed":{"Type":"Wait","Seconds":10,"Next":"Break"},
                    "Break":{"Type":"Fail","Error":"E","Cause":"c"}}},
                  {"StartAt":"Slow","States":{
                    "Slow":{"Type":"Wait","Seconds":60,"Next":"Never"},
                    "Never":{"Type":"Pass","End":true}}}]}}}
                """)
            .execution()
            .run();

    ExecutionAssert.assertThat(result)
        .failedWith("E")
        .took(Duration.ofSeconds(10))
        .enteredExactly("Both", "Doomed", "Slow", "Break");
    assertThat(result.cause()).isEqualTo("c");
    assertThat(result.trace().first("Slow"))
        .hasValueSatisfying(
            slow -> {
              assertThat(slow.outcome()).isEqualTo(StateOutcome.ABORTED);
              assertThat(slow.duration()).isEqualTo(Duration.ofSeconds(10));
            });
  }

  @Test
  void aFailureInsideNestedBranchesStopsEverythingAroundIt() {
    ExecutionResult result =
        machine(
                """
                {"StartAt":"Outer","States":{"Outer":{"Type":"Parallel","End":true,"Branches":[
                  {"StartAt":"Each","States":{"Each":{"Type":"Map","ItemsPath":"$.items","End":true,"ItemProcessor":{
                    "StartAt":"Inner","States":{"Inner":{"Type":"Parallel","End":true,"Branches":[
                      {"StartAt":"Nap","States":{"Nap":{"Type":"Wait","Seconds":99,"End":true}}},
                      {"StartAt":"Work","States":{"Work":{"Type":"Task","Resource":FUNCTION,"End":true}}}]}}}}}},
                  {"StartAt":"Long","States":{"Long":{"Type":"Wait","Seconds":1000,"End":true}}}]}}}
                """)
            .execution()
            .input("{\"items\":[1,2]}")
            .tasks(
                call -> {
                  call.takes(Duration.ofSeconds(call.input().intValue() == 0 ? 7 : 9));
                  throw new TaskFailure("E", null);
                })
            .run();

    ExecutionAssert.assertThat(result).failedWith("E").took(Duration.ofSeconds(9));
    assertThat(result.trace().visits())
        .filteredOn(visit -> visit.outcome() == StateOutcome.ABORTED)
        .extracting(Trace.Visited::state)
        .containsExactlyInAnyOrder("Nap", "Nap", "Work", "Inner", "Long");
  }

  @Test
  void aCatchAroundTheBranchesGoesOnFromTheirInput() {
    ExecutionResult result =
        machine(
                """
                {"StartAt":"Both","States":{
                  "Both":{"Type":"Parallel","Next":"Done","Catch":[
                      {"ErrorEquals":["States.ALL"],"ResultPath":"$.error","Next":"Caught"}],
                    "Branches":[
                      {"StartAt":"Work","States":{"Work":{"Type":"Task","Resource":FUNCTION,"End":true}}},
                      {"StartAt":"Long","States":{"Long":{"Type":"Wait","Seconds":1000,"End":true}}}]},
                  "Caught":{"Type":"Pass","End":true},
                  "Done":{"Type":"Pass","End":true}}}
                """)
            .execution()
            .input("{\"a\":1}")
            .tasks(
                call -> {
                  throw new IllegalStateException("broken");
                })
            .run();

    ExecutionAssert.assertThat(result)
        .succeeded()
        .took(Duration.ZERO)
        .enteredExactly("Both", "Work", "Long", "Caught")
        .output(
            """
            {"a":1,"error":{"Error":"java.lang.IllegalStateException",
              "Cause":"{\\"errorMessage\\":\\"broken\\",\\"errorType\\":\\"java.lang.IllegalStateException\\"}"}}
            """);
  }

  @Test
  void retriesOfOneBranchOverlapTheWaitsOfAnother() {
    int[] attempts = {0};
    ExecutionResult result =
        machine(
                """
                {"StartAt":"Both","States":{"Both":{"Type":"Parallel","End":true,"Branches":[
                  {"StartAt":"Flaky","States":{"Flaky":{"Type":"Task","Resource":FUNCTION,"End":true,
                    "Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":10,"BackoffRate":2,"MaxAttempts":3}]}}},
                  {"StartAt":"Nap","States":{"Nap":{"Type":"Wait","Seconds":65,"End":true}}}]}}}
                """)
            .execution()
            .tasks(
                call -> {
                  if (attempts[0]++ < 3) {
                    throw new TaskFailure("E", null);
                  }
                  return call.input();
                })
            .run();

    ExecutionAssert.assertThat(result)
        .succeeded()
        .retriedAfter("Flaky", 10, 20, 40)
        .took(Duration.ofSeconds(70))
        .transitions(3 + 3);
    assertThat(result.trace().delays())
        .extracting(Trace.Delay::begun)
        .extracting(begun -> Duration.between(result.trace().start(), begun).toSeconds())
        .containsExactly(0L, 0L, 10L, 30L);
  }

  /** A Map runs at most MaxConcurrency iterations at once. */
  @Test
  void aMapStartsTheNextItemWhenAPlaceIsFree() {
    StateMachine machine =
        machine(
            """
            {"StartAt":"Each","States":{"Each":{"Type":"Map","MaxConcurrency":2,"End":true,"ItemProcessor":{
              "StartAt":"Nap","States":{"Nap":{"Type":"Wait","SecondsPath":"$","End":true}}}}}}
            """);

    ExecutionResult result = machine.execution().input("[10,1,1,1]").run();

    ExecutionAssert.assertThat(result)
        .succeeded()
        .output("[10,1,1,1]")
        .took(Duration.ofSeconds(10));
    assertThat(result.trace().visits("Nap"))
        .extracting(nap -> Duration.between(result.trace().start(), nap.entered()).toSeconds())
        .containsExactly(0L, 0L, 1L, 2L);
  }

  /**
   * Forty, when MaxConcurrency is not given:
   * https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html.
   */
  @Test
  void aMapRunsFortyItemsAtOnce() {
    StateMachine machine =
        machine(
            """
            {"StartAt":"Each","States":{"Each":{"Type":"Map","End":true,"ItemProcessor":{
              "StartAt":"Nap","States":{"Nap":{"Type":"Wait","Seconds":1,"End":true}}}}}}
            """);

    ExecutionAssert.assertThat(
            machine.execution().input(Json.text(Json.NODES.arrayNode().addAll(numbers(40)))).run())
        .took(Duration.ofSeconds(1));
    ExecutionAssert.assertThat(
            machine.execution().input(Json.text(Json.NODES.arrayNode().addAll(numbers(41)))).run())
        .took(Duration.ofSeconds(2));
  }

  private static List<NumericNode> numbers(int count) {
    List<NumericNode> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(Json.NODES.numberNode(i));
    }
    return numbers;
  }

  @Test
  void aTaskThatTimesOutIsNotHeardOfAgain() {
    ExecutionResult result =
        machine(
                """
                {"StartAt":"Work","States":{
                  "Work":{"Type":"Task","Resource":FUNCTION,"TimeoutSeconds":5,"Next":"Late",
                    "Catch":[{"ErrorEquals":["States.Timeout"],"Next":"Late"}]},
                  "Late":{"Type":"Wait","Seconds":100,"End":true}}}
                """)
            .execution()
            .tasks(taking(Map.of("Work", 50L)))
            .run();

    ExecutionAssert.assertThat(result)
        .succeeded()
        .enteredExactly("Work", "Late")
        .took(Duration.ofSeconds(105))
        .output("{\"Error\":\"States.Timeout\",\"Cause\":\"\"}");
  }

  @Test
  void aWeekOfWaitingTakesNoTime() {
    ExecutionResult result =
        machine(
                "{\"StartAt\":\"Nap\",\"States\":{\"Nap\":{\"Type\":\"Wait\",\"Seconds\":604800,\"End\":true}}}")
            .execution()
            .clock(WorkflowClock.virtual(Instant.parse("2026-03-01T00:00:00Z")))
            .run();

    assertThat(result.trace().end()).isEqualTo("2026-03-08T00:00:00Z");
  }

  /**
   * An execution lasts at most a year:
   * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html.
   */
  @Test
  void anExecutionTimesOutAfterAYear() {
    ExecutionAssert.assertThat(
            machine(
                    "{\"StartAt\":\"Nap\",\"States\":{\"Nap\":{\"Type\":\"Wait\",\"Seconds\":99999999,\"End\":true}}}")
                .execution()
                .run())
        .timedOut()
        .took(Duration.ofDays(365));
  }

  /**
   * A history holds 25,000 events:
   * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html.
   */
  @Test
  void anEndlessLoopEndsWithItsHistory() {
    ExecutionResult result =
        machine(
                """
                {"StartAt":"Round","States":{
                  "Round":{"Type":"Pass","Next":"Again"},
                  "Again":{"Type":"Choice","Choices":[{"Variable":"$.stop","IsPresent":true,"Next":"End"}],"Default":"Round"},
                  "End":{"Type":"Succeed"}}}
                """)
            .execution()
            .run();

    ExecutionAssert.assertThat(result).failedWith("States.Runtime");
    assertThat(result.cause()).contains("25000");
    assertThat(result.trace().visits()).hasSize(12_500);
  }

  /** FULL draws each delay evenly from zero to what it would have been. */
  @Test
  void jitterIsDrawnFromTheSeed() {
    StateMachine machine =
        machine(
            """
            {"StartAt":"Work","States":{"Work":{"Type":"Task","Resource":FUNCTION,"End":true,"Retry":[
              {"ErrorEquals":["E"],"IntervalSeconds":10,"MaxAttempts":5,"BackoffRate":1,"JitterStrategy":"FULL"}]}}}
            """);
    TaskHandler failing =
        call -> {
          throw new TaskFailure("E", null);
        };

    List<Duration> once =
        machine.execution().tasks(failing).seed(1).run().trace().retryDelays("Work");
    List<Duration> again =
        machine.execution().tasks(failing).seed(1).run().trace().retryDelays("Work");
    List<Duration> other =
        machine.execution().tasks(failing).seed(2).run().trace().retryDelays("Work");

    assertThat(once)
        .hasSize(5)
        .isEqualTo(again)
        .isNotEqualTo(other)
        .allMatch(delay -> !delay.isNegative() && delay.compareTo(Duration.ofSeconds(10)) < 0)
        .doesNotHaveDuplicates();
  }

  @Test
  void theListenerHearsEverythingInOrder() {
    List<String> heard = new ArrayList<>();
    int[] attempts = {0};
    machine(
            """
            {"StartAt":"Nap","States":{
              "Nap":{"Type":"Wait","Seconds":3,"Next":"Work"},
              "Work":{"Type":"Task","Resource":FUNCTION,"End":true,"Retry":[{"ErrorEquals":["E"]}]}}}
            """)
        .execution()
        .tasks(
            call -> {
              if (attempts[0]++ == 0) {
                throw new TaskFailure("E", null);
              }
              return call.input();
            })
        .listener(
            new ExecutionListener() {
              @Override
              public void onStateEntered(String state, Instant time) {
                heard.add("> " + state + " " + time.getEpochSecond() % 60);
              }

              @Override
              public void onStateExited(String state, StateOutcome outcome, Duration inState) {
                heard.add("< " + state + " " + outcome + " " + inState.toSeconds());
              }

              @Override
              public void onWait(String state, Duration delay) {
                heard.add("wait " + state + " " + delay.toSeconds());
              }

              @Override
              public void onRetryScheduled(
                  String state, String error, int attempt, Duration delay) {
                heard.add("retry " + state + " " + error + " " + attempt + " " + delay.toSeconds());
              }
            })
        .run();

    assertThat(heard)
        .containsExactly(
            "> Nap 0",
            "wait Nap 3",
            "< Nap SUCCEEDED 3",
            "> Work 3",
            "retry Work E 1 1",
            "< Work SUCCEEDED 1");
  }

  /** A defect in a test's own task is not a failure of the state machine. */
  @Test
  void anErrorOfTheHandlerEndsTheRunItself() {
    Execution execution =
        machine(
                "{\"StartAt\":\"Work\",\"States\":{\"Work\":{\"Type\":\"Task\",\"Resource\":FUNCTION,\"End\":true}}}")
            .execution()
            .tasks(
                call -> {
                  throw new AssertionError("not what the test expects");
                });

    assertThatThrownBy(execution::run)
        .isInstanceOf(AssertionError.class)
        .hasMessage("not what the test expects");
  }

  /** A delay that another branch, or the end of the execution, cuts short counts what passed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'Type':'Wait','Seconds':100,'End':true}                                     | 1000 | 3,3",
        "{'Type':'Wait','Seconds':2,'End':true}                                       | 1000 | 2,3",
        "{'Type':'Wait','Seconds':3,'End':true}                                       | 1000 | 3,3",
        "{'Type':'Wait','Seconds':100,'End':true}                                     | 2    | 2,2",
        "{'Type':'Task','Resource':FUNCTION,'Retry':[{'ErrorEquals':['E'],'IntervalSeconds':50}],'End':true}"
            + " | 1000 | 3,3",
      })
  void aDelayThatIsCutShortCountsWhatPassed(String state, int timeout, String seconds) {
    ExecutionResult result =
        machine(
                """
                {"StartAt":"Both","TimeoutSeconds":%d,"States":{"Both":{"Type":"Parallel","End":true,"Branches":[
                  {"StartAt":"Slow","States":{"Slow":%s}},
                  {"StartAt":"Three","States":{"Three":{"Type":"Wait","Seconds":3,"Next":"Fails"},
                    "Fails":{"Type":"Fail","Error":"F"}}}]}}}
                """
                    .formatted(timeout, state.replace('\'', '"')))
            .execution()
            .tasks(
                call -> {
                  throw new TaskFailure("E", null);
                })
            .run();

    assertThat(result.succeeded()).isFalse();
    assertThat(
            result.trace().delays().stream()
                .sorted(Comparator.comparing(Trace.Delay::state))
                .map(delay -> String.valueOf(delay.duration().toSeconds()))
                .collect(Collectors.joining(",")))
        .isEqualTo(seconds);
  }
}
