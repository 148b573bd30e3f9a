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
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

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
