package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.ProductFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for any state machine: {@code simulate} and {@code validate}. */
class SimulateCommandTest {

  private static final String DEFINITION =
      """
      {"StartAt":"Fetch","States":{
        "Fetch":{"Type":"Task","Resource":"${FetchArn}","ResultPath":"$.fetched",
          "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":10,"MaxAttempts":3,"BackoffRate":2}],
          "Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.error","Next":"GiveUp"}],
          "Next":"Pause"},
        "Pause":{"Type":"Wait","Seconds":5,"End":true},
        "GiveUp":{"Type":"Fail","Error":"GaveUp","CausePath":"$.error.Cause"}}}
      """;

  private static final String ARN = "arn:aws:lambda:eu-west-1:111122223333:function:fetch";

  @TempDir Path folder;

  private Path definition;

  @BeforeEach
  void writeTheDefinition() throws IOException {
    definition = file("definition.json", DEFINITION);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void printsExactlyWhatHappens() throws IOException {
    Path input = file("input.json", "{\"id\":7}");
    Path tasks =
        file(
            "tasks.json",
            """
            [{"state":"Fetch","error":"Busy","cause":"later"},
             {"state":"Fetch","output":{"n":1},"seconds":3}]
            """);

    Executed simulated =
        Executed.command("simulate", "--definition", definition, "--input", input, "--tasks", tasks)
            .succeeded();

    assertThat(simulated.lines())
        .containsExactly(
            "{\"status\":\"SUCCEEDED\",\"output\":{\"id\":7,\"fetched\":{\"n\":1}},"
                + "\"states\":[\"Fetch\",\"Pause\"],"
                + "\"delays\":[{\"state\":\"Fetch\",\"kind\":\"retry\",\"seconds\":10},"
                + "{\"state\":\"Pause\",\"kind\":\"wait\",\"seconds\":5}],\"transitions\":3}");
  }

  @Test
  void aFailedExecutionIsToldAndExits1() throws IOException {
    Path tasks = file("tasks.json", "[{\"error\":\"Broken\",\"cause\":\"for good\"}]");

    Executed simulated = Executed.command("simulate", "--definition", definition, "--tasks", tasks);

    assertThat(simulated.lines())
        .containsExactly(
            "{\"status\":\"FAILED\",\"error\":\"GaveUp\",\"cause\":\"for good\","
                + "\"states\":[\"Fetch\",\"GiveUp\"],\"delays\":[],\"transitions\":2}");
    assertThat(simulated.exitCode()).isEqualTo(1);
    assertThat(simulated.err()).isEmpty();
  }

  @Test
  void theRealDefinitionRetriesAfter10And20And40Seconds() throws IOException {
    String collected =
        """
        {"resource":"${CollectFunctionArn}","output":{"metric_type":"x","objects":[]}}""";
    String cpu = "{\"state\":\"CollectCPUMetrics\",\"error\":\"Lambda.TooManyRequestsException\"}";
    Path tasks =
        file(
            "tasks.json",
            "["
                + String.join(
                    ",",
                    cpu,
                    cpu,
                    cpu,
                    cpu,
                    collected,
                    collected,
                    collected,
                    "{\"state\":\"CheckPipelineHealth\",\"output\":{\"status\":\"DEGRADED\",\"subject\":\"s\",\"summary\":\"t\",\"wait_seconds\":5,\"attempt\":1}}",
                    "{\"resource\":\"${AnalyzeFunctionArn}\",\"output\":{\"summary\":\"a\"}}",
                    "{\"resource\":\"${AnalyzeFunctionArn}\",\"output\":{\"summary\":\"b\"}}",
                    "{\"state\":\"ComposeReport\",\"output\":{\"subject\":\"s\",\"summary\":\"t\",\"severity\":\"none\",\"changed\":\"false\"}}",
                    "{\"state\":\"NotifySuccess\",\"output\":{\"MessageId\":\"1\"}}")
                + "]");

    Executed simulated =
        Executed.command(
                "simulate",
                "--definition",
                VirtualContext.REPOSITORY.resolve(ProductFiles.DEFINITION),
                "--tasks",
                tasks)
            .succeeded();

    assertThat(simulated.json().path("delays"))
        .hasToString(
            "[{\"state\":\"CollectCPUMetrics\",\"kind\":\"retry\",\"seconds\":10},"
                + "{\"state\":\"CollectCPUMetrics\",\"kind\":\"retry\",\"seconds\":20},"
                + "{\"state\":\"CollectCPUMetrics\",\"kind\":\"retry\",\"seconds\":40},"
                + "{\"state\":\"WaitForProcessing\",\"kind\":\"wait\",\"seconds\":1}]");
    assertThat(simulated.json().path("states").toString()).contains("CPUCollectionFailed");
  }

  @Test
  void substitutionsComeAsPairsOrAsAFile() throws IOException {
    Path tasks = file("tasks.json", "[{\"resource\":\"" + ARN + "\",\"output\":1}]");
    Path substitutions = file("substitutions.json", "{\"FetchArn\":\"" + ARN + "\"}");

    assertThat(
            Executed.command(
                    "simulate",
                    "--definition",
                    definition,
                    "--tasks",
                    tasks,
                    "--substitutions",
                    "FetchArn=" + ARN,
                    "Unused=x=y")
                .succeeded()
                .json()
                .path("output"))
        .hasToString("{\"fetched\":1}");
    assertThat(
            Executed.command(
                    "simulate",
                    "--definition",
                    definition,
                    "--tasks",
                    tasks,
                    "--substitutions",
                    substitutions)
                .succeeded()
                .json()
                .path("output"))
        .hasToString("{\"fetched\":1}");
  }

  @Test
  void casesPrintALineEachAndWhetherTheyPass() throws IOException {
    String machine = "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}";
    Path good =
        file(
            "good.json",
            """
            {"cases":[{"id":"one","definition":%s,"input":{"a":1},"tasks":[],
              "expected":{"status":"SUCCEEDED","output":{"a":1}}}]}
            """
                .formatted(machine));
    Path bad =
        file(
            "bad.json",
            """
            {"cases":[{"id":"one","definition":%1$s,"input":1,"tasks":[],
              "expected":{"status":"SUCCEEDED","output":1}},
             {"id":"two","definition":%1$s,"input":1,"tasks":[],
              "expected":{"status":"SUCCEEDED","output":2}}]}
            """
                .formatted(machine));

    assertThat(Executed.command("simulate", "--cases", good).succeeded().lines())
        .containsExactly(
            "{\"id\":\"one\",\"pass\":true,\"status\":\"SUCCEEDED\",\"output\":{\"a\":1},"
                + "\"states\":[\"P\"],\"delays\":[],\"transitions\":1}");
    Executed failed = Executed.command("simulate", "--cases", bad);
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.lines())
        .map(line -> InputFile.JSON.readTree(line).path("pass").booleanValue())
        .containsExactly(true, false);
  }

  @Test
  void inputsThatAreNotWhatTheyShouldBeAreRefused() throws IOException {
    Path broken = file("broken.json", "[{]");
    Executed.command("simulate", "--definition", definition, "--tasks", broken)
        .refused("broken.json' is not JSON", "line 1");
    Executed.command("simulate", "--definition", definition, "--input", folder.resolve("none"))
        .refused("there is no file");
    Executed.command("simulate", "--definition", definition, "--tasks", file("t.json", "{}"))
        .refused("array");
    Executed.command("simulate", "--cases", file("c.json", "[]")).refused("cases");
    Executed.command("simulate", "--definition", definition, "--substitutions", file("s.json", "1"))
        .refused("s.json' is not a JSON object");
    Executed refused = Executed.command("simulate", "--definition", broken);
    assertThat(refused.err()).contains("1 problem", "JSON", "line 1").doesNotContain("\tat ");
    assertThat(refused.exitCode()).isEqualTo(2);
  }

  @Test
  void oneStateRunsAlone() throws IOException {
    String request =
        """
        {"definition":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true,
          "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":4,"MaxAttempts":1}]},
         "inspectionLevel":"DEBUG","mock":{"errorOutput":{"error":"%s","cause":"later"}}}
        """;

    Executed retriable =
        Executed.command("simulate", "--test-state", file("busy.json", request.formatted("Busy")))
            .succeeded();
    assertThat(retriable.json().path("status").stringValue()).isEqualTo("RETRIABLE");
    assertThat(retriable.json().at("/inspectionData/errorDetails/retryBackoffIntervalSeconds"))
        .hasToString("4");

    Executed failed =
        Executed.command(
            "simulate", "--test-state", file("other.json", request.formatted("Other")));
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.json().path("error").stringValue()).isEqualTo("Other");

    Executed.command("simulate", "--test-state", file("none.json", "{}")).refused("definition");
  }

  @Test
  void validateFindsNothingInTheRealDefinition() {
    Path pipeline = VirtualContext.REPOSITORY.resolve(ProductFiles.DEFINITION);

    assertThat(Executed.command("validate", "--definition", pipeline).succeeded().lines())
        .containsExactly(pipeline + " has no problems");
  }

  @Test
  void validateTellsEveryProblemAtOnce() throws IOException {
    Path bad =
        file(
            "bad.json",
            """
            {"StartAt":"Nowhere","States":{
              "A":{"Type":"Pass","Next":"Missing"},
              "B":{"Type":"Task","End":true}}}
            """);

    Executed validated = Executed.command("validate", "--definition", bad);

    assertThat(validated.exitCode()).isEqualTo(1);
    assertThat(validated.err()).isEmpty();
    assertThat(validated.out()).contains("Nowhere", "Missing", "Resource");
    assertThat(validated.lines())
        .last()
        .asString()
        .isEqualTo(bad + " has " + (validated.lines().size() - 1) + " problems");
  }
}
