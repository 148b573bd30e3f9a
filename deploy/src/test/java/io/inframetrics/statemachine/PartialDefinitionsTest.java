package io.inframetrics.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.workflow.StateMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The definitions that are a part of the pipeline: a change of one must reach the others. */
class PartialDefinitionsTest {

  private static final JsonMapper JSON = JsonMapper.shared();

  private static String text(String name) throws IOException {
    return Files.readString(Path.of("statemachine", name));
  }

  private static JsonNode states(String name) throws IOException {
    return JSON.readTree(text(name)).path("States");
  }

  @ParameterizedTest
  @ValueSource(strings = {"collect.asl.json", "analyze.asl.json"})
  void areValid(String name) throws IOException {
    assertThat(StateMachine.validate(text(name))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pipeline.asl.json", "collect.asl.json", "analyze.asl.json"})
  void areResourcesOfTheArtifact(String name) throws IOException {
    try (InputStream resource =
        StateMachine.class.getResourceAsStream("/io/inframetrics/statemachine/" + name)) {
      assertThat(new String(resource.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(text(name));
    }
  }

  @Test
  void collectHasTheFirstStatesOfThePipelineAndEndsWithoutANotification() throws IOException {
    Map<String, String> instead =
        Map.of("ParallelAnalytics", "Collected", "HandleError", "FailState");

    isAPartOfThePipeline(states("collect.asl.json"), instead, "Collected");
    assertThat(text("collect.asl.json")).doesNotContain("Publish", "Topic", "Analyze");
  }

  @Test
  void analyzeHasTheLastStatesOfThePipeline() throws IOException {
    JsonNode states = states("analyze.asl.json");

    isAPartOfThePipeline(states, Map.of(), "StoredRecords");
    assertThat(states.propertyNames())
        .contains("ParallelAnalytics", "ComposeReport", "NotifySuccess", "HandleError");
    assertThat(text("analyze.asl.json")).doesNotContain("CollectFunctionArn");
  }

  /** Compares state by state; {@code instead} are other states that follow. */
  private static void isAPartOfThePipeline(
      JsonNode part, Map<String, String> instead, String ofItsOwn) throws IOException {
    JsonNode pipeline = states("pipeline.asl.json");
    for (Map.Entry<String, JsonNode> state : part.properties()) {
      if (!state.getKey().equals(ofItsOwn)) {
        String expected = pipeline.path(state.getKey()).toString();
        for (Map.Entry<String, String> change : instead.entrySet()) {
          expected =
              expected.replace(
                  "\"Next\":\"" + change.getKey() + "\"", "\"Next\":\"" + change.getValue() + "\"");
        }
        assertThat(state.getValue()).as(state.getKey()).isEqualTo(JSON.readTree(expected));
      }
    }
  }
}
