package io.inframetrics.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inframetrics.workflow.StateMachine;
import io.inframetrics.workflow.definition.DefinitionException;
import io.inframetrics.workflow.definition.Problem;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.TaskFailure;
import io.inframetrics.workflow.execution.TaskHandler;
import io.inframetrics.workflow.testing.ExecutionAssert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The pipeline's own definition, run as it stands in the repository. */
class PipelineDefinitionTest {

  static final Path DEFINITION = Path.of("statemachine/pipeline.asl.json");

  /** The branches that collect, in their order: a further type is a further branch. */
  private static List<JsonNode> branches() throws IOException {
    List<JsonNode> branches = new ArrayList<>();
    PipelineTasks.JSON
        .readTree(Files.readString(DEFINITION))
        .at("/States/ParallelDataCollection/Branches")
        .forEach(branches::add);
    return branches;
  }

  private static ExecutionResult run(PipelineTasks tasks) throws IOException {
    return StateMachine.load(DEFINITION, PipelineTasks.SUBSTITUTIONS)
        .execution()
        .name("run-1")
        .tasks(tasks.handler())
        .run();
  }

  @Test
  void aHealthyRunTakesThirteenTransitionsAndOneMoreForEachFurtherType() throws IOException {
    PipelineTasks tasks = new PipelineTasks();
    List<String> collecting =
        branches().stream().map(branch -> branch.path("StartAt").stringValue()).toList();
    assertThat(collecting)
        .startsWith(
            "CollectCPUMetrics",
            "CollectMemoryMetrics",
            "CollectDiskMetrics",
            "CollectNetworkMetrics");
    List<String> entered = new ArrayList<>(List.of("ParallelDataCollection"));
    entered.addAll(collecting);
    entered.addAll(
        List.of(
            "WaitForProcessing",
            "CheckPipelineHealth",
            "IsPipelineHealthy",
            "ParallelAnalytics",
            "DetectAnomalies",
            "ForecastCapacity",
            "ComposeReport",
            "NotifySuccess"));

    ExecutionResult result = run(tasks);

    ExecutionAssert.assertThat(result)
        .succeeded()
        .transitions(9 + collecting.size())
        .took(Duration.ofSeconds(1))
        .enteredExactly(entered.toArray(String[]::new))
        .output("$.notification", "{\"message_id\":\"message-1\"}")
        .output("$.collections[*].metric_type", types());
    assertThat(tasks.published())
        .singleElement()
        .satisfies(PipelineDefinitionTest::isHealthyReport);
  }

  /** The types of the branches as a JSON array, those of every installation first. */
  private static String types() throws IOException {
    List<String> types = new ArrayList<>();
    for (JsonNode branch : branches()) {
      String collecting = branch.path("StartAt").stringValue();
      types.add(branch.path("States").path(collecting).at("/Parameters/metric_type").stringValue());
    }
    assertThat(types)
        .startsWith("cpu_utilization", "memory_usage", "disk_usage", "network_traffic")
        .doesNotHaveDuplicates();
    return PipelineTasks.JSON.writeValueAsString(types);
  }

  private static void isHealthyReport(JsonNode message) {
    assertThat(message.get("Subject").stringValue()).isEqualTo("InfraMetrics: HEALTHY");
    assertThat(message.get("Message").stringValue())
        .isEqualTo(
            "The pipeline is HEALTHY.\n\nNothing found by anomalies.\n\nNothing found by forecast."
                + "\n\nSource of the metrics: synthetic.");
    assertThat(message.at("/MessageAttributes/status/StringValue").stringValue())
        .isEqualTo("HEALTHY");
    assertThat(message.at("/MessageAttributes/run_id/StringValue").stringValue())
        .isEqualTo("run-1");
    assertThat(message.get("TopicArn").stringValue()).endsWith(":pipeline");
    assertThat(message.at("/MessageAttributes/severity/StringValue").stringValue())
        .isEqualTo("warning");
    assertThat(message.at("/MessageAttributes/changed/StringValue").stringValue())
        .isEqualTo("false");
    assertThat(message.at("/MessageAttributes/source/StringValue").stringValue())
        .isEqualTo("synthetic");
    assertThat(message.get("MessageAttributes")).hasSize(5);
  }

  @Test
  void oneRoundOfWaitingTakesSixteenTransitionsAndStaysInTheFreeTier() throws IOException {
    ExecutionResult result = run(new PipelineTasks().pendingFor(1));

    int further = branches().size() - 4;
    ExecutionAssert.assertThat(result)
        .succeeded()
        .transitions(16 + further)
        .took(Duration.ofSeconds(6));
    assertThat(result.trace().states()).hasSizeLessThanOrEqualTo(16 + further);
  }

  @Test
  void aCollectorThatKeepsFailingIsRetriedAndThenLeftOut() throws IOException {
    PipelineTasks tasks = new PipelineTasks().failingFor("cpu_utilization");

    ExecutionResult result = run(tasks);

    ExecutionAssert.assertThat(result)
        .succeeded()
        .retriedAfter("CollectCPUMetrics", 10, 20, 40)
        .notRetried("CollectMemoryMetrics")
        .entered("CollectCPUMetrics", "CPUCollectionFailed", "WaitForProcessing", "NotifySuccess")
        .neverEntered(
            "MemoryCollectionFailed",
            "DiskCollectionFailed",
            "NetworkCollectionFailed",
            "HandleError")
        .output("$.health.status", "\"DEGRADED\"")
        .output("$.health.failed_branches", "[\"cpu_utilization\"]")
        .output(
            "$.collections[0]",
            """
            {"metric_type":"cpu_utilization","status":"FAILED","error":{
              "Error":"io.inframetrics.pipeline.RetryableFailureException","Cause":"{\\"errorMessage\\":\\"no data\\"}"}}
            """)
        .took(Duration.ofSeconds(71));
    assertThat(tasks.published()).hasSize(1);
  }

  @Test
  void theRetriesOfTwoCollectorsOverlap() throws IOException {
    ExecutionResult result = run(new PipelineTasks().failingFor("cpu_utilization", "disk_usage"));

    ExecutionAssert.assertThat(result)
        .succeeded()
        .retriedAfter("CollectCPUMetrics", 10, 20, 40)
        .retriedAfter("CollectDiskMetrics", 10, 20, 40)
        .took(Duration.ofSeconds(71));
  }

  @Test
  void allCollectorsFailingFailsTheRunAndSaysSo() throws IOException {
    PipelineTasks tasks =
        new PipelineTasks().failingFor(PipelineTasks.JSON.readValue(types(), String[].class));

    ExecutionResult result = run(tasks);

    ExecutionAssert.assertThat(result)
        .failedWith("PipelineUnhealthy")
        .entered("IsPipelineHealthy", "PipelineUnhealthy", "HandleError", "FailState")
        .neverEntered("ParallelAnalytics", "NotifySuccess");
    assertThat(result.cause()).contains("The pipeline is UNHEALTHY.");
    assertThat(tasks.published())
        .singleElement()
        .satisfies(
            message -> {
              assertThat(message.get("Message").stringValue())
                  .startsWith("Run run-1 failed.")
                  .contains("UNHEALTHY")
                  .endsWith("Source of the metrics: synthetic.");
              assertThat(message.get("Subject").stringValue()).hasSizeLessThan(100);
              assertThat(message.get("TopicArn").stringValue()).endsWith(":alarms");
              assertThat(message.at("/MessageAttributes/severity/StringValue").stringValue())
                  .isEqualTo("critical");
              assertThat(message.get("MessageAttributes")).hasSize(5);
            });
  }

  @Test
  void aFailedAnalysisIsReportedWithTheRest() throws IOException {
    PipelineTasks tasks = new PipelineTasks().failingAnalysis("anomalies");

    ExecutionAssert.assertThat(run(tasks))
        .succeeded()
        .notRetried("DetectAnomalies")
        .entered("DetectAnomalies", "AnomalyDetectionFailed", "NotifySuccess")
        .output("$.analyses[0].status", "\"FAILED\"")
        .output("$.analyses[0].report_key", "\"\"");
    assertThat(tasks.published().get(0).get("Message").stringValue())
        .contains("Anomaly detection failed: io.inframetrics.pipeline.InvalidRequestException.")
        .contains("Nothing found by forecast.");
  }

  @Test
  void theAttributeStatusIsDegradedIfAnAnalysisFailed() throws IOException {
    for (String failing : List.of("", "anomalies", "forecast", "anomalies forecast", "report")) {
      PipelineTasks tasks = new PipelineTasks();
      List.of(failing.split(" ")).forEach(tasks::failingAnalysis);

      ExecutionAssert.assertThat(run(tasks)).succeeded();

      assertThat(tasks.published().get(0).at("/MessageAttributes/status/StringValue").stringValue())
          .as(failing)
          .isEqualTo(failing.isEmpty() || failing.equals("report") ? "HEALTHY" : "DEGRADED");
    }
  }

  @Test
  void aReportThatCannotBeComposedIsReportedWithWhatIsKnown() throws IOException {
    PipelineTasks tasks = new PipelineTasks().failingAnalysis("report");

    ExecutionAssert.assertThat(run(tasks))
        .succeeded()
        .notRetried("ComposeReport")
        .entered("ComposeReport", "ReportNotComposed", "NotifySuccess")
        .neverEntered("HandleError")
        .output(
            "$.report",
            """
            {"subject":"InfraMetrics: HEALTHY","summary":"The pipeline is HEALTHY.\\n\\nThe report could not be composed: \
            io.inframetrics.pipeline.InvalidRequestException.\\n\\nNothing found by anomalies.\\n\\nNothing found by forecast.",\
            "severity":"none","changed":"true","new_findings":0,"report_key":""}
            """);
    assertThat(tasks.published().get(0).get("Subject").stringValue())
        .isEqualTo("InfraMetrics: HEALTHY");
    assertThat(tasks.published().get(0).get("Message").stringValue())
        .contains("The report could not be composed", "Nothing found by anomalies.");
  }

  @Test
  void theChatServiceGetsItsSchema() throws IOException {
    Map<String, String> chat = new HashMap<>(PipelineTasks.SUBSTITUTIONS);
    chat.put("MessageFormat", "chat-schema");
    PipelineTasks tasks = new PipelineTasks();
    StateMachine machine = StateMachine.load(DEFINITION, chat);

    ExecutionAssert.assertThat(machine.execution().name("r").tasks(tasks.handler()).run())
        .succeeded();
    ExecutionAssert.assertThat(
            machine
                .execution()
                .name("r")
                .tasks(
                    call -> {
                      if (call.state().equals("CheckPipelineHealth")) {
                        throw new TaskFailure("Gone", "{\"errorMessage\":\"\"}");
                      }
                      return tasks.handler().handle(call);
                    })
                .run())
        .failedWith("Gone");

    assertThat(PipelineTasks.JSON.readTree(tasks.published().get(0).get("Message").stringValue()))
        .isEqualTo(
            PipelineTasks.JSON.readTree(
                """
                {"version":"1.0","source":"custom","content":{"textType":"client-markdown","title":"InfraMetrics: HEALTHY",
                 "description":"The pipeline is HEALTHY.\\n\\nNothing found by anomalies.\\n\\nNothing found by forecast.",
                 "keywords":["synthetic"]}}
                """));
    assertThat(PipelineTasks.JSON.readTree(tasks.published().get(1).get("Message").stringValue()))
        .isEqualTo(
            PipelineTasks.JSON.readTree(
                """
                {"version":"1.0","source":"custom","content":{"textType":"client-markdown","title":"InfraMetrics: a pipeline run failed",
                 "description":"Run r failed with Gone. The execution has the cause.","keywords":["synthetic"]}}
                """));
  }

  @Test
  void aTopicThatRefusesStillEndsTheRunInFailState() throws IOException {
    ExecutionAssert.assertThat(run(new PipelineTasks().withTopicRefusing()))
        .failedWith("SNS.AuthorizationErrorException")
        .retriedAfter("NotifySuccess", 10, 20, 40)
        .retriedAfter("HandleError", 10, 20, 40)
        .entered("NotifySuccess", "HandleError", "FailState");
  }

  @Test
  void anErrorOfTheHealthCheckIsHandled() throws IOException {
    PipelineTasks tasks = new PipelineTasks();
    TaskHandler handler = tasks.handler();

    ExecutionResult result =
        StateMachine.load(DEFINITION, PipelineTasks.SUBSTITUTIONS)
            .execution()
            .tasks(
                call -> {
                  if (call.state().equals("CheckPipelineHealth")) {
                    throw new IllegalStateException("the ledger is gone");
                  }
                  return handler.handle(call);
                })
            .run();

    ExecutionAssert.assertThat(result)
        .failedWith("java.lang.IllegalStateException")
        .retriedAfter("CheckPipelineHealth", 10, 20, 40)
        .entered("CheckPipelineHealth", "HandleError", "FailState");
  }

  @Test
  void substitutionsAreTheOnesThatTheTemplateGives() throws IOException {
    Set<String> names =
        Pattern.compile("\\$\\{([^}]*)}")
            .matcher(Files.readString(DEFINITION))
            .results()
            .map((MatchResult found) -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(names).isEqualTo(new TreeSet<>(PipelineTasks.SUBSTITUTIONS.keySet()));
    assertThat(StateMachine.validate(Files.readString(DEFINITION))).isEmpty();
  }

  @Test
  void aLeftoverSubstitutionIsRefused() throws IOException {
    String definition = Files.readString(DEFINITION);
    Map<String, String> withoutTopic =
        PipelineTasks.SUBSTITUTIONS.entrySet().stream()
            .filter(entry -> !entry.getKey().equals("NotificationTopicArn"))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

    DefinitionException refusal =
        catchThrowableOfType(
            DefinitionException.class, () -> StateMachine.parse(definition, withoutTopic));

    assertThat(refusal.problems())
        .extracting(Problem::pointer)
        .containsExactly("/States/NotifySuccess/Parameters/TopicArn");
  }

  @Test
  void everyTaskIsRetriedAndTimesOut() throws IOException {
    JsonNode definition = PipelineTasks.JSON.readTree(Files.readString(DEFINITION));

    assertThat(definition.findParents("Resource"))
        .hasSize(6 + branches().size())
        .allSatisfy(
            task -> {
              assertThat(task.get("TimeoutSeconds").isIntegralNumber()).isTrue();
              JsonNode last = task.get("Retry").get(task.get("Retry").size() - 1);
              assertThat(last)
                  .isEqualTo(
                      PipelineTasks.JSON.readTree(
                          """
                          {"ErrorEquals":["States.TaskFailed","States.Timeout"],
                           "IntervalSeconds":10,"MaxAttempts":3,"BackoffRate":2.0}
                          """));
            });
  }

  /** A path that is not there would be States.Runtime, which nothing catches. */
  @Test
  void whateverFailsEveryPathThatIsReadWasWritten() throws IOException {
    StateMachine machine = StateMachine.load(DEFINITION, PipelineTasks.SUBSTITUTIONS);
    List<String> errors =
        List.of("E", "States.Timeout", "io.inframetrics.pipeline.InvalidRequestException");
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      TaskHandler sound = new PipelineTasks().pendingFor(random.nextInt(3)).handler();
      Set<String> broken =
          Stream.of(
                  "Collect",
                  "CheckPipelineHealth",
                  "DetectAnomalies",
                  "ForecastCapacity",
                  "ComposeReport",
                  "NotifySuccess",
                  "HandleError")
              .filter(state -> random.nextInt(3) == 0)
              .collect(Collectors.toSet());

      ExecutionResult result =
          machine
              .execution()
              .seed(seed)
              .tasks(
                  call -> {
                    boolean fails =
                        broken.stream().anyMatch(call.state()::startsWith)
                            && random.nextInt(4) != 0;
                    if (fails) {
                      throw new TaskFailure(
                          errors.get(random.nextInt(3)), random.nextBoolean() ? null : "because");
                    }
                    return sound.handle(call);
                  })
              .run();

      assertThat(result.error())
          .as("seed %d: %s", seed, result.cause())
          .isNotEqualTo("States.Runtime");
      List<String> states = result.trace().states();
      String last = states.get(states.size() - 1);
      assertThat(last)
          .as("seed %d: %s", seed, states)
          .isEqualTo(result.succeeded() ? "NotifySuccess" : "FailState");
    }
  }
}
