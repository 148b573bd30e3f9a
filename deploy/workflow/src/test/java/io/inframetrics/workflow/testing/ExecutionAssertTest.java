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
                "A":{"Type":"Wait","Seconds":3,"Next":"B"},
                "B":{"Type":"Pass","Result":{"n":[1,2]},"End":true}}}
              """,
              Map.of())
          .execution()
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
}
