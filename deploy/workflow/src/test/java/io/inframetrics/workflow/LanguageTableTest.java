package io.inframetrics.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.definition.Problem;
import io.inframetrics.workflow.execution.ExecutionResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tables of what the language says: one row, one comparison or one call. Each file names its
 * source.
 */
class LanguageTableTest {

  static JsonNode read(String file) throws IOException {
    try (InputStream stream = LanguageTableTest.class.getResourceAsStream("/cases/" + file)) {
      return Json.parse(
          new String(Objects.requireNonNull(stream, file).readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static ExecutionResult run(ObjectNode definition, JsonNode input) {
    return StateMachine.read(definition, Map.of(), false).execution().input(input).run();
  }

  @Test
  void everyComparisonHoldsExactlyWhenItShould() throws IOException {
    SoftAssertions softly = new SoftAssertions();
    for (JsonNode row : read("choice-operators.json").get("rows")) {
      String operator = row.get("operator").stringValue();
      boolean holds = row.get("holds").booleanValue();
      ObjectNode input = Json.NODES.objectNode();
      input.set("variable", row.get("variable"));
      input.set("operand", row.get("operand"));
      softly.assertThat(chosen(operator, row.get("operand"), input)).as("%s", row).isEqualTo(holds);
      if (!operator.startsWith("Is") && !operator.equals("StringMatches")) {
        JsonNode path = Json.NODES.stringNode("$.operand");
        softly
            .assertThat(chosen(operator + "Path", path, input))
            .as("%s, by path", row)
            .isEqualTo(holds);
      }
    }
    softly.assertAll();
  }

  private static boolean chosen(String operator, JsonNode operand, JsonNode input) {
    ObjectNode definition =
        (ObjectNode)
            Json.parse(
                """
                {"StartAt":"Choose","States":{
                  "Choose":{"Type":"Choice","Choices":[{"Variable":"$.variable","Next":"Yes"}],"Default":"No"},
                  "Yes":{"Type":"Pass","End":true},
                  "No":{"Type":"Pass","End":true}}}
                """);
    ((ObjectNode) definition.at("/States/Choose/Choices/0")).set(operator, operand);
    return run(definition, input).trace().states().contains("Yes");
  }

  @Test
  void everyIntrinsicFunctionAnswersWhatItShould() throws IOException {
    SoftAssertions softly = new SoftAssertions();
    for (JsonNode row : read("intrinsics.json").get("rows")) {
      ObjectNode definition =
          (ObjectNode)
              Json.parse(
                  """
                  {"StartAt":"Call","States":{"Call":{"Type":"Pass","Parameters":{},"End":true}}}
                  """);
      ((ObjectNode) definition.at("/States/Call/Parameters")).set("value.$", row.get("call"));
      if (row.has("refused")) {
        softly
            .assertThat(StateMachine.validate(Json.text(definition)))
            .as("%s", row)
            .extracting(Problem::pointer)
            .containsExactly("/States/Call/Parameters/value.$");
        continue;
      }
      ExecutionResult result = run(definition, row.get("input"));
      if (row.has("error")) {
        softly.assertThat(result.error()).as("%s", row).isEqualTo(row.get("error").stringValue());
      } else {
        JsonNode output = result.output();
        softly
            .assertThat(output != null && Json.same(output.get("value"), row.get("value")))
            .as("%s: %s %s", row, output, result.cause())
            .isTrue();
      }
    }
    softly.assertAll();
  }

  @Test
  void everyJsonataExpressionAnswersWhatItShould() throws IOException {
    SoftAssertions softly = new SoftAssertions();
    for (JsonNode row : read("jsonata-expressions.json").get("rows")) {
      ObjectNode definition =
          (ObjectNode)
              Json.parse(
                  """
                  {"StartAt":"Ask","QueryLanguage":"JSONata","States":{"Ask":{"Type":"Pass","End":true}}}
                  """);
      ((ObjectNode) definition.at("/States/Ask"))
          .put("Output", "{% " + row.get("expression").stringValue() + " %}");
      ExecutionResult result = run(definition, row.get("input"));
      JsonNode output = result.output();
      if (row.has("error")) {
        softly.assertThat(output).as("%s", row).isNull();
        softly.assertThat(result.error()).as("%s", row).isEqualTo("States.QueryEvaluationError");
        softly.assertThat(result.cause()).as("%s", row).contains(row.get("error").stringValue());
      } else {
        softly
            .assertThat(output != null && Json.text(output).equals(Json.text(row.get("value"))))
            .as("%s: %s %s", row, output, result.cause())
            .isTrue();
      }
    }
    softly.assertAll();
  }

  @Test
  void aUuidIsOfVersionFourAndSeeded() {
    ObjectNode definition =
        (ObjectNode)
            Json.parse(
                """
                {"StartAt":"Call","States":{"Call":{"Type":"Pass","Parameters":{"id.$":"States.UUID()"},"End":true}}}
                """);
    StateMachine machine = StateMachine.read(definition, Map.of(), false);

    JsonNode first = Objects.requireNonNull(machine.execution().seed(1).run().output()).get("id");
    JsonNode again = Objects.requireNonNull(machine.execution().seed(1).run().output()).get("id");
    JsonNode other = Objects.requireNonNull(machine.execution().seed(2).run().output()).get("id");

    assertThat(first.stringValue())
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(again).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
  }
}
