package io.inframetrics.workflow.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.workflow.StateMachine;
import io.inframetrics.workflow.execution.Execution;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.TaskFailure;
import io.inframetrics.workflow.execution.TaskHandler;
import io.inframetrics.workflow.testing.Coverage;
import io.inframetrics.workflow.testing.ExecutionAssert;
import io.inframetrics.workflow.testing.Mermaid;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;

@StateMachineTest(
    value = "orders.asl.json",
    substitutions = "ChargeFunctionArn=arn:aws:lambda:eu-west-1:000000000000:function:charge")
class StateMachineExtensionTest {

  private static final String ORDERS =
      "{\"orders\":[{\"amount\":7},{\"amount\":700},{\"amount\":-1}]}";

  private static final TaskHandler CHARGE =
      call -> {
        if (call.input().path("amount").asInt() < 0) {
          throw new TaskFailure(call.retryCount() == 0 ? "Busy" : "Refused", null);
        }
        return call.input();
      };

  @Test
  void variablesBranchesAndIterationsAreChecked(Execution execution) {
    ExecutionResult result = execution.input(ORDERS).tasks(CHARGE).run();

    ExecutionAssert checked =
        ExecutionAssert.assertThat(result)
            .output("[\"done\",\"review\",\"open\"]")
            .iterations("Each order", 3)
            .enteredIn("Each order[0]", "Charge", "Large?", "Done")
            .enteredIn("Each order[2]", "Charge", "Keep \"open\"; later")
            .outputIn("Each order[1]", "\"review\"")
            .assigned("charged", "700")
            .decided("Large?", "Default", "Choices[0]")
            .decided("Charge", "Retry[0]", "Catch[0]");
    assertThatThrownBy(() -> checked.assigned("charged", "1"))
        .hasMessageContaining("was:      700");
    assertThatThrownBy(() -> checked.assigned("other", "1")).hasMessageContaining("was:      null");
    assertThatThrownBy(() -> checked.iterations("Each order", 2)).hasMessageContaining("3");
    assertThatThrownBy(() -> checked.decided("Large?")).hasMessageContaining("Choices[0]");
    assertThatThrownBy(() -> checked.outputIn("Each order[7]", "1")).hasMessageContaining("null");
  }

  @Test
  void coverageSaysWhatNoExecutionReached(StateMachine machine) {
    Coverage coverage = new Coverage(machine.definition());
    coverage.add(machine.execution().input("{\"orders\":[{\"amount\":1}]}").tasks(CHARGE).run());

    assertThat(coverage.missed())
        .extracting(Coverage.Part::toString)
        .containsExactly(
            "Charge Retry[0]",
            "Charge Catch[0]",
            "Large? Choices[0]",
            "Review",
            "Keep \"open\"; later");
    assertThat(coverage.report())
        .startsWith("5 of 10 states, choices, retriers and catchers reached\n")
        .contains("  not reached: Charge Catch[0]\n");
    assertThat(coverage.ratio()).isEqualTo(0.5);
    coverage.add(machine.execution().input(ORDERS).tasks(CHARGE).run());
    assertThat(coverage.missed()).isEmpty();
  }

  @StateMachineTest(
      value = "orders.asl.json",
      substitutions = "ChargeFunctionArn=arn:aws:lambda:eu-west-1:000000000000:function:charge",
      coverage = 0.6)
  private static final class WantsMoreThanHalf {}

  @StateMachineTest(
      value = "orders.asl.json",
      substitutions = "ChargeFunctionArn=arn:aws:lambda:eu-west-1:000000000000:function:charge",
      coverage = 0.5)
  private static final class WantsHalf {}

  @Test
  void aClassBelowItsCoverageFails() throws IOException {
    assertThat(reportAfter(WantsHalf.class)).startsWith("5 of 10 states");
    assertThatThrownBy(() -> reportAfter(WantsMoreThanHalf.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("less than 0.6 of the definition")
        .hasMessageContaining("not reached: Charge Catch[0]");
  }

  /** Runs the extension around a test class that reaches half of its definition. */
  private static String reportAfter(Class<?> test) throws IOException {
    Map<Object, Object> stored = new HashMap<>();
    List<Object> reported = new ArrayList<>();
    ExtensionContext.Store store =
        proxy(
            ExtensionContext.Store.class,
            (method, arguments) ->
                method.equals("put")
                    ? stored.put(arguments[0], arguments[1])
                    : stored.get(arguments[0]));
    ExtensionContext context =
        proxy(
            ExtensionContext.class,
            (method, arguments) ->
                switch (method) {
                  case "getStore" -> store;
                  case "getRequiredTestClass" -> test;
                  case "publishReportEntry" -> reported.add(arguments[1]);
                  default -> throw new UnsupportedOperationException(method);
                });
    StateMachineExtension extension = new StateMachineExtension();
    extension.beforeAll(context);
    ParameterContext parameter =
        proxy(
            ParameterContext.class,
            (method, arguments) ->
                StateMachineExtensionTest.class.getDeclaredMethod(
                        "variablesBranchesAndIterationsAreChecked", Execution.class)
                    .getParameters()[0]);
    ((Execution) extension.resolveParameter(parameter, context))
        .input("{\"orders\":[{\"amount\":1}]}")
        .tasks(CHARGE)
        .run();
    extension.afterAll(context);
    return String.valueOf(reported.get(0));
  }

  private interface Answer {
    Object to(String method, Object[] arguments) throws Exception;
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answer.to(method.getName(), arguments)));
  }

  @Test
  void aDrawingShowsTheRunAndEscapesNames(StateMachine machine) {
    ExecutionResult result = machine.execution().input(ORDERS).tasks(CHARGE).run();

    assertThat(Mermaid.draw(machine.definition(), result))
        .isEqualTo(
            """
            stateDiagram-v2
              [*] --> s1
              state "Each order" as s1 {
                [*] --> s2
                state "Charge (3 visits) (1 retry)" as s2
                state "Large#63; (2 visits)" as s3
                state "Review" as s4
                state "Done" as s5
                state "Keep #34;open#34;#59; later" as s6
                s2 --> s3
                s2 --> s6 : States.ALL
                s3 --> s4 : Choices[0]
                s3 --> s5 : Default
                s4 --> [*]
                s5 --> [*]
                s6 --> [*]
              }
              s1 --> [*]
              classDef caught fill:#fff0c0
              class s2 caught
              classDef succeeded fill:#d5f5d5
              class s3,s4,s5,s6 succeeded
            """);
    assertThat(Mermaid.draw(machine.definition())).doesNotContain("visits", "class");
  }

  @Nested
  class InAnotherClass {
    @Test
    void theMachineAndItsCoverageAreTheSame(StateMachine machine, Coverage coverage) {
      assertThat(machine.definition().path("StartAt").asString()).isEqualTo("Each order");
      assertThat(coverage.ratio()).isBetween(0.0, 1.0);
    }
  }
}
