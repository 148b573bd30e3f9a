package io.inframetrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.page.RunDetails.Visit;
import io.inframetrics.page.RunView.Flow;
import io.inframetrics.page.RunView.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StateMachineViewTest {

  private static final String LOOP =
      """
      {"StartAt": "Wait", "States": {
        "Wait": {"Type": "Wait", "Seconds": 1, "Next": "Check"},
        "Check": {"Type": "Task", "Next": "Done?",
          "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Alarm"}]},
        "Done?": {"Type": "Choice",
          "Choices": [
            {"Variable": "$.status", "StringEquals": "PENDING", "Next": "Wait"},
            {"And": [{"Variable": "$.n", "NumericGreaterThanEquals": 3},
                     {"Not": {"Variable": "$.n", "NumericLessThan": 1}}], "Next": "Many"}],
          "Default": "Few"},
        "Many": {"Type": "Succeed"},
        "Few": {"Type": "Pass", "Next": "Alarm"},
        "Alarm": {"Type": "Fail"}}}
      """;

  private static Visit visit(String state, String outcome, int retries) {
    return new Visit(
        state, "", "Task", outcome, Instant.EPOCH, Duration.ofSeconds(2), retries, null);
  }

  private static Flow flow(String definition, Visit... visits) {
    return Objects.requireNonNull(StateMachineView.of(definition, List.of(visits)));
  }

  private static List<String> names(Flow flow) {
    return flow.steps().stream().map(Step::name).toList();
  }

  @Test
  void theMainPathIsTheOneThatTheRunTook() {
    assertThat(names(flow(LOOP))).containsExactly("Wait", "Check", "Done?", "Many");
    Flow few = flow(LOOP, visit("Few", "SUCCEEDED", 0));

    assertThat(names(few)).containsExactly("Wait", "Check", "Done?", "Few", "Alarm");
    assertThat(few.beside()).hasSize(1);
    assertThat(names(few.beside().get(0))).containsExactly("Many");
  }

  @Test
  void whatChoicesAndErrorsLeadToIsSaidInWords() {
    Flow flow = flow(LOOP);

    assertThat(flow.steps().get(1).notes()).containsExactly("fails → Alarm");
    assertThat(flow.steps().get(2).notes())
        .containsExactly(
            "$.status is PENDING → Wait",
            "$.n is at least 3 and not $.n is less than 1 → Many",
            "otherwise → Few");
    assertThat(flow.beside())
        .extracting(Flow::title)
        .containsExactly("Check fails", "Done?: otherwise");
    assertThat(flow.beside().get(1).end()).isEqualTo("goes on with Alarm");
  }

  @Test
  void aStateSaysWhatHappenedInAllItsVisits() {
    Flow flow =
        flow(
            LOOP,
            visit("Check", "SUCCEEDED", 1),
            new Visit(
                "Check",
                "",
                "Task",
                "CAUGHT",
                Instant.EPOCH,
                Duration.ofSeconds(3),
                2,
                "States.Timeout"));

    assertThat(flow.steps().get(0).result()).isEqualTo("idle");
    assertThat(flow.steps().get(1).result()).isEqualTo("caught");
    assertThat(flow.steps().get(1).happened())
        .isEqualTo("entered 2 times, 5 s, 3 retries, States.Timeout");
  }

  @Test
  void branchesKeepWhatGoesWrongInThem() {
    Flow flow =
        flow(
            """
            {"StartAt": "Both", "States": {
              "Both": {"Type": "Parallel", "End": true, "Branches": [
                {"StartAt": "A", "States": {
                  "A": {"Type": "Task", "End": true,
                    "Catch": [{"ErrorEquals": ["X", "Y"], "Next": "AFailed"}]},
                  "AFailed": {"Type": "Pass", "End": true}}},
                {"StartAt": "Each", "States": {
                  "Each": {"Type": "Map", "End": true,
                    "ItemProcessor": {"StartAt": "One", "States": {"One": {"Type": "Pass"}}}}}}]}}}
            """);
    List<Flow> branches = flow.steps().get(0).branches();

    assertThat(branches).extracting(Flow::title).containsExactly("Branch 1", "Branch 2");
    assertThat(branches.get(0).beside())
        .extracting(Flow::title)
        .containsExactly("A fails with X, Y");
    assertThat(branches.get(1).steps().get(0).branches())
        .extracting(Flow::title)
        .containsExactly("For each item");
    assertThat(flow.beside()).isEmpty();
  }

  @Test
  void whatIsNotAStateMachineIsNotDrawn() {
    assertThat(StateMachineView.of("", List.of())).isNull();
    assertThat(StateMachineView.of("[]", List.of())).isNull();
    assertThat(StateMachineView.of("{\"StartAt\": \"A\"}", List.of())).isNull();
    assertThat(names(flow("{\"StartAt\": \"A\", \"States\": {\"A\": {\"Next\": \"Missing\"}}}")))
        .containsExactly("A");
  }
}
