package io.inframetrics.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.execution.ExecutionResult;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The interpreter of Python's moto beside this one, on the definitions of the tables that have no
 * tasks: status, error name and output. Skipped where moto is not installed. {@code
 * moto-differences.json} lists where moto is known to differ, and why; any other difference fails.
 */
@Tag("soak")
class MotoComparisonTest {

  /** moto waits for real. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  /** Of the table of comparisons only every so manieth row: moto takes 60 ms for each. */
  private static final int ROW_STEP = 5;

  private static final int LONGEST_ID = 100;

  private record Compared(String id, JsonNode definition, JsonNode input) {}

  private record Begun(Compared compared, MotoServer.Begun execution) {}

  @Test
  void bothInterpretersAgree() throws IOException, InterruptedException {
    Map<String, String> differences = new TreeMap<>();
    try (MotoServer moto = moto()) {
      List<Begun> begun = new ArrayList<>();
      for (Compared one : definitions()) {
        try {
          begun.add(new Begun(one, moto.begin(one.definition(), one.input())));
        } catch (IOException e) {
          differences.put(one.id(), "moto: " + e.getMessage());
        }
      }
      for (Begun one : begun) {
        ExecutionResult ours = run(one.compared());
        try {
          JsonNode theirs = moto.result(one.execution());
          if (!agree(ours, theirs)) {
            differences.put(one.compared().id(), describe(ours) + "; moto: " + theirs);
          }
        } catch (IOException e) {
          differences.put(one.compared().id(), describe(ours) + "; moto: " + e.getMessage());
        }
      }
    }
    for (JsonNode known : LanguageTableTest.read("moto-differences.json").get("differences")) {
      known.get("ids").forEach(id -> differences.remove(id.stringValue()));
    }
    assertThat(differences).isEmpty();
  }

  private static MotoServer moto() throws InterruptedException {
    File command = MotoServer.command().orElse(null);
    if (command == null) {
      return abort("moto_server is not on the PATH (pip install 'moto[server,stepfunctions]')");
    }
    try {
      return MotoServer.start(command);
    } catch (IOException e) {
      return abort("moto_server does not interpret state machines here: " + e.getMessage());
    }
  }

  private static List<Compared> definitions() throws IOException {
    List<Compared> all = new ArrayList<>();
    JsonNode waits = LanguageTableTest.read("moto-differences.json").at("/waits/ids");
    Set<String> tooLong =
        waits.valueStream().map(JsonNode::stringValue).collect(Collectors.toUnmodifiableSet());
    for (JsonNode one : LanguageTableTest.read("executions.json").get("cases")) {
      Compared compared =
          new Compared(one.get("id").stringValue(), one.get("definition"), one.get("input"));
      if (!tooLong.contains(compared.id())
          && one.get("tasks").isEmpty()
          && !Json.text(one).contains("\"Task\"")
          && run(compared).trace().duration().compareTo(LONGEST_WAIT) <= 0) {
        all.add(compared);
      }
    }
    for (JsonNode row : LanguageTableTest.read("intrinsics.json").get("rows")) {
      if (!row.has("refused")) {
        String call = row.get("call").stringValue();
        String id = call + " of " + row.get("input");
        all.add(
            new Compared(
                id.length() > LONGEST_ID ? id.substring(0, LONGEST_ID) + id.length() : id,
                calling(call),
                row.get("input")));
      }
    }
    Map<String, ArrayNode> byOperator = new TreeMap<>();
    for (JsonNode row : LanguageTableTest.read("choice-operators.json").get("rows")) {
      byOperator
          .computeIfAbsent(row.get("operator").stringValue(), name -> Json.NODES.arrayNode())
          .add(row);
    }
    byOperator.forEach(
        (operator, rows) -> {
          ArrayNode some = Json.NODES.arrayNode();
          for (int i = 0; i < rows.size(); i += ROW_STEP) {
            some.add(rows.get(i));
          }
          if (!operator.startsWith("Is") && !operator.equals("StringMatches")) {
            all.add(new Compared(operator + "Path", choosing(operator + "Path"), some));
          }
        });
    return all;
  }

  private static JsonNode calling(String call) {
    ObjectNode definition =
        (ObjectNode)
            Json.parse(
                "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Pass\",\"Parameters\":{},\"End\":true}}}");
    ((ObjectNode) definition.at("/States/S/Parameters")).put("value.$", call);
    return definition;
  }

  /** Which rows of a table hold. */
  private static JsonNode choosing(String field) {
    return Json.parse(
        """
        {"StartAt":"Rows","States":{"Rows":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"Choose","States":{
          "Choose":{"Type":"Choice","Choices":[{"Variable":"$.variable","%s":"$.operand","Next":"Yes"}],"Default":"No"},
          "Yes":{"Type":"Pass","Parameters":{"row.$":"$","chosen":true},"End":true},
          "No":{"Type":"Pass","Parameters":{"row.$":"$","chosen":false},"End":true}}}}}}
        """
            .formatted(field));
  }

  private static ExecutionResult run(Compared one) {
    return StateMachine.read(one.definition(), Map.of(), false)
        .execution()
        .input(one.input())
        .run();
  }

  private static boolean agree(ExecutionResult ours, JsonNode theirs) {
    if (!ours.status().name().equals(theirs.get("status").stringValue())) {
      return false;
    }
    if (ours.output() != null) {
      // moto leaves an output of null out and the quotes of an output that is a string.
      String output = theirs.path("output").asString("null");
      return ours.output().isString()
          ? output.equals(ours.output().stringValue())
          : Json.same(ours.output(), Json.parse(output));
    }
    return Objects.equals(ours.error(), theirs.path("error").asString(null));
  }

  private static String describe(ExecutionResult ours) {
    return ours.status() + " " + (ours.output() == null ? ours.error() : ours.output());
  }
}
