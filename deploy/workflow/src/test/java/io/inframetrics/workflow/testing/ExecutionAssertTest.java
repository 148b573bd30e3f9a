package io.inframetrics.workflow.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.workflow.StateMachine;
import io.inframetrics.workflow.execution.ExecutionResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the published assertions let through, and what they say when they do not. */
class ExecutionAssertTest {

  private static final ExecutionResult RESULT =
      StateMachine.parse(
              """
              {"StartAt":"A","States":{
                "A":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:1:function:a","Next":"B",
                  "Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}]},
                "B":{"Type":"Pass","Result":{"n":[1,2]},"End":true},
                "C":{"Type":"Fail"}}}
              """,
              Map.of())
          .execution()
          .tasks(
              call -> {
                call.takes(Duration.ofSeconds(3));
                return call.input();
              })
          .run();

  @Test
  void whatIsTruePasses() {
    ExecutionAssert.assertThat(RESULT)
        .succeeded()
        .entered("A")
        .entered("A", "B")
        .enteredExactly("A", "B")
        .neverEntered("C")
        .notRetried("A")
        .transitions(2)
        .took(Duration.ofSeconds(3))
        .output("{\"n\":[1.0,2]}")
        .output("$.n[1]", "2");
  }

  @Test
  void whatIsNotTrueSaysWhatHappened() {
    List<Consumer<ExecutionAssert>> wrong =
        List.of(
            it -> it.failedWith("E"),
            ExecutionAssert::timedOut,
            it -> it.entered("B", "A"),
            it -> it.enteredExactly("A"),
            it -> it.neverEntered("B"),
            it -> it.retriedAfter("A", 1),
            it -> it.transitions(3),
            it -> it.took(Duration.ZERO),
            it -> it.output("{}"),
            it -> it.output("$.nope", "1"));

    for (Consumer<ExecutionAssert> assertion : wrong) {
      assertThatThrownBy(() -> assertion.accept(ExecutionAssert.assertThat(RESULT)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("expected:")
          .hasMessageContaining("SUCCEEDED after the states [A, B]");
    }
  }

  /** Places are {@code A/B[0]/C[1][0]} and {@code P[0]}, where A/B and C[1] are Maps. */
  private static final ExecutionResult NESTED =
      StateMachine.parse(
              """
              {"StartAt":"A/B","States":{
                "A/B":{"Type":"Map","Next":"P","ItemProcessor":{"StartAt":"C[1]","States":{
                  "C[1]":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"In","States":{
                    "In":{"Type":"Pass","End":true}}}}}}},
                "P":{"Type":"Parallel","End":true,"Branches":[
                  {"StartAt":"Left","States":{"Left":{"Type":"Pass","End":true}}},
                  {"StartAt":"B","States":{"B":{"Type":"Map","ItemProcessor":{"StartAt":"Last","States":{
                    "Last":{"Type":"Pass","End":true}}},"End":true}}}]}}}
              """,
              Map.of())
          .execution()
          .input("[[1,2],[3]]")
          .run();

  @Test
  void namesWithSlashesAndBracketsAreFound() {
    ExecutionAssert.assertThat(NESTED)
        .succeeded()
        .iterations("A/B", 2)
        .iterations("C[1]", 3)
        .iterations("B", 2)
        .enteredIn("A/B[1]", "C[1]")
        .enteredIn("A/B[0]/C[1][1]", "In")
        .outputIn("A/B[0]/C[1][1]", "2")
        .enteredIn("A/B[0]/C[1][2]")
        .enteredIn("P[0]", "Left")
        .enteredIn("P[1]/B[0]", "Last")
        .neverEntered()
        .notRetried("In")
        .decided("In");
  }

  @Test
  void namesThatAreNotInTheDefinitionFail() {
    List<Consumer<ExecutionAssert>> wrong =
        List.of(
            it -> it.neverEntered("Typoo"),
            it -> it.neverEntered("A/B[0]"),
            it -> it.notRetried("Typoo"),
            it -> it.retriedAfter("Typoo", 1),
            it -> it.decided("Typoo"),
            it -> it.decided("Typoo", "Default"),
            it -> it.iterations("Typoo", 0),
            it -> it.iterations("In", 0),
            it -> it.iterations("P", 0),
            it -> it.enteredIn("Typoo[3]"),
            it -> it.enteredIn("A/B"),
            it -> it.enteredIn("A/B[01]"),
            it -> it.enteredIn("C[1][0]"),
            it -> it.enteredIn("P[2]"),
            it -> it.enteredIn("P[0]/B[0]"),
            it -> it.enteredIn(""),
            it -> it.outputIn("B[0]", "1"));

    for (Consumer<ExecutionAssert> assertion : wrong) {
      assertThatThrownBy(() -> assertion.accept(ExecutionAssert.assertThat(NESTED)))
          .isInstanceOf(AssertionError.class)
          .hasMessageMatching("(?s)(name of a state|name of a Map|place)\n  expected: .*");
    }
    assertThatThrownBy(() -> ExecutionAssert.assertThat(RESULT).neverEntered("Typoo"))
        .hasMessageStartingWith(
            "name of a state\n  expected: one of [A, B, C]\n  was:      Typoo\n");
  }
}
