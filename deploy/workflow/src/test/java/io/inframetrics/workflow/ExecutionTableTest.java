package io.inframetrics.workflow;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.inframetrics.workflow.data.Json;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whole executions and how they must end, derived from the specification and the developer guide,
 * as data. Where a case expects a cause, states, delays or transitions, they must be exactly those.
 */
class ExecutionTableTest {

  @TestFactory
  Stream<DynamicTest> everyExecutionEndsAsItShould() throws IOException {
    return check("executions.json");
  }

  @TestFactory
  Stream<DynamicTest> everyExecutionInJsonataEndsAsItShould() throws IOException {
    return check("jsonata.json");
  }

  @TestFactory
  Stream<DynamicTest> everyExecutionWithVariablesEndsAsItShould() throws IOException {
    return check("variables.json");
  }

  private static Stream<DynamicTest> check(String file) throws IOException {
    return StreamSupport.stream(LanguageTableTest.read(file).get("cases").spliterator(), false)
        .map(one -> dynamicTest(one.get("id").stringValue(), () -> check(one)));
  }

  private static void check(JsonNode one) {
    ObjectNode file = Json.NODES.objectNode();
    file.putArray("cases").add(one);
    SoftAssertions softly = new SoftAssertions();
    Simulation.cases(
        file,
        result -> {
          softly.assertThat(result.get("pass").booleanValue()).as("%s", result).isTrue();
          for (String field : List.of("cause", "states", "delays", "transitions")) {
            JsonNode expected = one.get("expected").get(field);
            boolean compared =
                expected != null && !(field.equals("cause") && expected.isContainer());
            if (compared) {
              softly
                  .assertThat(Json.same(expected, result.get(field)))
                  .as("%s of %s, expected %s", field, result, expected)
                  .isTrue();
            }
          }
        });
    softly.assertAll();
  }
}
