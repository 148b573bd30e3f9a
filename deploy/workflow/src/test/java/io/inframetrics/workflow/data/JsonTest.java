package io.inframetrics.workflow.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.workflow.StateMachine;
import io.inframetrics.workflow.testing.ExecutionAssert;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Numbers compare by value, also those that no double can hold. */
class JsonTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1.0, 0",
    "1, 1e0, 0",
    "-0.0, 0, 0",
    "1, 2, -1",
    "9007199254740993, 9007199254740992, 1",
    "123456789012345678901234567890, 123456789012345678901234567891, -1",
    "1e400, 1, 1",
    "-1e400, 1, -1",
    "1e400, 1e401, 0"
  })
  void ordersByValue(String left, String right, int order) {
    assertThat(Integer.signum(Json.compare(Json.parse(left), Json.parse(right)))).isEqualTo(order);
    assertThat(Integer.signum(Json.compare(Json.parse(right), Json.parse(left)))).isEqualTo(-order);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "[]",
        "{}",
        "[1,[2.5,-3],1e400,123456789012345678901234567890,1.10]",
        "{\"a\":1,\"b\":{\"c\":[null,false,\"x\"]}}",
        "[\"\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\", \"\\u007f\\u0080é\\u07ff\\u0800€\uD83D\uDE00\"]",
      })
  void countsTheBytesThatAreWritten(String text) {
    JsonNode node = Json.parse(text);
    assertThat(SizeLimit.bytes(node))
        .isEqualTo(Json.text(node).getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void theLimitIsExact() {
    String most = "é".repeat((SizeLimit.MAX_BYTES - 2) / 2);
    assertThat(SizeLimit.exceeded(Json.NODES.stringNode(most))).isFalse();
    assertThat(SizeLimit.exceeded(Json.NODES.stringNode(most + "a"))).isTrue();
    JsonNode nested = Json.NODES.arrayNode();
    for (int i = 1; i < SizeLimit.MAX_DEPTH; i++) {
      nested = Json.NODES.arrayNode().add(nested);
    }
    assertThat(SizeLimit.exceeded(nested)).isFalse();
    assertThat(SizeLimit.exceeded(Json.NODES.arrayNode().add(nested))).isTrue();
  }

  @Test
  void aNumberTooLargeForADoubleRunsThroughAChoice() {
    ExecutionAssert.assertThat(
            StateMachine.parse(
                    """
                    {"StartAt":"C","States":{
                      "C":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericGreaterThan":1,"Next":"Y"}]},
                      "Y":{"Type":"Pass","Parameters":{"t.$":"States.ArrayContains($.l, $.n)"},"End":true}}}
                    """,
                    Map.of())
                .execution()
                .input("{\"n\":1e400,\"l\":[1]}")
                .run())
        .succeeded()
        .output("{\"t\":false}");
  }
}
