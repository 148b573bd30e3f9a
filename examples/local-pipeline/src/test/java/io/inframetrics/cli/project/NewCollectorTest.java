package io.inframetrics.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.cli.Executed;
import io.inframetrics.cli.VirtualContext;
import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.ProductFiles;
import io.inframetrics.template.Stack;
import io.inframetrics.template.Template;
import io.inframetrics.workflow.StateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Names that a project can have, and the deployment with its type. */
@Timeout(60)
class NewCollectorTest {

  @TempDir private Path folder;

  private Executed create(String name, String type, String unit, Object... more) {
    Object[] arguments = new Object[8 + more.length];
    Object[] first = {
      "new-collector", name, "--type", type, "--unit", unit, "--out", folder.resolve("p")
    };
    System.arraycopy(first, 0, arguments, 0, 8);
    System.arraycopy(more, 0, arguments, 8, more.length);
    return Executed.command(arguments);
  }

  @ParameterizedTest
  @CsvSource({
    "../queue,        queue_depth, Count, source name '../queue' is not valid",
    "/etc/queue,      queue_depth, Count, source name '/etc/queue' is not valid",
    "Queue,           queue_depth, Count, use 1 to 25 lower-case letters",
    "queue-depth,     queue_depth, Count, is not valid",
    "queue__depth,    queue_depth, Count, single underscores",
    "1queue,          queue_depth, Count, starting with a letter",
    "'queue;rm',      queue_depth, Count, is not valid",
    "'<queue/>',      queue_depth, Count, is not valid",
    "abcdefghijklmnopqrstuvwxyz, queue_depth, Count, use 1 to 25",
    "class,           queue_depth, Count, package 'com.example.class' is not valid",
    "metric,          queue_depth, Count, which is the interface",
    "host,            queue_depth, Count, there is already a source 'host'",
    "queue,           ../depth,    Count, metric type '../depth' is not valid",
    "queue,           all,         Count, and not 'all'",
    "queue,           cpu_utilization, Count, is built in",
    "queue,           memory,      Count, needs a state CollectMemoryMetrics",
    "queue,           queue_depth, count, unit 'count' is not one of CloudWatch's",
    "'que\nue',      queue_depth, Count, is not valid",
    "queue,           queue_depth, '\"', unit '\"' is not one of CloudWatch's",
  })
  void namesThatCannotBeAreRefusedBeforeAnythingIsWritten(
      String name, String type, String unit, String reason) {
    create(name, type, unit).refused(reason);
    assertThat(folder.resolve("p")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "com/example",
        "com..example",
        "com.Example",
        "com.int",
        "java;",
        "com.example."
      })
  void packagesThatCannotBeAreRefused(String name) {
    create("queue", "queue_depth", "Count", "--package", name).refused("package '" + name + "'");
    assertThat(folder.resolve("p")).doesNotExist();
  }

  @Test
  void wantsANewOrEmptyFolderAndNumbersAboveZero() throws IOException {
    Files.createDirectories(folder.resolve("p"));
    Files.writeString(folder.resolve("p/mine"), "mine");
    create("queue", "queue_depth", "Count").refused("exists already: name a new or empty folder");
    assertThat(folder.resolve("p")).isDirectoryContaining("glob:**/mine");
    create("queue", "queue_depth", "Count", "--threshold=-1").refused("--threshold is -1");
    create("queue", "queue_depth", "Count", "--capacity=0").refused("--capacity is 0");
    create("queue", "queue_depth", "Count", "--capacity=1e16").refused("at most 15 digits");
    create("queue", "queue_depth", "Count", "--threshold=1e-999999999")
        .refused("--threshold is 1E-");
  }

  @Test
  void writesNothingNewWhereThereIsNoFurtherType() {
    for (Path definition :
        List.of(ProductFiles.DEFINITION, ProductFiles.COLLECT, ProductFiles.ANALYZE)) {
      String text = InputFile.text(VirtualContext.REPOSITORY.resolve(definition));
      assertThat(new ExtendedDeployment(VirtualContext.REPOSITORY, List.of()).extended(text))
          .isEqualTo(text);
    }
  }

  @Test
  void theDeploymentHasBranchesLimitsAlarmsAndWidgetsOfSeveralTypes() throws IOException {
    create("queue", "queue_depth", "Count", "--threshold", "1e3", "--package", "org.acme.q")
        .succeeded();
    Path second =
        Files.writeString(
            folder.resolve("second.json"),
            """
            {"source":"gpu","metric_type":"gpu_load","unit":"Percent","threshold":92.5,"capacity":null,
             "settings":{"INFRAMETRICS_COLLECTOR_GPU_URL":"http://gpu:1/\\"x\\": #y"}}
            """);
    Path third =
        Files.writeString(
            folder.resolve("third.json"),
            "{\"source\":\"gpu\",\"metric_type\":\"gpu_memory\",\"unit\":\"Gigabytes\",\"capacity\":24}");
    Path out = folder.resolve("out");
    Executed.command(
            "deployment",
            "--types",
            folder.resolve("p/deploy/metric-type.json") + "," + second + "," + third,
            "--out",
            out)
        .succeeded();

    Stack stack = Template.parse(InputFile.text(out.resolve("template.yaml"))).with(Map.of());
    assertThat(stack.parameter("Source")).isEqualTo("cloudwatch,queue,gpu");
    JsonNode analyze = stack.resource("AnalyzeFunction").at("/Environment/Variables");
    assertThat(analyze.path("INFRAMETRICS_THRESHOLDS").asString())
        .isEqualTo("queue_depth=1000,gpu_load=92.5");
    assertThat(analyze.path("INFRAMETRICS_CAPACITIES").asString())
        .isEqualTo("queue_depth=1000,gpu_memory=24");
    assertThat(
            stack
                .resource("CollectFunction")
                .at("/Environment/Variables/INFRAMETRICS_COLLECTOR_GPU_URL")
                .asString())
        .isEqualTo("http://gpu:1/\"x\": #y");
    assertThat(stack.resource("GpuLoadAlarm").at("/Threshold").asString()).isEqualTo("92.5");
    assertThat(stack.resource("QueueDepthAlarm").at("/MetricName").asString())
        .isEqualTo("queue_depth");
    assertThat(stack.ofType("AWS::CloudWatch::Alarm")).doesNotContainKey("GpuMemoryAlarm");
    JsonNode dashboard =
        InputFile.JSON.readTree(stack.resource("Dashboard").at("/DashboardBody").asString());
    assertThat(dashboard.path("widgets")).hasSize(13);
    assertThat(dashboard.at("/widgets/12/properties/title").asString())
        .isEqualTo("gpu_memory (Gigabytes): maximum and average of the fleet");
    for (String definition : List.of("pipeline", "collect", "analyze")) {
      String text = InputFile.text(out.resolve("statemachine/" + definition + ".asl.json"));
      assertThat(StateMachine.validate(text)).isEmpty();
      assertThat(text).contains("\"gpu_memory\"", "\"queue_depth\"", "\"gpu_load\"");
    }

    assertThat(transitions(Executed.command("cost", "--json", "--deployment", out)))
        .isEqualTo(transitions(Executed.command("cost", "--json")) + 3);
  }

  private static int transitions(Executed cost) {
    return cost.succeeded().json().at("/scenarios/0/transitions").asInt(-1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                                                               | is not a JSON object",
        "{\"metric_type\":\"a\",\"unit\":\"Count\",\"limit\":1}           | has an unknown field 'limit'",
        "{\"source\":\"a\",\"metric_type\":\"a\",\"unit\":\"Count\",\"threshold\":\"1\"} | threshold is \"1\": use a number",
        "{\"source\":\"a\",\"metric_type\":\"a\",\"unit\":\"Count\",\"threshold\":-1}    | threshold is -1: use a number above 0",
        "{\"source\":\"a\",\"metric_type\":\"a\",\"unit\":\"Count\",\"settings\":{\"PATH\":\"x\"}} | use INFRAMETRICS_COLLECTOR_...",
        "{\"source\":\"a\",\"metric_type\":\"a\",\"unit\":\"Count\",\"settings\":{\"INFRAMETRICS_COLLECTOR_A\\nB\":\"x\"}} | use INFRAMETRICS_COLLECTOR_...",
        "{\"source\":\"acme_jobs\",\"metric_type\":\"a\",\"unit\":\"Count\",\"settings\":{\"INFRAMETRICS_COLLECTOR_ACEM_JOBS_FILE\":\"x\"}} | setting 'INFRAMETRICS_COLLECTOR_ACEM_JOBS_FILE' of metric type 'a' belongs to none of the sources cloudwatch, acme_jobs: name it INFRAMETRICS_COLLECTOR_ACME_JOBS_...",
        "{\"source\":\"acme_jobs\",\"metric_type\":\"a\",\"unit\":\"Count\",\"settings\":{\"INFRAMETRICS_COLLECTOR_ACME_FILE\":\"x\"}} | belongs to none",
        "{\"source\":\"acme_jobs\",\"metric_type\":\"a\",\"unit\":\"Count\",\"settings\":{\"INFRAMETRICS_COLLECTOR_ACME_JOBS_\":\"x\"}} | belongs to none",
        "{\"source\":\"a\",\"metric_type\":\"a\",\"unit\":\"Count\",\"settings\":{\"INFRAMETRICS_COLLECTOR_CLOUDWATCH_MAX_INSTANCES\":\"9\"}} | the template sets INFRAMETRICS_COLLECTOR_CLOUDWATCH_MAX_INSTANCES already",
        "{\"source\":\"a\",\"metric_type\":\"a\",\"unit\":\"Count\",\"settings\":{\"INFRAMETRICS_COLLECTOR_CLOUDWATCH_REGIONS\":\"eu-west-1\"}} | ok",
        "{\"source\":\"a\",\"metric_type\":\"a\",\"unit\":\"Count\",\"settings\":{\"INFRAMETRICS_COLLECTOR_A_FILE\":\"x\"}} | ok",
        "{\"source\":\"this_is_a_rather_long_one\",\"metric_type\":\"a\",\"unit\":\"Count\"} | ok",
      })
  void aFileOfATypeThatCannotBeUsedIsRefused(String json, String reason) throws IOException {
    Path file = Files.writeString(folder.resolve("type.json"), json);
    Executed run = Executed.command("deployment", "--types", file, "--out", folder.resolve("out"));
    if (reason.equals("ok")) {
      run.succeeded();
    } else {
      run.refused(reason);
    }
  }

  @Test
  void aSettingWithTwoValuesIsRefused() throws IOException {
    String json =
        """
        {"source":"a","metric_type":"a_%1$s","unit":"Count",
         "settings":{"INFRAMETRICS_COLLECTOR_A_FILE":"%1$s"}}
        """;
    Path first = Files.writeString(folder.resolve("1.json"), json.formatted("one"));
    Path second = Files.writeString(folder.resolve("2.json"), json.formatted("two"));
    Executed.command("deployment", "--types", first + "," + second, "--out", folder.resolve("out"))
        .refused("setting 'INFRAMETRICS_COLLECTOR_A_FILE' has two values");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"5-minutes, 300", "1-hour, 3600", "3-hours, 10800", "1-day, 86400"})
  void theAlarmOfATypeCoversTheWindowOfARun(String rate, int period) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("type.json"),
            "{\"source\":\"a\",\"metric_type\":\"jobs\",\"unit\":\"Count\",\"threshold\":5}");
    Path out = folder.resolve("out");
    Executed.command("deployment", "--types", file, "--out", out).succeeded();

    Stack.Resource alarm =
        Template.parse(InputFile.text(out.resolve("template.yaml")))
            .with(Map.of("ScheduleRate", rate))
            .resource("JobsAlarm");

    assertThat(alarm.at("/Period").asInt()).isEqualTo(period);
    assertThat(alarm.at("/EvaluationPeriods").asInt()).isEqualTo(2);
    assertThat(alarm.at("/DatapointsToAlarm").asInt()).isEqualTo(1);
    assertThat(alarm.at("/AlarmDescription").asString())
        .contains("was above 5 (Count) in the last");
  }

  @Test
  void aTypeThatIsGivenTwiceIsRefused() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("type.json"),
            "{\"source\":\"a\",\"metric_type\":\"a\",\"unit\":\"Count\"}");
    Executed.command("deployment", "--types", file + "," + file, "--out", folder.resolve("out"))
        .refused("metric type 'a' is given twice");
  }
}
