package io.inframetrics.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.execution.ExecutionResult;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What ends although its definition does not, and what stays small although it is long. */
@Isolated // It measures the heap.
class BoundsTest {

  private static final long MEGABYTE = 1 << 20;

  private static ExecutionResult run(String states, JsonNode input) {
    return StateMachine.parse(
            "{\"QueryLanguage\":\"JSONata\",\"StartAt\":\"S\",\"States\":{" + states + "}}",
            Map.of())
        .execution()
        .input(input)
        .run();
  }

  private static String cause(String expression) {
    ObjectNode state = Json.NODES.objectNode();
    state.put("Type", "Pass").put("End", true).put("Output", "{% " + expression + " %}");
    long start = System.nanoTime();
    ExecutionResult result = run("\"S\":" + Json.text(state), Json.NODES.objectNode());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
    assertThat(result.error()).isEqualTo("States.QueryEvaluationError");
    return String.valueOf(result.cause());
  }

  @Test
  @Tag("soak")
  void anEndlessExpressionEnds() {
    assertThat(cause("($f := function($n){$f($n + 1)}; $f(0))")).contains("longer than 5 seconds");
    assertThat(cause("$contains($pad('', 40, 'a') & 'b', /^(a+)+\\1c/)"))
        .contains("longer than 5 seconds");
    assertThat(cause("$replace($pad('', 40, 'a') & 'b', /^(a*)*\\1c/, 'x')"))
        .contains("longer than 5 seconds");
  }

  private static final String MAP =
      """
      "S":{"Type":"Pass","Assign":{"total":"{% $sum($states.input) %}"},"Next":"M"},
      "M":{"Type":"Map","MaxConcurrency":10,"End":true,"ItemProcessor":{"StartAt":"I","States":{
        "I":{"Type":"Pass","Assign":{"item":"{% $states.input %}"},"Next":"J"},
        "J":{"Type":"Pass","Output":"{% $total - $item %}","End":true}}}}
      """;

  private static ArrayNode numbers(int count) {
    ArrayNode numbers = Json.NODES.arrayNode();
    for (int i = 0; i < count; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  @Test
  @Tag("soak")
  void twentyThousandIterationsLeaveNothingBehind() {
    long early = 0;
    for (int i = 1; i <= 20; i++) {
      assertThat(run(MAP, numbers(1_000)).succeeded()).isTrue();
      if (i == 5) {
        early = used();
      }
    }
    assertThat(used() - early).as("bytes left by 15,000 iterations").isLessThan(8 * MEGABYTE);
  }

  /** One execution with its whole trace: the child executions have histories of their own. */
  @Test
  @Tag("soak")
  void twentyThousandIterationsNeedHardlyMoreThanTwoThousand() {
    long few = retained(2);
    long many = retained(20);

    assertThat(many - few).as("bytes kept for 18,000 more iterations").isLessThan(8 * MEGABYTE);
  }

  /** The bytes that a result keeps, of a distributed Map of inline Maps with 1,000 items each. */
  private static long retained(int maps) {
    long before = used();
    ArrayNode input = Json.NODES.arrayNode();
    for (int i = 0; i < maps; i++) {
      input.add(numbers(1_000));
    }
    ExecutionResult result =
        run(
            """
            "S":{"Type":"Map","MaxConcurrency":1,"End":true,"ItemProcessor":{
              "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"M",
              "States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"I",
                "States":{"I":{"Type":"Pass","End":true}}}}}}}
            """,
            input);
    long kept = used() - before;
    assertThat(result.trace().visits("I")).hasSize(maps * 1_000);
    return kept;
  }

  /** As in Step Functions, an inline Map is in the history of its execution, which is limited. */
  @Test
  void anInlineMapEndsWithTheHistoryOfItsExecution() {
    ExecutionResult result = run(MAP, numbers(20_000));

    assertThat(result.error()).isEqualTo("States.Runtime");
    assertThat(result.cause()).contains("25000");
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
